/** What goes wrong on purpose. Counters count down by themselves; everything else stays until changed. Not kept over a restart. */
export interface Faults {
  /** How often each webhook is sent at first: 2 doubles every event. */
  webhookCopies: number
  /** Waits this long before the first attempt. */
  webhookDelayMs: number
  /** Adds a random wait up to this long to each first attempt, so that events overtake each other. */
  webhookDisorderMs: number
  /** The next n events are never sent (they can still be listed, or sent by hand). */
  webhookDropNext: number
  /** Keeps all webhooks back until it is false again. */
  webhookHold: boolean
  /** The next n payments that should succeed are declined. */
  declineNext: number
  /** The next n refunds end as failed. */
  refundFailNext: number
  /** From a wallet refund's `pending` (a card's `succeeded`) to its end. */
  refundDelayMs: number
  /** From the buyer's promise to pay later to its end. */
  asyncPaymentDelayMs: number
  /** Each API call waits this long before it runs; its idempotency key is "in use" meanwhile. */
  apiDelayMs: number
  /** The next n API calls answer 500 before anything runs. */
  apiFailNext: number
  /** The next n API calls run, but their answer is lost: the connection breaks. */
  apiLoseAnswerNext: number
}

export const noFaults: Faults = {
  webhookCopies: 1,
  webhookDelayMs: 0,
  webhookDisorderMs: 0,
  webhookDropNext: 0,
  webhookHold: false,
  declineNext: 0,
  refundFailNext: 0,
  refundDelayMs: 500,
  asyncPaymentDelayMs: 1000,
  apiDelayMs: 0,
  apiFailNext: 0,
  apiLoseAnswerNext: 0,
}

const maxValue = 7 * 24 * 3600 * 1000

/** Changes some faults. Throws a TypeError that names what is unknown or out of range. */
export function applyFaults(faults: Faults, change: object): void {
  const entries = Object.entries(change)
  for (const [name, value] of entries) {
    const known: unknown = Object.hasOwn(noFaults, name) ? Reflect.get(noFaults, name) : undefined
    if (known === undefined) throw new TypeError(`unknown fault ${name}`)
    const fits =
      typeof known === 'boolean'
        ? typeof value === 'boolean'
        : Number.isInteger(value) && value >= 0 && value <= maxValue
    if (!fits)
      throw new TypeError(
        `${name} must be ${typeof known === 'boolean' ? 'true or false' : `an integer from 0 to ${maxValue}`}`,
      )
  }
  if ('webhookCopies' in change && change.webhookCopies === 0)
    throw new TypeError('webhookCopies must be at least 1; use webhookDropNext')
  Object.assign(faults, change)
}

type Counter = 'webhookDropNext' | 'declineNext' | 'refundFailNext' | 'apiFailNext' | 'apiLoseAnswerNext'

/** Uses one up, if any is left. */
export function takeFault(faults: Faults, counter: Counter): boolean {
  if (faults[counter] <= 0) return false
  faults[counter] -= 1
  return true
}
