import { DAY_MS, plusMs, shanghaiDay, toMs, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'
import { inForceOn } from '../../kernel/term.ts'
import { stateAt, type GroupBuyState } from './states.ts'

/** How early a scheduled group buy is announced. */
export const OPENS_SOON_DAYS = 7

type Shown = { readonly state: GroupBuyState; readonly opensAt: Instant; readonly closesAt: Instant }
type Term = { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay }

/** In the shop's window: open, or opening soon, and its village still paired with the community today. */
export function isOnDisplay(groupBuy: Shown, pairedFor: Term | undefined, now: Instant): boolean {
  if (pairedFor === undefined || !inForceOn(pairedFor, shanghaiDay(now))) return false
  const state = stateAt(groupBuy, now)
  if (state === 'open') return true
  return state === 'scheduled' && toMs(groupBuy.opensAt) <= toMs(plusMs(now, OPENS_SOON_DAYS * DAY_MS))
}
