import type { LedgerHead } from '#shared/contracts/fund.ts'
import { canonicalJson } from './canonical-json.ts'
import type { FundHead } from './head.ts'

/** The last line of an export, as data: what anybody can recompute from the lines before it, and nothing else. */
export function ledgerHead(head: Pick<FundHead, 'fundId' | 'seq' | 'hash' | 'balances' | 'donors'>): LedgerHead {
  return {
    v: 1,
    kind: 'head',
    fundId: head.fundId,
    seq: head.seq,
    hash: head.hash,
    balances: { ...head.balances },
    donors: head.donors.map((donor) => ({ ...donor })),
  }
}

export function ledgerHeadLine(head: Parameters<typeof ledgerHead>[0]): string {
  return canonicalJson(ledgerHead(head))
}
