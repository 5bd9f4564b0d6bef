import {
  accounts,
  cashAccounts,
  fundAccounts,
  lateAccounts,
  type Account,
  type LateAccount,
} from '#shared/contracts/fund.ts'
import { assert } from '#shared/kernel/assert.ts'

/** Signed whole fen per account; an account's balance is the sum of all postings to it. A late account at 0 is absent. */
export type Balances = Record<Exclude<Account, LateAccount>, number> & { [late in LateAccount]?: number | undefined }

export type FundPosting = { readonly account: Account; readonly deltaFen: number }

export function zeroBalances(): Balances {
  return {
    sales: 0,
    pending: 0,
    available: 0,
    reserved: 0,
    clawback: 0,
    settled: 0,
    due: 0,
    cash: 0,
    paid: 0,
  }
}

/** Postings that say something, in the fixed order of the accounts: an entry that moves nothing has none. */
export function postingsOf(deltas: Partial<Record<Account, number>>): FundPosting[] {
  return accounts.flatMap((account) => {
    const deltaFen = deltas[account] ?? 0
    return deltaFen === 0 ? [] : [{ account, deltaFen }]
  })
}

export function isZeroSum(postings: readonly { readonly account: string; readonly deltaFen: number }[]): boolean {
  let fund = 0
  let cash = 0
  for (const { account, deltaFen } of postings) {
    if (isIn(fundAccounts, account)) fund += deltaFen
    else if (isIn(cashAccounts, account)) cash += deltaFen
    else return false
  }
  return fund === 0 && cash === 0
}

export function balanceOf(balances: Balances, account: Account): number {
  return balances[account] ?? 0
}

function isLate(account: Account): account is LateAccount {
  return isIn(lateAccounts, account)
}

function isIn(set: readonly string[], account: string): boolean {
  return set.includes(account)
}

/** Adds postings to balances in place; what only a bug can break is broken loudly, before anything is written. */
export function applyPostings(balances: Balances, postings: readonly FundPosting[]): void {
  assert(isZeroSum(postings), 'an entry is zero-sum in each balanced set')
  for (const { account, deltaFen } of postings) {
    const next = balanceOf(balances, account) + deltaFen
    assert(Number.isSafeInteger(next), `the balance of ${account} is a safe integer`)
    if (next === 0 && isLate(account)) delete balances[account]
    else balances[account] = next
  }
}
