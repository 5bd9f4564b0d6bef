import type { SaleEvent } from '#shared/contracts/events.ts'
import type { FundAlert } from '#shared/contracts/fund-alerts.ts'
import { ENDS_SOON_DAYS } from '#shared/contracts/places-agreements.ts'
import {
  HOUR_MS,
  MINUTE_MS,
  monthStart,
  plusDays,
  plusMs,
  shanghaiDay,
  type Instant,
  type ShanghaiDay,
} from '#shared/kernel/time.ts'
import type { Inflow } from './inflow.ts'
import type { Markers } from './post-events.ts'

/** A pairing in force: up to which day an agreement covers its sales, or since when none does. */
export type CoveredPairing = {
  readonly pairingId: string
  readonly villageName: string
  readonly cover:
    | { readonly kind: 'until'; readonly lastDay: ShanghaiDay }
    | { readonly kind: 'none'; readonly sinceDay: ShanghaiDay }
}

export type AlertFacts = {
  /** Events that have left no marker in the ledger. */
  readonly unposted: readonly SaleEvent[]
  readonly check: { readonly checkedAt?: Instant | undefined; readonly ok?: boolean | undefined } | undefined
  /** When the first entry was posted; undefined: there is none. */
  readonly firstPostedAt: Instant | undefined
  /** Of the month that holds the last finished day, up to that day. */
  readonly inflow: Pick<Inflow, 'fromDay' | 'countedTo' | 'sums' | 'before'>
  readonly pairings: readonly CoveredPairing[]
  readonly clawbackFen: number
}

/** The stream posts within a second or two and tries again for some minutes; after this nobody should wait any longer. */
const LATE_AFTER_MS = 10 * MINUTE_MS
/** A night and half a day: a check that is begun late in one night and early in the next is not missed. */
const CHECK_LATE_AFTER_MS = 36 * HOUR_MS
const FELL_PERCENT = 30
/** What a month of fewer sales brought is chance. */
const SALES_BEFORE_MIN = 10
/** A week of group buys: before it, one that opens a day later is everything there is. */
const DAYS_COMPARED_MIN = 7

/** The gravest first: the books, then the money, then what will be. */
export function decideAlerts(facts: AlertFacts, now: Instant): FundAlert[] {
  return [
    ...checkAlerts(facts, now),
    ...postingAlerts(facts, now),
    ...(facts.clawbackFen > 0 ? [{ kind: 'owes-donors', clawbackFen: facts.clawbackFen } as const] : []),
    ...inflowAlerts(facts, shanghaiDay(now)),
    ...agreementAlerts(facts, shanghaiDay(now)),
  ]
}

/** Events that are not in the ledger by its markers. */
export function lateEvents(events: readonly SaleEvent[], { sales, reversals }: Markers): SaleEvent[] {
  return events.filter((event) => {
    switch (event.type) {
      case 'sale.recorded.v1':
        return !sales.has(event.saleId)
      case 'sale.reversed.v1':
        return !reversals.has(event.reversalId)
      case 'sale.settled.v1':
        return sales.get(event.saleId)?.settled !== true
    }
  })
}

function checkAlerts({ check, firstPostedAt }: AlertFacts, now: Instant): FundAlert[] {
  const checkedAt = check?.checkedAt
  const since = checkedAt ?? firstPostedAt
  const failed = checkedAt !== undefined && check?.ok === false
  const late = since !== undefined && since < plusMs(now, -CHECK_LATE_AFTER_MS)
  return [
    ...(failed ? [{ kind: 'check-failed', since: checkedAt } as const] : []),
    ...(late ? [{ kind: 'check-late', since } as const] : []),
  ]
}

function postingAlerts({ unposted }: AlertFacts, now: Instant): FundAlert[] {
  const due = plusMs(now, -LATE_AFTER_MS)
  const late = unposted.map(({ occurredAt }) => occurredAt).filter((occurredAt) => occurredAt <= due)
  const [oldest] = late.toSorted()
  return oldest === undefined ? [] : [{ kind: 'posting-late', since: oldest, eventCount: late.length }]
}

function inflowAlerts({ inflow }: AlertFacts, today: ShanghaiDay): FundAlert[] {
  const { fromDay, countedTo: toDay, sums, before } = inflow
  const { postedFen } = sums
  const beforePostedFen = before.sameDays.postedFen
  if (fromDay !== monthStart(today) || toDay < plusDays(fromDay, DAYS_COMPARED_MIN - 1)) return []
  if (before.whole.saleCount < SALES_BEFORE_MIN || beforePostedFen <= 0) return []
  if (postedFen * 100 > beforePostedFen * (100 - FELL_PERCENT)) return []
  // Rounded down: it fell by at least so much.
  const fellPercent = Math.floor(((beforePostedFen - postedFen) * 100) / beforePostedFen)
  return [{ kind: 'inflow-fell', fromDay, toDay, postedFen, beforePostedFen, fellPercent }]
}

type AgreementAlert = Extract<FundAlert, { kind: 'agreement-missing' | 'agreement-ends' }>

function agreementAlerts({ pairings }: AlertFacts, today: ShanghaiDay): FundAlert[] {
  const dayOf = (alert: AgreementAlert) => (alert.kind === 'agreement-missing' ? '' : alert.lastDay)
  return pairings
    .flatMap((pairing) => agreementAlert(pairing, today) ?? [])
    .sort((left, right) => (dayOf(left) < dayOf(right) ? -1 : dayOf(left) > dayOf(right) ? 1 : 0))
}

function agreementAlert({ pairingId, villageName, cover }: CoveredPairing, today: ShanghaiDay) {
  switch (cover.kind) {
    case 'none':
      return { kind: 'agreement-missing', pairingId, villageName, sinceDay: cover.sinceDay } as const
    case 'until':
      if (cover.lastDay > plusDays(today, ENDS_SOON_DAYS)) return undefined
      return { kind: 'agreement-ends', pairingId, villageName, lastDay: cover.lastDay } as const
  }
}
