import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { assert } from '#shared/kernel/assert.ts'
import { balanceOf, type Balances } from './accounts.ts'

/**
 * What a fund ever had to spend: what is free, what is kept, what was paid out. It grows when gifts settle and falls when
 * they are taken back; spending does not change it.
 */
export function potFen(balances: Balances): number {
  return (
    balanceOf(balances, 'available') +
    balanceOf(balances, 'clawback') +
    balanceOf(balances, 'reserved') +
    balanceOf(balances, 'paid')
  )
}

/** By how much an entry changes it. */
export function potChange({ postings }: Pick<LedgerEntry, 'postings'>): number {
  const counted = ['available', 'clawback', 'reserved', 'paid']
  return postings.reduce((sum, { account, deltaFen }) => sum + (counted.includes(account) ? deltaFen : 0), 0)
}

export type Paid = { readonly proposalId: string; readonly paidFen: number; readonly seq: number }
export type TracePart = { readonly proposalId: string; readonly amountFen: number; readonly seq: number }

/** What a sale's settlement put into the pot, in whole fen, and the entry that did. */
export type Gift = { readonly saleId: string; readonly settledFen: number; readonly seq: number }

/**
 * What left the pot without being spent: of a reversal after the settlement, which is of its sale's gift; of a correction,
 * which is of nobody's in particular.
 */
export type TakeBack = { readonly seq: number; readonly takenFen: number; readonly saleId?: string | undefined }

/** The take-back that an entry is, if it is one. */
export function takeBackOf(entry: LedgerEntry): TakeBack | undefined {
  const takenFen = -potChange(entry)
  if (takenFen <= 0) return undefined
  const { seq, saleId } = entry
  return { seq, takenFen, ...(saleId === undefined ? {} : { saleId }) }
}

/** Those among them, in their order. */
export function takeBacksOf(entries: readonly LedgerEntry[]): TakeBack[] {
  return entries.flatMap((entry) => takeBackOf(entry) ?? [])
}

export type Trace = {
  /** What the gift is now: what it was at its settlement, without what went back since. */
  readonly broughtFen: number
  readonly parts: readonly TracePart[]
  /** What corrections of the fund took of it. */
  readonly correctedFen: number
  readonly unspentFen: number
}

/** Everything that ever went back, the gifts that it is of (by sale), and everything that was ever paid, in ledger order. */
export type TraceRecord = {
  readonly takeBacks: readonly TakeBack[]
  readonly gifts: ReadonlyMap<string, Gift>
  readonly payments: readonly Paid[]
}

/**
 * First in, first out: gifts lie end to end in the order of their settlements, each as long as what is left of it now, and
 * payments lie end to end over them. What goes back of a gift after its settlement shortens that gift, so that those behind
 * it move up, and cover what it no longer pays for. Corrections are paid like projects, for nobody knows whose they are. No fen is
 * spent twice, and none is missing. `potBeforeFen`: the pot before the gift's own settlement.
 */
export function traceGift(gift: Gift, potBeforeFen: number, { takeBacks, gifts, payments }: TraceRecord): Trace {
  const taken = takenBySale(takeBacks)
  const lostOf = ({ saleId, settledFen }: Gift) => Math.min(settledFen, taken.get(saleId) ?? 0)
  const goneBeforeFen = sum(takeBacks.filter(({ seq }) => seq < gift.seq).map(({ takenFen }) => takenFen))
  const earlier = [...gifts.values()].filter(({ seq }) => seq < gift.seq)
  const fromFen = potBeforeFen + goneBeforeFen - sum(earlier.map(lostOf))
  const broughtFen = gift.settledFen - lostOf(gift)
  const spans = spansOver(fromFen, fromFen + broughtFen, [...payments, ...ofNobody(takeBacks, gifts)].sort(bySeq))
  const parts = spans.flatMap(({ of, amountFen }) =>
    'proposalId' in of ? [{ proposalId: of.proposalId, amountFen, seq: of.seq }] : [],
  )
  const correctedFen = sum(spans.flatMap(({ of, amountFen }) => ('proposalId' in of ? [] : [amountFen])))
  const spentFen = sum(parts.map(({ amountFen }) => amountFen))
  return { broughtFen, parts, correctedFen, unspentFen: broughtFen - correctedFen - spentFen }
}

type Outflow = Paid | { readonly paidFen: number; readonly seq: number }
type Span = { readonly of: Outflow; readonly amountFen: number }

/** What of the fen from `fromFen` to `toFen` each outflow takes, when they lie end to end. */
function spansOver(fromFen: number, toFen: number, outflows: readonly Outflow[]): Span[] {
  assert(fromFen >= 0 && fromFen <= toFen, 'a gift is not below zero')
  const spans: Span[] = []
  let before = 0
  for (const of of outflows) {
    const amountFen = Math.min(toFen, before + of.paidFen) - Math.max(fromFen, before)
    if (amountFen > 0) spans.push({ of, amountFen })
    before += of.paidFen
  }
  return spans
}

/**
 * Corrections, and what went back of a sale beyond its own gift: a donor's gift is whole fen of a running sum, so a sale may
 * have brought a fen less than its reversal takes.
 */
function ofNobody(takeBacks: readonly TakeBack[], gifts: ReadonlyMap<string, Gift>): Outflow[] {
  const left = new Map([...gifts].map(([saleId, { settledFen }]) => [saleId, settledFen]))
  return takeBacks.flatMap(({ saleId, takenFen, seq }) => {
    const own = saleId === undefined ? 0 : Math.min(takenFen, left.get(saleId) ?? 0)
    if (saleId !== undefined) left.set(saleId, (left.get(saleId) ?? 0) - own)
    return takenFen === own ? [] : [{ paidFen: takenFen - own, seq }]
  })
}

function takenBySale(takeBacks: readonly TakeBack[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>()
  for (const { saleId, takenFen } of takeBacks) {
    if (saleId !== undefined) taken.set(saleId, (taken.get(saleId) ?? 0) + takenFen)
  }
  return taken
}

const bySeq = (left: Outflow, right: Outflow) => left.seq - right.seq
const sum = (all: readonly number[]) => all.reduce((total, each) => total + each, 0)
