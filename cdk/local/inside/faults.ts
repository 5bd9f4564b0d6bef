/** Faults that AWS has and the local engines never show, drawn from a seeded sequence so that a run can be repeated. */
export interface FaultPlan {
  readonly seed: number
  /** Share (0–1) of transactions and single writes that meet a transaction conflict. */
  readonly conflictRate?: number
  /** Share (0–1) of requests that are throttled. */
  readonly throttleRate?: number
  /** Share (0–1) of writes that the engine carries out and whose answer never arrives. */
  readonly timeoutAfterCommitRate?: number
  /** Names or logical ids of the functions concerned; left out: all. */
  readonly functions?: readonly string[]
  /** Longest random delay (ms) before a stream batch is delivered; each virtual shard draws its own. */
  readonly streamDelayMs?: number
  /** Share (0–1) of stream batches delivered twice, the second time at once with the first. */
  readonly streamRepeatRate?: number
}

export type Fault = 'conflict' | 'throttle' | 'timeout-after-commit'

/** Mulberry32: small, fast, and the same everywhere. Returns numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** FNV-1a, 32 bits: spreads names and keys evenly; not for secrets. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash ^= text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'])
const CONFLICTING = new Set([...WRITES, 'TransactGetItems'])

export interface FaultSource {
  readonly draw: (operation: string) => Fault | undefined
  readonly random: () => number
}

export function faultsOf(plan: FaultPlan | null, functionNames: readonly string[]): FaultSource | undefined {
  if (plan === null) return undefined
  if (plan.functions !== undefined && !plan.functions.some((name) => functionNames.includes(name))) return undefined
  const random = seededRandom(plan.seed ^ hashText(functionNames[0] ?? ''))
  const conflict = plan.conflictRate ?? 0
  const throttle = plan.throttleRate ?? 0
  const lost = plan.timeoutAfterCommitRate ?? 0
  return {
    random,
    draw: (operation) => {
      if (random() < conflict && CONFLICTING.has(operation)) return 'conflict'
      if (random() < throttle) return 'throttle'
      if (random() < lost && WRITES.has(operation)) return 'timeout-after-commit'
      return undefined
    },
  }
}

export interface EngineAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810'

function cancelled(items: unknown, random: () => number, code: string, message: string): EngineAnswer {
  const count = Array.isArray(items) ? items.length : 1
  const hit = Math.floor(random() * count)
  const reasons = Array.from({ length: count }, (_none, at) =>
    at === hit ? { Code: code, Message: message } : { Code: 'None' },
  )
  const codes = reasons.map((reason) => reason.Code).join(', ')
  return {
    status: 400,
    body: {
      __type: `${NAMESPACE}#TransactionCanceledException`,
      Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      CancellationReasons: reasons,
    },
  }
}

/** The answer AWS gives in place of the engine's for a conflict or a throttled request. */
export function faultAnswer(
  fault: 'conflict' | 'throttle',
  operation: string,
  body: Readonly<Record<string, unknown>>,
  random: () => number,
): EngineAnswer {
  const transaction = operation.startsWith('Transact')
  if (fault === 'conflict') {
    if (transaction) {
      return cancelled(body['TransactItems'], random, 'TransactionConflict', 'Transaction is ongoing for the item')
    }
    return {
      status: 400,
      body: { __type: `${NAMESPACE}#TransactionConflictException`, message: 'Transaction is ongoing for the item' },
    }
  }
  const message = 'The level of configured provisioned throughput for the table was exceeded.'
  const kind = random()
  if (transaction && kind < 0.6) {
    return cancelled(
      body['TransactItems'],
      random,
      kind < 0.3 ? 'ThrottlingError' : 'ProvisionedThroughputExceeded',
      message,
    )
  }
  if (random() < 0.5)
    return { status: 400, body: { __type: 'com.amazon.coral.availability#ThrottlingException', message } }
  return { status: 400, body: { __type: `${NAMESPACE}#ProvisionedThroughputExceededException`, message } }
}
