import { EngineError } from './engine-call.ts'
import type { EngineCall } from './engine-call.ts'
import { isRecord } from './template.ts'

/** Reads a table's stream on the engine page by page, through closed shards to the open one, from any position. */

export interface StreamRecord {
  readonly eventID: string
  readonly eventName: string
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number
    readonly Keys: Readonly<Record<string, unknown>>
    readonly SequenceNumber: string
    readonly [other: string]: unknown
  }
  readonly [other: string]: unknown
}

/** Reads a stream forward, page by page, from any position. */
export interface Cursor {
  /** Sequence number of the last record read. */
  readonly position: string
  /** The next records; none when the end is reached for now. */
  next(): Promise<readonly StreamRecord[]>
}

/** Where nothing has been read yet: before every sequence number. */
export const BEGINNING = '0'
export const PAGE = 500

interface Shard {
  readonly id: string
  readonly starting: bigint
  readonly ending: bigint | undefined
}

export class StreamCursor implements Cursor {
  readonly #call: EngineCall
  readonly #streamArn: string
  #position: string
  #iterator: string | undefined
  #shard: string | undefined
  #trimmed = false
  readonly #finished = new Set<string>()

  constructor(call: EngineCall, streamArn: string, position: string) {
    this.#call = call
    this.#streamArn = streamArn
    this.#position = position
  }

  get position(): string {
    return this.#position
  }

  async next(): Promise<readonly StreamRecord[]> {
    this.#iterator ??= await this.#open()
    if (this.#iterator === undefined) return []
    let page: Record<string, unknown>
    try {
      page = await this.#call('streams', 'GetRecords', { ShardIterator: this.#iterator, Limit: PAGE })
    } catch (error) {
      this.#iterator = undefined
      // What was trimmed cannot be read by anybody any more: go on with the oldest record there is.
      if (error instanceof EngineError && error.code === 'TrimmedDataAccessException') this.#trimmed = true
      else if (!(error instanceof EngineError) || error.code !== 'ExpiredIteratorException') throw error
      return this.next()
    }
    const next = page['NextShardIterator']
    this.#iterator = typeof next === 'string' ? next : undefined
    const records = (Array.isArray(page['Records']) ? page['Records'] : []) as StreamRecord[]
    const last = records.at(-1)?.dynamodb.SequenceNumber
    if (last !== undefined) this.#position = last
    if (this.#iterator !== undefined || this.#shard === undefined) return records
    this.#finished.add(this.#shard)
    return records.length > 0 ? records : this.next()
  }

  async #open(): Promise<string | undefined> {
    const shards = await this.#shards()
    const position = BigInt(this.#position)
    const left = shards.filter((shard) => !this.#finished.has(shard.id))
    const shard = left.find(({ ending }) => ending === undefined || ending > position)
    if (shard === undefined) return undefined
    this.#shard = shard.id
    const fromStart = position === 0n || this.#trimmed || position < shard.starting
    this.#trimmed = false
    try {
      const answer = await this.#call('streams', 'GetShardIterator', {
        StreamArn: this.#streamArn,
        ShardId: shard.id,
        ...(fromStart
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: this.#position }),
      })
      return String(answer['ShardIterator'])
    } catch (error) {
      if (fromStart || !(error instanceof EngineError) || error.code !== 'TrimmedDataAccessException') throw error
      this.#trimmed = true
      return this.#open()
    }
  }

  async #shards(): Promise<readonly Shard[]> {
    const shards: Shard[] = []
    let after: unknown
    do {
      const answer = await this.#call('streams', 'DescribeStream', {
        StreamArn: this.#streamArn,
        ...(after !== undefined && { ExclusiveStartShardId: after }),
      })
      const description = isRecord(answer['StreamDescription']) ? answer['StreamDescription'] : {}
      for (const raw of Array.isArray(description['Shards']) ? description['Shards'] : []) {
        const range = (raw as { SequenceNumberRange?: Record<string, string> }).SequenceNumberRange ?? {}
        const ending = range['EndingSequenceNumber']
        shards.push({
          id: String((raw as { ShardId: unknown }).ShardId),
          starting: BigInt(range['StartingSequenceNumber'] ?? '0'),
          ending: ending === undefined ? undefined : BigInt(ending),
        })
      }
      after = description['LastEvaluatedShardId']
    } while (after !== undefined)
    return shards.sort((left, right) => (left.starting < right.starting ? -1 : 1))
  }
}
