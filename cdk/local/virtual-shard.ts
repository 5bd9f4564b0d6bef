import { randomUUID } from 'node:crypto'
import { FunctionFailed, resultValue } from './function-worker.ts'
import type { FunctionResult } from './function-worker.ts'
import type { MappingSettings } from './stream-mapping.ts'
import type { StreamRecord } from './stream-cursor.ts'

/**
 * One virtual shard of one mapping: its records in order, one batch in flight, its own position. Batching, retries,
 * bisecting and partial failures follow "Using Lambda with DynamoDB streams" of the Lambda developer guide.
 */
export interface ShardSurroundings {
  readonly settings: MappingSettings
  readonly shardName: string
  readonly functionArn: string
  readonly invoke: (event: unknown, requestId: string) => Promise<FunctionResult>
  /** Writes the position durably. */
  readonly commit: (sequence: string) => void
  readonly sendToOnFailure: (body: unknown) => void
  /** Random delay before a batch and whether it is delivered twice; both only while faults are injected. */
  readonly disturb: () => { readonly delayMs: number; readonly repeat: boolean }
  /** Reads more for a shard that had overflowed. */
  readonly catchUp: () => void
  readonly now: () => number
  /** When this host began: the age of a record does not run while the machine is off. */
  readonly startedAt: number
  readonly log: (line: string) => void
}

interface Piece {
  records: StreamRecord[]
  attempts: number
}

/** A shard holds this many records in memory (or two batches); what follows is read again when it has room. */
const MAX_BUFFERED = 2_000
/** Lambda's limit on an invocation's payload; records are counted by their size in the table. */
const MAX_BATCH_BYTES = 6_000_000
const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 10_000

export class VirtualShard {
  readonly #with: ShardSurroundings
  #queue: StreamRecord[] = []
  #oldestQueuedAt = 0
  #readThrough: string
  #committed: string
  #overflowed = false
  #busy = false
  /** It is this shard's turn: what it holds may go out. Stays so until it holds nothing more. */
  #due = false
  #window: NodeJS.Timeout | undefined
  #closed = false
  /** Set when the host closed amid a batch: its records are not done with, so no later position may be written. */
  #abandoned = false
  #wakeUp: (() => void) | undefined
  #delivering: Promise<void> = Promise.resolve()

  constructor(position: string, surroundings: ShardSurroundings) {
    this.#with = surroundings
    this.#readThrough = position
    this.#committed = position
  }

  get readThrough(): string {
    return this.#readThrough
  }

  /** Everything up to this sequence number is done with, durably. */
  get committed(): string {
    return this.#committed
  }

  get overflowed(): boolean {
    return this.#overflowed
  }

  get idle(): boolean {
    return !this.#busy && this.#queue.length === 0 && !this.#overflowed
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** Takes a record that passed the filter; one that was taken before is left out. */
  offer(record: StreamRecord, sequence: bigint): void {
    if (!this.#overflowed) this.#accept(record, sequence)
  }

  /** All records up to `sequence` have been offered. */
  offeredThrough(sequence: string): void {
    if (!this.#overflowed && BigInt(sequence) > BigInt(this.#readThrough)) this.#readThrough = sequence
  }

  /** Its turn has come: what it holds goes out, at once or when the batch in flight is done. */
  deliverNow(): void {
    this.#due = this.#queue.length > 0
    this.pump()
  }

  /** A record read again for this shard after it had overflowed; false when there is no room for it. */
  offerAgain(record: StreamRecord, sequence: bigint): boolean {
    return this.#accept(record, sequence)
  }

  /** Everything up to `sequence` has been read again. With `done` the shard takes ordinary offers again. */
  offeredAgainThrough(sequence: string, done: boolean): void {
    if (BigInt(sequence) > BigInt(this.#readThrough)) this.#readThrough = sequence
    if (done) this.#overflowed = false
    this.deliverNow()
  }

  #accept(record: StreamRecord, sequence: bigint): boolean {
    if (sequence <= BigInt(this.#readThrough)) return true
    if (this.#queue.length >= this.#capacity) {
      this.#overflowed = true
      return false
    }
    if (this.#queue.length === 0) this.#oldestQueuedAt = this.#with.now()
    this.#queue.push(record)
    this.#readThrough = record.dynamodb.SequenceNumber
    return true
  }

  get #capacity(): number {
    return Math.max(MAX_BUFFERED, 2 * this.#with.settings.batchSize)
  }

  pump(): void {
    if (this.#busy || this.#closed || !this.#due || this.#queue.length === 0) return
    const { batchSize, windowMs } = this.#with.settings
    const waited = this.#with.now() - this.#oldestQueuedAt
    if (this.#queue.length < batchSize && waited < windowMs) {
      this.#window ??= setTimeout(() => {
        this.#window = undefined
        this.pump()
      }, windowMs - waited)
      return
    }
    clearTimeout(this.#window)
    this.#window = undefined
    this.#busy = true
    const batch = this.#take()
    this.#due = this.#queue.length > 0
    this.#delivering = this.#deliver(batch).then(() => this.#delivered())
  }

  #delivered(): void {
    this.#busy = false
    if (this.#closed) return
    if (this.#overflowed && this.#queue.length < this.#capacity / 4) this.#with.catchUp()
    this.pump()
  }

  /** Writes down that there was nothing for this shard up to where it has read. */
  commitIdle(): void {
    if (this.idle && !this.#abandoned && this.#committed !== this.#readThrough) this.#commit(this.#readThrough)
  }

  #commit(sequence: string): void {
    this.#committed = sequence
    this.#with.commit(sequence)
  }

  #take(): StreamRecord[] {
    let bytes = 0
    let count = 0
    for (const record of this.#queue) {
      bytes += Number(record.dynamodb['SizeBytes'] ?? 0) * 2
      if (count >= this.#with.settings.batchSize || (count > 0 && bytes > MAX_BATCH_BYTES)) break
      count += 1
    }
    this.#oldestQueuedAt = this.#with.now()
    return this.#queue.splice(0, count)
  }

  async #deliver(batch: StreamRecord[]): Promise<void> {
    const pieces: Piece[] = [{ records: batch, attempts: 0 }]
    for (let piece = pieces[0]; piece !== undefined && !this.#closed; piece = pieces[0]) {
      try {
        await this.#deliverPiece(pieces, piece)
      } catch (error) {
        // Something of the host's own failed (its store, a full disk). Nothing may be passed over: try again.
        this.#with.log(
          `${this.#with.shardName}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        )
        await this.#sleep(LONGEST_BACKOFF_MS / 10)
      }
    }
    this.#abandoned = pieces.length > 0
  }

  async #deliverPiece(pieces: Piece[], piece: Piece): Promise<void> {
    this.#dropTooOld(piece)
    if (piece.records.length > 0) {
      const failedFrom = await this.#attempt(piece)
      if (failedFrom !== undefined) {
        if (!this.#closed) await this.#afterFailure(pieces, piece, failedFrom)
        return
      }
      this.#finish(piece.records.at(-1))
    }
    pieces.shift()
  }

  #finish(record: StreamRecord | undefined): void {
    if (record !== undefined) this.#commit(record.dynamodb.SequenceNumber)
  }

  /** One invocation; `undefined` when all went well, else the index of the lowest record that failed. */
  async #attempt(piece: Piece): Promise<number | undefined> {
    const { settings, invoke, disturb } = this.#with
    const { delayMs, repeat } = disturb()
    if (delayMs > 0) await this.#sleep(delayMs)
    piece.attempts += 1
    const event = { Records: piece.records }
    try {
      const [result] = await Promise.all([
        invoke(event, randomUUID()),
        repeat ? invoke(event, randomUUID()).catch(() => undefined) : undefined,
      ])
      return settings.reportsItemFailures ? lowestFailed(resultValue(result), piece.records) : undefined
    } catch (error) {
      if (!(error instanceof FunctionFailed)) throw error
      return 0
    }
  }

  async #afterFailure(pieces: Piece[], piece: Piece, failedFrom: number): Promise<void> {
    const { settings } = this.#with
    if (failedFrom > 0) {
      // Records before the lowest failed one are done with; the rest is replayed and keeps its count of attempts.
      this.#finish(piece.records[failedFrom - 1])
      piece.records = piece.records.slice(failedFrom)
    } else if (settings.bisect && piece.records.length > 1) {
      // Splitting consumes no retry.
      const middle = Math.ceil(piece.records.length / 2)
      const attempts = piece.attempts - 1
      const halves = [piece.records.slice(0, middle), piece.records.slice(middle)]
      pieces.splice(0, 1, ...halves.map((records) => ({ records, attempts })))
      await this.#sleep(backoff(attempts + 1))
      return
    }
    if (piece.attempts > settings.maximumRetries) {
      this.#giveUp(piece, piece.records, 'RetryAttemptsExhausted')
      pieces.shift()
      return
    }
    await this.#sleep(backoff(piece.attempts))
  }

  #dropTooOld(piece: Piece): void {
    const { settings, startedAt, now } = this.#with
    if (settings.maximumAgeMs === Number.POSITIVE_INFINITY) return
    const oldest = now() - settings.maximumAgeMs
    const isYoung = (record: StreamRecord) =>
      Math.max(record.dynamodb.ApproximateCreationDateTime * 1_000, startedAt) >= oldest
    const young = piece.records.findIndex(isYoung)
    const tooOld = young < 0 ? piece.records : piece.records.slice(0, young)
    if (tooOld.length === 0) return
    piece.records = piece.records.slice(tooOld.length)
    this.#giveUp(piece, tooOld, 'RecordAgeExceeded')
  }

  /** As on AWS the message points at the records and does not carry them. */
  #giveUp(piece: Piece, records: readonly StreamRecord[], condition: string): void {
    const { functionArn, settings, shardName, sendToOnFailure, log, now } = this.#with
    const [first, last] = [records[0], records.at(-1)]
    if (first === undefined || last === undefined) return
    log(`${shardName}: gave up ${records.length} records from ${first.dynamodb.SequenceNumber} (${condition})`)
    const arrival = (record: StreamRecord) =>
      new Date(record.dynamodb.ApproximateCreationDateTime * 1_000).toISOString()
    sendToOnFailure({
      requestContext: {
        requestId: randomUUID(),
        functionArn,
        condition,
        approximateInvokeCount: piece.attempts,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: new Date(now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: shardName,
        startSequenceNumber: first.dynamodb.SequenceNumber,
        endSequenceNumber: last.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: arrival(first),
        approximateArrivalOfLastRecord: arrival(last),
        batchSize: records.length,
        streamArn: settings.streamArn,
      },
    })
    this.#finish(last)
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Stops delivering; waits for the batch in flight, whose position is then kept. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#window)
    this.#wakeUp?.()
    await this.#delivering
  }
}

function backoff(attempts: number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts - 1, 10)) * (0.75 + Math.random() / 2)
}

/**
 * Reads `{ batchItemFailures: [{ itemIdentifier }] }`. Success: nothing, null, an empty object or an empty list.
 * Anything that names no record of the batch fails the whole batch.
 */
export function lowestFailed(result: unknown, records: readonly StreamRecord[]): number | undefined {
  if (result === null || result === undefined) return undefined
  if (typeof result !== 'object' || Array.isArray(result)) return 0
  const failures: unknown = (result as { batchItemFailures?: unknown }).batchItemFailures
  if (failures === undefined || failures === null) return undefined
  if (!Array.isArray(failures)) return 0
  let lowest: number | undefined
  for (const failure of failures as readonly unknown[]) {
    const identifier: unknown =
      typeof failure === 'object' && failure !== null
        ? (failure as { itemIdentifier?: unknown }).itemIdentifier
        : undefined
    const at = records.findIndex((record) => record.dynamodb.SequenceNumber === identifier)
    if (at < 0) return 0
    lowest = lowest === undefined ? at : Math.min(lowest, at)
  }
  return lowest
}
