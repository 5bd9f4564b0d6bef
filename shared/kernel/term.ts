import { type Instant, plusMs, type ShanghaiDay, shanghaiDay } from './time.ts'

/** What is in force from one Shanghai day to another, both included: a pairing, an agreement. */
export type Term = { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay }

/** From the start of the first day to the end of the last one, as people in Shanghai see days. */
export function inForceOn(term: Term, day: ShanghaiDay): boolean {
  return term.fromDay <= day && day <= term.toDay
}

/** In force on every day that a window touches; a window that ends at midnight does not touch the day that begins then. */
export function inForceThroughout(term: Term, opensAt: Instant, closesAt: Instant): boolean {
  return inForceOn(term, shanghaiDay(opensAt)) && inForceOn(term, shanghaiDay(plusMs(closesAt, -1)))
}
