import type { Snapshot } from '#shared/contracts/sunshine.ts'
import { withOpenDay, standingAt, type Standing } from '#shared/domain/fund/figures.ts'
import { emptyHead, type FundHead } from '#shared/domain/fund/head.ts'
import { fundStatement, type FundStatement } from '#shared/domain/fund/statement.ts'
import { total } from '#shared/domain/sunshine/figures.ts'
import { assert } from '#shared/kernel/assert.ts'
import { daysOf } from '#shared/kernel/quarters.ts'
import { type Instant, plusDays, type ShanghaiDay } from '#shared/kernel/time.ts'
import { createHash } from 'node:crypto'
import { loadClosedDays, loadLastClosedDay } from '#functions/platform/table/closed-days.ts'
import { fundHeadItem } from '#functions/platform/table/items/ledger.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import { get } from '#functions/platform/table/table.ts'
import type { Named } from './disclosure-store.ts'

/**
 * The fund's quarter as its ledger says it: read, and nothing else. It is the statement that the fund's own pages show, frozen
 * when the quarter was over.
 */
const at = { table: 'LEDGER_TABLE' } as const

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

export async function fundSnapshot(named: Named, now: Instant): Promise<Snapshot> {
  const { disclosureId, compoundId, compoundName, keeperName, quarter } = named
  const days = daysOf(quarter)
  const statement = await statementOf(compoundId, days)
  assert(statement.check.ok, 'what moved in the quarter is what its two ends differ by')
  return {
    ...{ disclosureId, book: 'fund', version: 1, compoundId, compoundName, keeperName, quarter, ...days },
    ...{ publishedAt: now, figures: figuresOf(statement), ledger: ledgerOf(statement), entries: [] },
  }
}

async function statementOf(
  fundId: string,
  days: { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay },
): Promise<FundStatement> {
  const kept = await get(fundHeadItem, ledgerKeys.head(fundId), at)
  const head = kept === undefined ? emptyHead(fundId, sha256) : kept
  const [opening, closing, closed] = await Promise.all([
    standingOf(head, plusDays(days.fromDay, -1)),
    standingOf(head, days.toDay),
    loadClosedDays(fundId, days.fromDay, days.toDay),
  ])
  return fundStatement(opening, closing, withOpenDay(closed, head.openDay), days)
}

/** How the fund stood when the day ended: the last finished day by then, unless nothing came since. */
async function standingOf(head: FundHead, day: ShanghaiDay): Promise<Standing> {
  const hasMoved = head.openDay !== undefined && head.openDay.day > day
  const last = hasMoved ? await loadLastClosedDay(head.fundId, day) : undefined
  return standingAt(head, day, last) ?? emptyHead(head.fundId, sha256)
}

function figuresOf({ opening, inflow, otherFen, outflowFen, byPurpose, closing }: FundStatement): Snapshot['figures'] {
  const income = [
    { category: 'donated' as const, amountFen: inflow.postedFen },
    { category: 'other-inflow' as const, amountFen: otherFen },
  ].filter(({ amountFen }) => amountFen !== 0)
  const expense = byPurpose.map(({ purpose, spentFen }) => ({ category: purpose, amountFen: spentFen }))
  assert(total(expense) === outflowFen, 'what was paid out was paid out for a purpose')
  return {
    ...{ openingFen: opening.balanceFen, income, expense, incomeFen: total(income), expenseFen: total(expense) },
    closingFen: closing.balanceFen,
  }
}

function ledgerOf({ seq, hash, closing }: FundStatement): NonNullable<Snapshot['ledger']> {
  const { pendingFen, availableFen, reservedFen, clawbackFen, dueFen, cashFen } = closing
  return { seq, hash, pendingFen, availableFen, reservedFen, clawbackFen, dueFen, cashFen }
}
