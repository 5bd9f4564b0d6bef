import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { entryOf, type FunctionSettings } from './function-settings.ts'
import type { GateSettings } from './inside/engine-gate.ts'
import type { FaultPlan } from './inside/faults.ts'
import type { FromWorker, FunctionError, ToWorker, WorkerSettings } from './inside/worker.ts'

/** One function in its worker thread: started by the first invocation, shared by all that are under way. */

export class FunctionFailed extends Error {
  override name = 'FunctionFailed'
  readonly detail: FunctionError
  readonly timedOut: boolean
  constructor(detail: FunctionError, timedOut = false) {
    super(`${detail.errorType}: ${detail.errorMessage}`)
    this.detail = detail
    this.timedOut = timedOut
  }
}

/** The function's answer as JSON, with a text `body` kept apart so that it is not encoded twice. */
export interface FunctionResult {
  readonly json: string | undefined
  readonly body: string | undefined
}

export function resultValue(result: FunctionResult): unknown {
  if (result.json === undefined) return null
  const value: unknown = JSON.parse(result.json)
  return result.body === undefined ? value : { ...(value as object), body: result.body }
}

interface Pending {
  readonly resolve: (result: FunctionResult) => void
  readonly reject: (error: FunctionFailed) => void
  /** What to send when its turn comes; gone once it is sent. */
  message: ToWorker | undefined
  /** Runs from the moment the bundle is loaded: as on Lambda, the time-out does not count the cold start. */
  timer: NodeJS.Timeout | undefined
}

export interface FunctionStats {
  readonly name: string
  readonly started: boolean
  readonly invocations: number
  readonly errors: number
  readonly inFlight: number
  readonly initMs: number | undefined
  readonly engineRequests: number
  readonly denied: number
  readonly injected: { readonly conflicts: number; readonly throttled: number; readonly lostAnswers: number }
}

export interface WorkerHost {
  readonly dataDir: string
  readonly inside: (name: string) => URL
  readonly gate: (counters: SharedArrayBuffer) => GateSettings
  readonly log: (line: string) => void
}

/**
 * One thread does the work of many of Lambda's environments. More at once only makes all of them late, each holding its
 * memory: the rest waits for its turn, and its time-out runs from then on, as from the start of an environment.
 */
const AT_ONCE_MAX = 64
/** How long a worker may leave a ping unanswered after a time-out before it counts as stuck in a loop. */
const PING_MS = 3_000
/** Node's own 48 MB, times a dozen workers, is memory that a small machine does not have; measured: no more CPU. */
const YOUNG_GENERATION_MB = 32
/** Lambda's limit on loading a function; a busy machine gets some more. */
const LOAD_WITHIN_MS = 20_000

export class FunctionWorker {
  readonly settings: FunctionSettings
  readonly #host: WorkerHost
  readonly #pending = new Map<number, Pending>()
  readonly #counters = new SharedArrayBuffer(20)
  #worker: Worker | undefined
  /** Ids that wait for their turn, first come first served. */
  #waiting: number[] = []
  #running = 0
  #nextId = 1
  #initMs: number | undefined
  #pinged: NodeJS.Timeout | undefined
  #invocations = 0
  #errors = 0
  #closed = false
  #loaded = false
  #loading: NodeJS.Timeout | undefined

  constructor(settings: FunctionSettings, host: WorkerHost) {
    this.settings = settings
    this.#host = host
    entryOf(settings)
  }

  /** Resolves with the function's answer; rejects with FunctionFailed if it throws, breaks or passes its Timeout. */
  invoke(event: unknown, requestId: string = randomUUID()): Promise<FunctionResult> {
    if (this.#closed) return Promise.reject(failed('Host.Closed', 'the host is closing'))
    this.#invocations += 1
    this.#worker ??= this.#start()
    const id = this.#nextId++
    const { timeoutMs } = this.settings
    return new Promise((resolve, reject) => {
      let json: string
      try {
        // JSON is what Lambda hands over, and costs two thirds of a structured clone.
        json = JSON.stringify(event) ?? 'null'
      } catch (error) {
        return reject(failed('Runtime.BadEvent', String(error)))
      }
      const message: ToWorker = { kind: 'invoke', id, requestId, event: json, timeoutMs }
      this.#pending.set(id, { resolve, reject, message, timer: undefined })
      this.#waiting.push(id)
      this.#sendWaiting()
    })
  }

  #sendWaiting(): void {
    while (this.#running < AT_ONCE_MAX) {
      const id = this.#waiting.shift()
      if (id === undefined) return
      const pending = this.#pending.get(id)
      if (pending?.message === undefined || this.#worker === undefined) continue
      this.#worker.postMessage(pending.message)
      pending.message = undefined
      this.#running += 1
      if (this.#loaded) this.#startTimer(id, pending)
    }
  }

  #startTimer(id: number, pending: Pending): void {
    pending.timer = setTimeout(() => this.#timeOut(id), this.settings.timeoutMs)
  }

  setFaults(plan: FaultPlan | null): void {
    this.#worker?.postMessage({ kind: 'faults', plan } satisfies ToWorker)
  }

  stats(): FunctionStats {
    const counters = new Int32Array(this.#counters)
    return {
      name: this.settings.name,
      started: this.#worker !== undefined,
      invocations: this.#invocations,
      errors: this.#errors,
      inFlight: this.#pending.size,
      initMs: this.#initMs,
      engineRequests: counters[0] ?? 0,
      denied: counters[1] ?? 0,
      injected: { conflicts: counters[2] ?? 0, throttled: counters[3] ?? 0, lostAnswers: counters[4] ?? 0 },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#drop(failed('Host.Closed', 'the host is closing'))
    await worker?.terminate()
  }

  #start(): Worker {
    const { settings } = this
    const data: WorkerSettings = {
      ...entryOf(settings),
      gate: this.#host.gate(this.#counters),
      functionArn: settings.arn,
      memorySize: settings.memorySize,
      logFile: join(this.#host.dataDir, 'logs', `${settings.name}.log`),
    }
    const worker = new Worker(this.#host.inside('worker'), {
      workerData: data,
      name: settings.name,
      env: { ...settings.environment, LAMBDA_TASK_ROOT: settings.assetDir, _HANDLER: settings.handler },
      execArgv: ['--enable-source-maps'],
      resourceLimits: {
        maxOldGenerationSizeMb: Math.max(128, settings.memorySize),
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
      },
    })
    this.#loaded = false
    this.#loading = setTimeout(() => {
      this.#host.log(`${settings.name} did not load within ${LOAD_WITHIN_MS} ms`)
      this.#retire(failed('Sandbox.Timedout', `Init timed out after ${LOAD_WITHIN_MS / 1_000} seconds`, true))
    }, LOAD_WITHIN_MS)
    worker.on('message', (message: FromWorker) => this.#receive(message))
    worker.on('error', (error: unknown) => this.#broke(worker, String(error)))
    worker.on('exit', (code) => this.#broke(worker, `exit code ${code}`))
    return worker
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#initMs = message.initMs
        this.#loaded = true
        clearTimeout(this.#loading)
        for (const [id, pending] of this.#pending) if (pending.message === undefined) this.#startTimer(id, pending)
        return
      case 'done':
        return this.#settle(message.id)?.resolve({ json: message.json, body: message.body })
      case 'failed':
        this.#errors += 1
        return this.#settle(message.id)?.reject(new FunctionFailed(message.error))
      case 'broken':
        // The bundle does not load: each invocation fails with the reason, and the next one tries anew.
        this.#host.log(`${this.settings.name} does not load: ${message.error.errorType}: ${message.error.errorMessage}`)
        this.#retire(new FunctionFailed(message.error))
        return
      case 'pong':
        clearTimeout(this.#pinged)
        this.#pinged = undefined
        return
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    if (pending === undefined) return undefined
    this.#pending.delete(id)
    clearTimeout(pending.timer)
    if (pending.message === undefined) {
      this.#running -= 1
      this.#sendWaiting()
    }
    return pending
  }

  #timeOut(id: number): void {
    const pending = this.#settle(id)
    if (pending === undefined) return
    this.#errors += 1
    const seconds = (this.settings.timeoutMs / 1_000).toFixed(2)
    this.#host.log(`${this.settings.name} passed its time-out of ${seconds} s`)
    pending.reject(failed('Sandbox.Timedout', `Task timed out after ${seconds} seconds`, true))
    // Other requests share the worker, so it goes on, unless it does not even answer a ping.
    if (this.#pinged !== undefined || this.#worker === undefined) return
    this.#worker.postMessage({ kind: 'ping' } satisfies ToWorker)
    this.#pinged = setTimeout(() => {
      this.#host.log(`${this.settings.name} is stuck in a loop and is started anew`)
      this.#retire(failed('Runtime.Stuck', 'the worker did not answer'))
    }, PING_MS)
  }

  #retire(error: FunctionFailed): void {
    const worker = this.#worker
    this.#drop(error)
    void worker?.terminate()
  }

  #broke(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    if (!this.#closed) this.#host.log(`${this.settings.name} ended: ${reason}`)
    this.#drop(failed('Runtime.ExitError', `RequestId: error: ${reason}`))
  }

  #drop(error: FunctionFailed): void {
    this.#worker = undefined
    this.#waiting = []
    clearTimeout(this.#loading)
    clearTimeout(this.#pinged)
    this.#pinged = undefined
    for (const id of [...this.#pending.keys()]) {
      this.#errors += 1
      this.#settle(id)?.reject(error)
    }
  }
}

function failed(errorType: string, errorMessage: string, timedOut = false): FunctionFailed {
  return new FunctionFailed({ errorType, errorMessage, trace: [] }, timedOut)
}
