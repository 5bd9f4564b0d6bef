import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { installEngineGate } from './engine-gate.ts'
import type { GateSettings } from './engine-gate.ts'
import type { FaultPlan } from './faults.ts'

/** The runtime of one function in its worker thread: loads the bundle once and takes many invocations at a time. */
export interface WorkerSettings {
  readonly gate: GateSettings
  /** file: URL of the bundle and the name of its handler. */
  readonly entry: string
  readonly handler: string
  readonly functionArn: string
  readonly memorySize: number
  readonly logFile: string
}

export type ToWorker =
  | {
      readonly kind: 'invoke'
      readonly id: number
      readonly requestId: string
      /** As JSON. */
      readonly event: string
      readonly timeoutMs: number
    }
  | { readonly kind: 'faults'; readonly plan: FaultPlan | null }
  | { readonly kind: 'ping' }

export interface FunctionError {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly initMs: number }
  /** `json` is the result without its text `body`, which travels beside it to spare a second encoding. */
  | { readonly kind: 'done'; readonly id: number; readonly json: string | undefined; readonly body: string | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly error: FunctionError }
  | { readonly kind: 'broken'; readonly error: FunctionError }
  | { readonly kind: 'pong' }

type Handler = (event: unknown, context: object, callback: (error: unknown, result?: unknown) => void) => unknown

const MAX_LOG_BYTES = 20_000_000

const settings = workerData as WorkerSettings
const port = parentPort
if (port === null) throw new Error('this file is the inside of a worker')
const send = (message: FromWorker) => port.postMessage(message)

function describeError(thrown: unknown): FunctionError {
  if (thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
  }
  return {
    errorType: typeof thrown,
    errorMessage: typeof thrown === 'string' ? thrown : String(JSON.stringify(thrown)),
    trace: [],
  }
}

/** Logs go straight into the function's file, as to a log group; the host's thread never sees them. */
function openLog(): (text: string | Uint8Array) => void {
  let file = openSync(settings.logFile, 'a')
  let size = statSync(settings.logFile).size
  return (text) => {
    if (size > MAX_LOG_BYTES) {
      closeSync(file)
      renameSync(settings.logFile, `${settings.logFile}.1`)
      file = openSync(settings.logFile, 'a')
      size = 0
    }
    size += typeof text === 'string' ? writeSync(file, text) : writeSync(file, text)
  }
}

const log = openLog()
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown) => {
    log(chunk)
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') queueMicrotask(done as () => void)
    return true
  }
}

const gate = installEngineGate(settings.gate)
const startedAt = performance.now()
const loading = load()

async function load(): Promise<Handler> {
  const loaded = (await import(settings.entry)) as Record<string, unknown>
  const fallback = loaded['default'] as Record<string, unknown> | undefined
  const handler = loaded[settings.handler] ?? fallback?.[settings.handler]
  if (typeof handler !== 'function') throw new Error(`${settings.entry} exports no function ${settings.handler}`)
  return handler as Handler
}

loading.then(
  () => send({ kind: 'ready', initMs: performance.now() - startedAt }),
  (error: unknown) => send({ kind: 'broken', error: describeError(error) }),
)

function contextOf(requestId: string, deadline: number) {
  const name = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? ''
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memorySize),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  }
}

async function invoke(message: Extract<ToWorker, { kind: 'invoke' }>): Promise<void> {
  const { id, requestId, event, timeoutMs } = message
  try {
    const handler = await loading
    // Node 24 on Lambda has no callback style any more; a handler answers by its promise.
    const result = await handler(JSON.parse(event), contextOf(requestId, Date.now() + timeoutMs), () => {
      throw new Error('callback-style handlers do not exist on nodejs24.x')
    })
    if (typeof result === 'object' && result !== null && 'body' in result && typeof result.body === 'string') {
      const { body, ...rest } = result
      send({ kind: 'done', id, json: JSON.stringify(rest), body })
    } else send({ kind: 'done', id, json: JSON.stringify(result), body: undefined })
  } catch (error) {
    const described = describeError(error)
    log(`${JSON.stringify({ level: 'ERROR', requestId, ...described })}\n`)
    send({ kind: 'failed', id, error: described })
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'invoke':
      return void invoke(message)
    case 'faults':
      return gate.setFaults(message.plan)
    case 'ping':
      return send({ kind: 'pong' })
  }
})

process.on('unhandledRejection', (error) => {
  // Lambda ends the environment on an unhandled rejection; here that would take other requests with it, so it is loud.
  log(`${JSON.stringify({ level: 'FATAL', message: 'unhandled rejection', ...describeError(error) })}\n`)
})
