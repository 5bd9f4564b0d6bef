import type { groupBuyStates } from '#shared/contracts/group-buys.ts'
import { toMs, type Instant } from '#shared/kernel/time.ts'

export type GroupBuyState = (typeof groupBuyStates)[number]

/** The life of a group buy. The clock drives `scheduled → open → closing`; the closing machine drives what follows. */
export const groupBuyTransitions = {
  draft: ['scheduled', 'cancelled'],
  scheduled: ['open', 'cancelled'],
  open: ['closing', 'cancelled'],
  closing: ['failed', 'confirmed'],
  failed: ['refunding'],
  refunding: ['ended'],
  // A small one is handed out without being counted: its after-sales window ends it all the same.
  confirmed: ['receiving', 'settled'],
  receiving: ['distributing', 'settled'],
  distributing: ['settled'],
  settled: [],
  ended: [],
  cancelled: [],
} as const satisfies Readonly<Record<GroupBuyState, readonly GroupBuyState[]>>

export const firstGroupBuyState: GroupBuyState = 'draft'
export const lastGroupBuyStates: readonly GroupBuyState[] = ['settled', 'ended', 'cancelled']

export function mayBecome(from: GroupBuyState, to: GroupBuyState): boolean {
  const next: readonly GroupBuyState[] = groupBuyTransitions[from]
  return next.includes(to)
}

/** Stored states from which the clock alone leads to `closing`: `open` is reached without a write. */
export const statesBeforeClosing = ['scheduled', 'open'] as const satisfies readonly GroupBuyState[]

type Timed = { readonly state: GroupBuyState; readonly opensAt: Instant; readonly closesAt: Instant }

/**
 * The state as it is at this moment. `scheduled → open` needs no write (each bucket carries the opening time), and between
 * the closing time and the next tick a group buy is closing already, whatever is stored.
 */
export function stateAt(groupBuy: Timed, now: Instant): GroupBuyState {
  if (groupBuy.state !== 'scheduled' && groupBuy.state !== 'open') return groupBuy.state
  const nowMs = toMs(now)
  if (nowMs >= toMs(groupBuy.closesAt)) return 'closing'
  return nowMs >= toMs(groupBuy.opensAt) ? 'open' : 'scheduled'
}

/** The clock has to close it: bought from no more, and not handed to the closing machine yet. */
export function isDueToClose(groupBuy: Timed, now: Instant): boolean {
  return groupBuy.state !== 'closing' && stateAt(groupBuy, now) === 'closing'
}
