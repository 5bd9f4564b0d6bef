import type { DynoxideFile } from './dynoxide-file.ts'
import type { EngineCall } from './engine-call.ts'
import type { FunctionWorker } from './function-worker.ts'
import type { HostStore } from './host-store.ts'
import { hashText, seededRandom } from './inside/faults.ts'
import type { FaultPlan } from './inside/faults.ts'
import { RefusedByHost } from './resource-types.ts'
import { ShardTurns } from './shard-turns.ts'
import { FileCursor } from './file-cursor.ts'
import { BEGINNING, type Cursor, PAGE, StreamCursor, type StreamRecord } from './stream-cursor.ts'
import type { MappingSettings } from './stream-mapping.ts'
import { describeTable } from './tables.ts'
import type { LocalTable } from './tables.ts'
import { VirtualShard } from './virtual-shard.ts'

/**
 * Delivers one table's stream to its mappings. The engine has one shard; AWS has many, delivered independently. So
 * records are spread by their partition key over several virtual shards per mapping, each with its own pace and its
 * own durable position.
 */

/** Two readers per shard is the service's limit. */
const MAX_MAPPINGS = 2
/** How often the embedded engine's file is looked at while nothing happens (a look costs microseconds). */
const LOOK_EVERY_MS = 12
const LOOK_ANYWAY_MS = 1_000
/** Pauses between reads of an idle stream where the engine's file cannot be watched. */
const IDLE_POLL_MS = { shortest: 10, longest: 40 }
const COMMIT_IDLE_EVERY_MS = 1_000

export interface DeliveryOptions {
  readonly table: LocalTable
  readonly mappings: readonly { readonly settings: MappingSettings; readonly worker: FunctionWorker }[]
  readonly call: EngineCall
  readonly file: DynoxideFile | undefined
  readonly store: HostStore
  readonly virtualShards: number
  /** Time between two reads of a busy stream; longer makes larger batches. */
  readonly pollMs: number
  readonly region: string
  readonly startedAt: number
  readonly now: () => number
  readonly log: (line: string) => void
}

interface Mapping {
  readonly settings: MappingSettings
  readonly shards: readonly VirtualShard[]
}

export interface DeliveryStats {
  readonly table: string
  readonly position: string
  readonly records: number
  readonly waiting: number
}

export class StreamDelivery {
  readonly #options: DeliveryOptions
  #mappings: readonly Mapping[] = []
  #cursor: Cursor | undefined
  #streamArn = ''
  #closed = false
  #wake: (() => void) | undefined
  #loop: Promise<void> = Promise.resolve()
  #committing: NodeJS.Timeout | undefined
  #faults: FaultPlan | null = null
  readonly #turns: ShardTurns
  #records = 0
  #reads = 0
  #emptySince = 0
  #idlePolls = 0
  /** Event ids are 32 hexadecimal digits: eight of the table, the rest the sequence number. */
  readonly #eventPrefix: string
  readonly #catchingUp = new Set<VirtualShard>()

  constructor(options: DeliveryOptions) {
    if (options.mappings.length > MAX_MAPPINGS) {
      const names = options.mappings.map(({ settings }) => settings.logicalId).join(', ')
      throw new RefusedByHost(
        `${options.mappings.length} mappings on the stream of ${options.table.name} (${names}); the service's limit is ${MAX_MAPPINGS} readers`,
      )
    }
    const functions = options.mappings.map(({ settings }) => settings.functionName)
    if (new Set(functions).size < functions.length) {
      throw new RefusedByHost(`two mappings of ${functions[0]} on the stream of ${options.table.name}`)
    }
    this.#options = options
    this.#turns = new ShardTurns(options.virtualShards, options.pollMs)
    this.#eventPrefix = hashText(options.table.arn).toString(16).padStart(8, '0')
  }

  async start(): Promise<void> {
    const { table, call, mappings } = this.#options
    const description = await describeTable(call, table.name)
    this.#streamArn = String(description?.['LatestStreamArn'] ?? '')
    if (this.#streamArn === '') throw new Error(`table ${table.name} has no stream on the engine`)
    const made: Mapping[] = []
    for (const { settings, worker } of mappings) {
      const positions = await this.#positions(settings)
      const shards = positions.map((position, at) => this.#shard(settings, worker, at, position))
      made.push({ settings, shards })
    }
    this.#mappings = made
    this.#cursor = this.#cursorAtLowest()
    this.#loop = this.#run()
    this.#committing = setInterval(() => this.#commitIdle(), COMMIT_IDLE_EVERY_MS)
  }

  #cursorAt(position: string): Cursor {
    const { file, table, call } = this.#options
    return file === undefined
      ? new StreamCursor(call, this.#streamArn, position)
      : new FileCursor(file, table, position)
  }

  setFaults(plan: FaultPlan | null): void {
    this.#faults = plan
  }

  /** Up to here every mapping is done with every record, durably. */
  passed(): string {
    return this.#lowest((shard) => shard.committed)
  }

  stats(): DeliveryStats {
    const waiting = this.#mappings.flatMap(({ shards }) => shards).reduce((sum, shard) => sum + shard.waiting, 0)
    return {
      table: this.#options.table.name,
      position: this.#cursor?.position ?? BEGINNING,
      records: this.#records,
      waiting,
    }
  }

  /** Resolves when everything written before the call has been delivered and answered. */
  async drain(deadline: number): Promise<void> {
    const before = this.#reads
    const idle = () => this.#mappings.every(({ shards }) => shards.every((shard) => shard.idle))
    // The read under way may have begun before the call, so the second one from now must find nothing.
    while (!(this.#reads >= before + 2 && this.#emptySince >= before + 2 && idle())) {
      if (this.#closed) return
      if (Date.now() > deadline) throw new Error(`the stream of ${this.#options.table.name} is not drained in time`)
      this.#wake?.()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake?.()
    clearInterval(this.#committing)
    await Promise.all([this.#loop, ...this.#mappings.flatMap(({ shards }) => shards.map((shard) => shard.close()))])
    this.#commitIdle()
  }

  #commitIdle(): void {
    for (const { shards } of this.#mappings) for (const shard of shards) shard.commitIdle()
  }

  #lowest(of: (shard: VirtualShard) => string): string {
    const all = this.#mappings.flatMap(({ shards }) => shards.map(of))
    return all.reduce((low, each) => (BigInt(each) < BigInt(low) ? each : low), all[0] ?? BEGINNING)
  }

  /** Where each virtual shard of a mapping goes on. */
  async #positions(settings: MappingSettings): Promise<readonly string[]> {
    const { store, virtualShards, file, table, log } = this.#options
    const key = this.#key(settings)
    const stored = store.readPositions(key)
    const all = (position: string) => Array.from({ length: virtualShards }, () => position)
    let positions: readonly string[]
    if (stored === undefined) {
      positions = all(settings.startingPosition === 'LATEST' ? await this.#newest() : BEGINNING)
    } else if (stored.stream !== this.#streamArn) {
      log(`${settings.logicalId}: ${table.name} has a new stream, read from its beginning`)
      positions = all(BEGINNING)
    } else if (
      file !== undefined &&
      stored.sequences.some((each) => BigInt(each) > BigInt(file.newestSequence(table.name)))
    ) {
      // Only an emptied stream table can cause it; its numbers began at 1 again and nothing in it was delivered.
      log(`${settings.logicalId}: the stream of ${table.name} was started anew, read from its beginning`)
      positions = all(BEGINNING)
    } else if (stored.sequences.length !== virtualShards) {
      // Another number of shards deals the keys out anew: all go back to the slowest one, some records come twice.
      positions = all(stored.sequences.reduce((low, each) => (BigInt(each) < BigInt(low) ? each : low)))
    } else return stored.sequences
    store.resetPositions(key, this.#streamArn, positions)
    return positions
  }

  #key(settings: MappingSettings): string {
    return `${settings.functionName.replace(/^.*:function:/, '')} ${this.#options.table.name}`
  }

  async #newest(): Promise<string> {
    const cursor = this.#cursorAt(BEGINNING)
    while ((await cursor.next()).length > 0);
    return cursor.position
  }

  #shard(settings: MappingSettings, worker: FunctionWorker, at: number, position: string): VirtualShard {
    const { store, log, now, startedAt } = this.#options
    const key = this.#key(settings)
    const queue = settings.onFailureArn?.split(':').at(-1)
    const random = seededRandom(hashText(`${key} ${at}`))
    const shard: VirtualShard = new VirtualShard(position, {
      settings,
      shardName: `shardId-${String(at).padStart(8, '0')}-${settings.logicalId}`,
      functionArn: worker.settings.arn,
      invoke: (event, requestId) => worker.invoke(event, requestId),
      commit: (sequence) => store.writePosition(key, at, sequence),
      sendToOnFailure: (body) => (queue === undefined ? undefined : store.enqueue(queue, body)),
      disturb: () => {
        const delay = this.#faults?.streamDelayMs ?? 0
        const repeat = this.#faults?.streamRepeatRate ?? 0
        return { delayMs: delay > 0 ? random() * delay : 0, repeat: repeat > 0 && random() < repeat }
      },
      catchUp: () => void this.#catchUp(shard, settings, at),
      now,
      startedAt,
      log,
    })
    return shard
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#closed) {
      const version = this.#options.file?.dataVersion()
      const began = performance.now()
      let count: number
      try {
        const records = (await this.#cursor?.next()) ?? []
        count = records.length
        failures = 0
        this.#reads += 1
        if (count === 0) this.#emptySince = this.#reads
        else this.#dealOut(records)
      } catch (error) {
        failures += 1
        if (this.#closed) return
        // Whatever was read and not dealt out is read again; shards leave out what they have.
        this.#cursor = this.#cursorAtLowest()
        if (failures === 1 || failures % 60 === 0)
          this.#options.log(`reading ${this.#options.table.name}’s stream: ${String(error)}`)
        await this.#pause(Math.min(2_000, 50 * 2 ** Math.min(failures, 6)))
        continue
      }
      if (this.#closed) return
      const turn = this.#turns.next(count, began)
      for (const { shards } of this.#mappings) for (const at of turn.shards) shards[at]?.deliverNow()
      if (count >= PAGE) continue
      if (count > 0) {
        this.#idlePolls = 0
        await this.#pause(turn.everyMs - (performance.now() - began))
      } else await this.#untilWritten(version)
    }
  }

  #cursorAtLowest(): Cursor {
    return this.#cursorAt(this.#lowest((shard) => shard.readThrough))
  }

  #dealOut(records: readonly StreamRecord[]): void {
    const { virtualShards } = this.#options
    for (const raw of records) {
      const record = this.#lambdaRecord(raw)
      const sequence = BigInt(record.dynamodb.SequenceNumber)
      const at = this.#shardOf(record, virtualShards)
      for (const { settings, shards } of this.#mappings) {
        if (settings.matches(record)) shards[at]?.offer(record, sequence)
      }
      this.#records += 1
    }
    const last = records.at(-1)?.dynamodb.SequenceNumber ?? BEGINNING
    for (const { shards } of this.#mappings) for (const shard of shards) shard.offeredThrough(last)
  }

  #shardOf(record: StreamRecord, count: number): number {
    return hashText(JSON.stringify(record.dynamodb.Keys[this.#options.table.partitionKey] ?? null)) % count
  }

  /** The record as a function sees it on AWS. */
  #lambdaRecord(record: StreamRecord): StreamRecord {
    const { table, region } = this.#options
    const eventID = `${this.#eventPrefix}${record.dynamodb.SequenceNumber.padStart(24, '0').slice(-24)}`
    return { ...record, eventID, eventSource: 'aws:dynamodb', awsRegion: region, eventSourceARN: table.streamArn }
  }

  /**
   * Reads again, for one shard that had overflowed, what it could not take, until it is level with the common reader.
   * Until then the shard takes nothing from the common reader, so nothing is passed over.
   */
  async #catchUp(shard: VirtualShard, settings: MappingSettings, at: number): Promise<void> {
    if (this.#catchingUp.has(shard)) return
    this.#catchingUp.add(shard)
    const cursor = this.#cursorAt(shard.readThrough)
    try {
      let room = true
      while (!this.#closed && room && shard.overflowed) {
        const records = await cursor.next()
        for (const raw of records) {
          const record = this.#lambdaRecord(raw)
          const mine = this.#shardOf(record, this.#options.virtualShards) === at && settings.matches(record)
          room = !mine || shard.offerAgain(record, BigInt(record.dynamodb.SequenceNumber))
          if (!room) break
        }
        if (!room) continue
        const level = BigInt(cursor.position) >= BigInt(this.#cursor?.position ?? BEGINNING)
        shard.offeredAgainThrough(cursor.position, level)
      }
    } catch (error) {
      this.#options.log(`reading ${this.#options.table.name}’s stream again: ${String(error)}`)
      await this.#pause(1_000)
    } finally {
      this.#catchingUp.delete(shard)
    }
    if (shard.overflowed && shard.waiting === 0 && !this.#closed) void this.#catchUp(shard, settings, at)
    else shard.deliverNow()
  }

  /** Waits until the engine has committed something, or for a while where that cannot be seen from here. */
  async #untilWritten(version: number | undefined): Promise<void> {
    const { file } = this.#options
    if (file === undefined) {
      this.#idlePolls += 1
      await this.#pause(Math.min(IDLE_POLL_MS.longest, IDLE_POLL_MS.shortest * this.#idlePolls))
      return
    }
    const began = performance.now()
    while (!this.#closed) {
      const woken = await this.#pause(LOOK_EVERY_MS)
      if (woken || file.dataVersion() !== version || performance.now() - began > LOOK_ANYWAY_MS) return
    }
  }

  /** True when woken before the time was over. */
  #pause(ms: number): Promise<boolean> {
    if (ms <= 0) return Promise.resolve(false)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }
}
