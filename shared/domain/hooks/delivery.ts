import type { AttemptOutcome, DeliveryState } from '../../contracts/hooks.ts'
import { type HookEventType, TEST_TYPE } from '../../contracts/hooks-events.ts'
import { type Instant, toMs } from '../../kernel/time.ts'
import { nextTryAt, retryAfterMs } from './schedule.ts'

/** The life of a delivery: whatever became of it, it may be queued again. `skipped`: the subscription was off. */
export const deliveryTransitions: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  due: ['delivered', 'failed', 'skipped'],
  delivered: ['due'],
  failed: ['due'],
  skipped: ['due'],
}

/** The name of a delivery: sorts by the moment of its event, and is the same whenever the event is told again. */
export function deliveryIdOf(timestamp: Instant, webhookId: string): string {
  return `${String(toMs(timestamp)).padStart(13, '0')}.${webhookId}`
}

/** The first name that a delivery of this moment could have; with `~` behind it the last one. */
export function deliveryIdFrom(at: Instant): string {
  return `${String(toMs(at)).padStart(13, '0')}.`
}

/** What an attempt came to, as far as it decides what happens next. */
export type Attempted = {
  readonly outcome: AttemptOutcome
  readonly status?: number | undefined
  readonly retryAfter?: string | undefined
}

export type AfterAttempt = {
  readonly state: Extract<DeliveryState, 'due' | 'delivered' | 'failed'>
  /** When it is tried again. */
  readonly nextAt?: Instant
  /** `gone`: the receiver wants no more. `given-up`: of this delivery all attempts are used up. */
  readonly means?: 'gone' | 'given-up'
  /** So long the receiver asked to be left alone. */
  readonly askedMs: number
}

const GONE = 410
/** Those that may say how long to wait. */
const THROTTLES = new Set([429, 503])

/** `tries` counts the one that was just made. */
export function afterAttempt(
  { type, tries }: { readonly type: HookEventType; readonly tries: number },
  { outcome, status, retryAfter }: Attempted,
  now: Instant,
  chance: number,
): AfterAttempt {
  if (outcome === 'delivered') return { state: 'delivered', askedMs: 0 }
  if (status === GONE) return { state: 'failed', means: 'gone', askedMs: 0 }
  const askedMs = status !== undefined && THROTTLES.has(status) ? retryAfterMs(retryAfter, now) : 0
  // Somebody waits for the test's outcome; nobody does for it to come later.
  if (type === TEST_TYPE) return { state: 'failed', askedMs }
  const nextAt = nextTryAt(tries, now, chance, askedMs)
  if (nextAt === undefined) return { state: 'failed', means: 'given-up', askedMs }
  return { state: 'due', nextAt, askedMs }
}
