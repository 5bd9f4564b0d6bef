import { assert } from './assert.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from './calendar.ts'

/** 收 · 退 · 存银行 · 补入 · 长短款 */
export const cashKinds = ['taken', 'handed-back', 'banked', 'brought-in', 'over-short'] as const
export type CashKind = (typeof cashKinds)[number]

/** What came to a till, by kind and signed. */
export type CashSums = {
  readonly takenFen: number
  readonly handedBackFen: number
  readonly bankedFen: number
  readonly broughtInFen: number
  readonly overShortFen: number
}

/** The running till of a community's desk, as its book left it. */
export type Till = {
  /** What the drawer has to hold; below nothing, so much somebody laid out. */
  readonly balanceFen: number
  /** Lines of the book so far, movements and counts alike: the number of the last one. */
  readonly version: number
  readonly lastAt: Instant
  readonly lastCount?: Counted | undefined
  readonly lastBanked?: { readonly seq: number; readonly at: Instant } | undefined
  /** What was over and short, day by day, for as long as it is looked at. */
  readonly overShort?: readonly OverShort[] | undefined
}
/** Each way for itself: what is short one day and over the next is no till that agrees. */
type OverShort = { readonly day: ShanghaiDay; readonly overFen: number; readonly shortFen: number }
export const OVER_SHORT_DAYS = 30
type Counted = {
  readonly seq: number
  readonly at: Instant
  readonly by: string
  readonly day: ShanghaiDay
  /** What was there: so much can be banked before the next count. Unknown of a count of before it was kept. */
  readonly countedFen?: number | undefined
}

/** One day of the book: what it began with, and what came to it, by kind and signed. */
export type BookDay = CashSums & {
  readonly day: ShanghaiDay
  readonly openingFen: number
  readonly closingFen: number
  readonly moveCount: number
  readonly countCount: number
  readonly lastSeq: number
  /** Who has counted on this day. */
  readonly countedBy: readonly string[]
}

export const emptyBook = (at: Instant): Till => ({ balanceFen: 0, version: 0, lastAt: at })

/** A book goes on in time: a line that was begun before another was written is of the later moment. */
export function bookedAt(till: Till | undefined, now: Instant): Instant {
  return till === undefined || till.lastAt < now ? now : till.lastAt
}

const sumOf: Readonly<Record<CashKind, keyof CashSums>> = {
  taken: 'takenFen',
  'handed-back': 'handedBackFen',
  banked: 'bankedFen',
  'brought-in': 'broughtInFen',
  'over-short': 'overShortFen',
}
const comesIn: Readonly<Record<Exclude<CashKind, 'over-short'>, boolean>> = {
  taken: true,
  'handed-back': false,
  banked: false,
  'brought-in': true,
}

/** What a movement does to the till: a sum comes in or goes out by what it is; only over or short may be either. */
export function signed(kind: Exclude<CashKind, 'over-short'>, amountFen: number): number {
  assert(Number.isSafeInteger(amountFen) && amountFen > 0, 'cash that moves is a sum')
  return comesIn[kind] ? amountFen : -amountFen
}

export type Booked = { readonly till: Till; readonly day: BookDay }
export type BookedMove = Booked & { readonly seq: number; readonly balanceFen: number }

/** The day as it stands, or a new one that begins with what the till holds. */
function dayOf(till: Till, day: BookDay | undefined, at: Instant): BookDay {
  if (day !== undefined) {
    assert(day.day === shanghaiDay(at), 'a line belongs to its day')
    assert(day.closingFen === till.balanceFen, 'the last day of the book ends with what the till holds')
    return day
  }
  return {
    ...{ day: shanghaiDay(at), openingFen: till.balanceFen, closingFen: till.balanceFen },
    ...{ takenFen: 0, handedBackFen: 0, bankedFen: 0, broughtInFen: 0, overShortFen: 0 },
    ...{ moveCount: 0, countCount: 0, lastSeq: till.version, countedBy: [] },
  }
}

/** The till and its day after a movement. */
export function bookMove(
  till: Till,
  day: BookDay | undefined,
  move: { readonly kind: CashKind; readonly deltaFen: number },
  at: Instant,
): BookedMove {
  assert(at >= till.lastAt, 'a book goes on in time')
  assert(Number.isSafeInteger(move.deltaFen) && move.deltaFen !== 0, 'a movement moves something')
  const { kind, deltaFen } = move
  assert(kind === 'over-short' || comesIn[kind] === deltaFen > 0, 'a movement goes the way of its kind')
  const before = dayOf(till, day, at)
  const balanceFen = till.balanceFen + deltaFen
  // Only notes that a worker had with them are handed back beyond what is there.
  assert(balanceFen >= 0 || deltaFen > 0 || kind === 'handed-back', 'a till lays out money only by handing back')
  const seq = till.version + 1
  const after = {
    ...before,
    ...{ closingFen: balanceFen, moveCount: before.moveCount + 1, lastSeq: seq },
    [sumOf[kind]]: before[sumOf[kind]] + deltaFen,
  }
  assert(balanceOf(after) === balanceFen, 'what a day began with and its sums make what it ends with')
  const lastBanked = kind === 'banked' ? { seq, at } : till.lastBanked
  const overShort = kind === 'over-short' ? withOverShort(till, deltaFen, after.day) : till.overShort
  return { seq, balanceFen, day: after, till: { ...till, balanceFen, version: seq, lastAt: at, lastBanked, overShort } }
}

const recent = ({ overShort = [] }: Till, today: ShanghaiDay) =>
  overShort.filter(({ day }) => day > plusDays(today, -OVER_SHORT_DAYS))

function withOverShort(till: Till, deltaFen: number, today: ShanghaiDay): OverShort[] {
  const days = recent(till, today)
  const before = days.find(({ day }) => day === today) ?? { overFen: 0, shortFen: 0 }
  const overFen = before.overFen + Math.max(0, deltaFen)
  const shortFen = before.shortFen + Math.max(0, -deltaFen)
  return [...days.filter(({ day }) => day !== today), { day: today, overFen, shortFen }]
}

/** Of the last thirty days, today among them. */
export function overShortSince(till: Till, today: ShanghaiDay): { overFen: number; shortFen: number } {
  const days = recent(till, today)
  const sum = (way: 'overFen' | 'shortFen') => days.reduce((total, each) => total + each[way], 0)
  return { overFen: sum('overFen'), shortFen: sum('shortFen') }
}

/** The till and its day after a count that agrees, or whose difference was written down just before. */
export function bookCount(till: Till, day: BookDay | undefined, by: string, at: Instant): Booked & { seq: number } {
  assert(at >= till.lastAt, 'a book goes on in time')
  const before = dayOf(till, day, at)
  const seq = till.version + 1
  const countedBy = before.countedBy.includes(by) ? before.countedBy : [...before.countedBy, by]
  return {
    seq,
    day: { ...before, countCount: before.countCount + 1, lastSeq: seq, countedBy },
    till: {
      ...till,
      version: seq,
      lastAt: at,
      lastCount: { seq, at, by, day: before.day, countedFen: till.balanceFen },
    },
  }
}

/** What a day ends with, from what it began with and what came to it. */
export function balanceOf(day: CashSums & { readonly openingFen: number }): number {
  const { openingFen, takenFen, handedBackFen, bankedFen, broughtInFen, overShortFen } = day
  return openingFen + takenFen + handedBackFen + bankedFen + broughtInFen + overShortFen
}
