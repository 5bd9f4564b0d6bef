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

/**
 * First in, first out: the fen from `fromFen` (the pot before a gift) to `toFen` (after it) were spent on the projects whose
 * payments, laid end to end in the order in which they were made, cover them. All gifts together and all payments together
 * agree: no fen is spent twice, and none is missing.
 */
export function traceFen(fromFen: number, toFen: number, payments: readonly Paid[]): TracePart[] {
  assert(fromFen <= toFen, 'a gift is not below zero')
  const parts: TracePart[] = []
  let before = 0
  for (const { proposalId, paidFen, seq } of payments) {
    const amountFen = Math.min(toFen, before + paidFen) - Math.max(fromFen, before)
    if (amountFen > 0) parts.push({ proposalId, amountFen, seq })
    before += paidFen
  }
  return parts
}
