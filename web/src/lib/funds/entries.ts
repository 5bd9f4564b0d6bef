import type { Account, getFund, listEntries } from '#shared/contracts/fund.ts'
import type { FundSums } from '#shared/contracts/fund.ts'
import type { ManualEntryReason } from '#shared/contracts/fund-manual-entries.ts'
import type { Output } from '#shared/contracts/route.ts'
import type { EntryRow } from '../server/fund-page.ts'
import type { FundInflowShown } from './inflow.ts'

type Fund = Output<typeof getFund>

/** Entries that were looked for, and what they add up to. */
export type EntriesShown = {
  readonly fund: Fund
  readonly typed: Readonly<Record<string, string>>
  readonly errors: Readonly<Record<string, string>>
  readonly entries: readonly EntryRow[]
  readonly nextCursor: string | undefined
  readonly isFirst: boolean
  /** Of the whole filter, also of what is on other pages; undefined where the kept days cannot tell. */
  readonly sums: FundSums | undefined
  readonly account: Account | undefined
  /** By entry: how it moved the account that was asked for. */
  readonly accountFen: Readonly<Record<number, number>>
  readonly names: {
    readonly villages: FundInflowShown['byVillage']
    readonly coops: FundInflowShown['byCoop']
    readonly groupBuys: FundInflowShown['byGroupBuy']
  }
}

/** What the gift of a sale was spent on, first in first out. */
export type SpentShown = {
  readonly broughtFen: number
  readonly parts: readonly {
    readonly proposalId: string
    readonly title: string
    readonly amountFen: number
    /** How many households rated it 1, 2, 3, 4, 5; absent before the time to rate is over. */
    readonly counts: readonly number[] | undefined
    /** Of its receipts and of what was done: some of those that everybody sees. */
    readonly photoIds: readonly string[]
  }[]
  readonly correctedFen: number
  readonly unspentFen: number
}

export type EntryShown = {
  readonly fund: Fund
  readonly entry: Output<typeof listEntries>['items'][number]
  readonly row: EntryRow | undefined
  readonly others: readonly EntryRow[]
  readonly villageName: string | undefined
  readonly coopName: string | undefined
  readonly groupBuyTitle: string | undefined
  /** Of one that was posted by hand. */
  readonly reason: ManualEntryReason | undefined
  readonly spent: SpentShown | undefined
}

/** What an account holds, as the fund's page shows it; undefined for one that no page shows. */
export function balanceFenOf({ balances }: Fund, account: Account): number | undefined {
  const shown: Partial<Record<Account, number>> = {
    pending: balances.pendingFen,
    available: balances.availableFen,
    reserved: balances.reservedFen,
    clawback: 0 - balances.clawbackFen,
    spent: balances.spentFen,
    due: balances.dueFen,
    cash: balances.cashFen,
    paid: balances.paidFen,
  }
  return shown[account]
}
