import type { Random } from './random.ts'
import { endsPaid, type Story } from './records.ts'

/** What happens to how many orders. Those that need the clock come first, so that their time runs beside the rest. */
const counts: Readonly<Record<Story, number>> = {
  'paid-too-late': 6,
  'never-paid': 30,
  'promise-broken': 10,
  cancelled: 20,
  paid: 226,
  'declined-then-paid': 50,
  'paid-later': 40,
  'paid-twice': 12,
}
export const FIRST: readonly Story[] = ['paid-too-late', 'never-paid', 'promise-broken']

/** How many of the paid orders of the two workers' communities are given back in part, and how many whole. */
export const REFUNDS = { part: 36, whole: 16 } as const
/** How many paid orders are sent again, and how many webhooks are sent once more by hand. */
export const INSISTENT = 40
export const REDELIVERED = 60

export type Plan = { readonly first: readonly Story[]; readonly rest: readonly Story[] }

/** `quickExpiry`: unpaid orders run out while we wait; else their buyers give them up. */
export function makePlan(random: Random, quickExpiry: boolean): Plan {
  const stories = (Object.keys(counts) as Story[]).flatMap((story) =>
    Array.from({ length: counts[story] }, () => (quickExpiry || !FIRST.includes(story) ? story : 'cancelled')),
  )
  return {
    first: stories.filter((story) => FIRST.includes(story)),
    rest: random.shuffled(stories.filter((story) => !FIRST.includes(story))),
  }
}

export const PAID_MIN = 300
export function paidIn(stories: readonly Story[]): number {
  return stories.filter((story) => endsPaid[story]).length
}
