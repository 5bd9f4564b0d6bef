import { createHash } from 'node:crypto'
import { saleEventSchema, type SaleEvent, type SaleRecorded } from '#shared/contracts/events.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { emptyHead, type ClosedDay, type FundHead } from '#shared/domain/fund/head.ts'
import { ledgerHeadLine } from '#shared/domain/fund/head-line.ts'
import type { Movement } from '#shared/domain/fund/movement.ts'
import { missingSales, postEvents, type Posted } from '#shared/domain/fund/post-events.ts'
import {
  postMovements,
  type PostedMovement,
  type PostedMovements,
  type PostedProject,
} from '#shared/domain/fund/post-movements.ts'
import type { PostedReversal, PostedSale } from '#shared/domain/fund/posted-sale.ts'
import { plusDays, startOfShanghaiDay } from '#shared/kernel/time.ts'

/** What a fund's tests tell: events in plain words, a ledger in memory that posts them as the table would. */

export const FUND = 'c-xinhua-01'
export const NOON = '2026-11-23T04:00:00.000Z'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

type SaleWords = Partial<Omit<SaleRecorded, 'type' | 'amountFen'>> & { readonly amountFen?: number }

export function sale(saleId: string, amountFen: number, words: SaleWords = {}): SaleEvent {
  return saleEventSchema.parse({
    type: 'sale.recorded.v1',
    saleId,
    channel: 'group-buy',
    groupBuyId: 'gb-1',
    compoundId: FUND,
    communityId: 'xinhua',
    villageId: 'zhuzhuang',
    coopId: 'coop-1',
    amountFen,
    rateBps: 200,
    agreementId: 'agr-1',
    agreementVersion: 1,
    occurredAt: NOON,
    ...words,
  })
}

/** A sale of a pairing without an agreement in force. */
export function saleWithoutAgreement(saleId: string, amountFen: number): SaleEvent {
  const {
    agreementId: _id,
    agreementVersion: _version,
    ...rest
  } = sale(saleId, amountFen, { rateBps: 0 }) as SaleRecorded
  return saleEventSchema.parse(rest)
}

export function reversal(reversalId: string, saleId: string, amountFen: number): SaleEvent {
  return saleEventSchema.parse({
    type: 'sale.reversed.v1',
    reversalId,
    saleId,
    saleDay: '2026-11-23',
    compoundId: FUND,
    amountFen,
    reason: 'refund',
    occurredAt: NOON,
  })
}

export function settlement(saleId: string): SaleEvent {
  return saleEventSchema.parse({
    type: 'sale.settled.v1',
    saleId,
    saleDay: '2026-11-23',
    compoundId: FUND,
    occurredAt: NOON,
  })
}

/** A ledger in memory: what the table keeps, without the table. `recorded` are the sales that the market holds. */
export class StoryLedger {
  head: FundHead
  readonly entries: LedgerEntry[] = []
  readonly sales = new Map<string, PostedSale>()
  readonly reversals = new Map<string, PostedReversal>()
  readonly movements = new Map<string, PostedMovement>()
  readonly projects = new Map<string, PostedProject>()
  readonly closedDays: ClosedDay[] = []
  readonly recorded: Map<string, SaleEvent>

  constructor(recorded: readonly SaleEvent[] = [], fundId: string = FUND) {
    this.head = emptyHead(fundId, sha256)
    this.recorded = new Map(
      recorded.flatMap((event) => (event.type === 'sale.recorded.v1' ? [[event.saleId, event]] : [])),
    )
  }

  post(events: readonly SaleEvent[], now: string = NOON): Posted {
    const markers = { sales: this.sales, reversals: this.reversals }
    const brought = missingSales(markers, events).flatMap(({ saleId }) => this.recorded.get(saleId) ?? [])
    const posted = postEvents(this.head, markers, [...events, ...brought], now, sha256)
    this.head = posted.head
    this.entries.push(...posted.entries)
    for (const { after } of posted.sales) this.sales.set(after.saleId, after)
    for (const each of posted.reversals) this.reversals.set(each.reversalId, each)
    if (posted.closedDay !== undefined) this.closedDays.push(posted.closedDay)
    return posted
  }

  move(movements: readonly Movement[], now: string = NOON): PostedMovements {
    const moved = postMovements(this.head, this, movements, now, sha256)
    this.head = moved.head
    this.entries.push(...moved.entries)
    for (const each of moved.movements) this.movements.set(each.eventId, each)
    for (const { after } of moved.projects) this.projects.set(after.proposalId, after)
    if (moved.closedDay !== undefined) this.closedDays.push(moved.closedDay)
    return moved
  }

  lines(): string[] {
    return [...this.entries.map((entry) => canonicalJson(entry)), ledgerHeadLine(this.head)]
  }
}

export const FIRST_TOLD_DAY = '2026-09-28'

/** A ledger whose events are posted on days of several months: each so many days after the one before. */
export function toldOnDays(events: readonly SaleEvent[], steps: readonly number[]): StoryLedger {
  const ledger = new StoryLedger(events)
  let day = FIRST_TOLD_DAY
  for (const [at, event] of events.entries()) {
    day = plusDays(day, steps[at % steps.length] ?? 0)
    ledger.post([event], startOfShanghaiDay(day))
  }
  return ledger
}
