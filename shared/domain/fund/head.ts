import type { Instant } from '#shared/kernel/time.ts'
import { zeroBalances, type Balances } from './accounts.ts'
import type { DaySums } from './day-sums.ts'
import type { DonorSums } from './donor-sums.ts'

/** Text to lower-case hex SHA-256 of its UTF-8 bytes. An argument, so that the same code runs in a browser and a Lambda. */
export type Sha256 = (text: string) => string

/** Running totals that pages show and that balances alone do not tell. `unagreed…`: sales without an agreement in force. */
export type Totals = {
  readonly salesFen: number
  readonly reversedFen: number
  readonly saleCount: number
  readonly unagreedSaleCount: number
  readonly unagreedSalesFen: number
}

export const NO_TOTALS: Totals = {
  salesFen: 0,
  reversedFen: 0,
  saleCount: 0,
  unagreedSaleCount: 0,
  unagreedSalesFen: 0,
}

/** Everything a fund is after its last entry. It is a fold of the entries and of nothing else. */
export type FundHead = {
  readonly fundId: string
  /** Number of entries; the last one carries it. */
  readonly seq: number
  /** Hash of the last entry; of the fund's id while there is none. */
  readonly hash: string
  readonly lastPostedAt?: Instant
  readonly balances: Balances
  readonly donors: readonly DonorSums[]
  readonly totals: Totals
  /** The Shanghai day of the last entry, still growing; absent while there is no entry. */
  readonly openDay?: DaySums
}

/** A finished Shanghai day with the state of the fund at its end: its `hash` is the day's root. Written once. */
export type ClosedDay = DaySums & Pick<FundHead, 'seq' | 'hash' | 'balances' | 'donors' | 'totals'>

/** The `prevHash` of a fund's first entry. */
export function genesisHash(fundId: string, sha256: Sha256): string {
  return sha256(fundId)
}

export function emptyHead(fundId: string, sha256: Sha256): FundHead {
  return {
    fundId,
    seq: 0,
    hash: genesisHash(fundId, sha256),
    balances: zeroBalances(),
    donors: [],
    totals: NO_TOTALS,
  }
}
