import type { Account, EntryKind, LedgerEntry } from '#shared/contracts/fund.ts'
import { shanghaiDay, type ShanghaiDay } from '#shared/kernel/time.ts'
import { isMovementKind, movedFenOf } from './movement.ts'

/** Which entries somebody looks for; what is left out asks for nothing. */
export type EntryFilter = {
  readonly kind?: EntryKind | undefined
  readonly account?: Account | undefined
  readonly villageId?: string | undefined
  readonly coopId?: string | undefined
  readonly groupBuyId?: string | undefined
  readonly channel?: 'group-buy' | 'fair' | undefined
  readonly proposalId?: string | undefined
  readonly agreementId?: string | undefined
  readonly agreement?: 'none' | undefined
  readonly fromDay?: ShanghaiDay | undefined
  readonly toDay?: ShanghaiDay | undefined
  readonly minFen?: number | undefined
  readonly maxFen?: number | undefined
}

const names = ['kind', 'villageId', 'coopId', 'groupBuyId', 'channel', 'proposalId', 'agreementId'] as const

/** Whether an entry is one of those that are looked for. */
export function isWanted(entry: LedgerEntry, filter: EntryFilter): boolean {
  if (names.some((name) => filter[name] !== undefined && filter[name] !== entry[name])) return false
  if (filter.agreement === 'none' && !isOfUnagreedSale(entry)) return false
  const { account, fromDay, toDay, minFen, maxFen } = filter
  if (account !== undefined && !entry.postings.some((posting) => posting.account === account)) return false
  const day = shanghaiDay(entry.postedAt)
  if ((fromDay !== undefined && day < fromDay) || (toDay !== undefined && day > toDay)) return false
  const fen = aboutFen(entry)
  return (minFen === undefined || fen >= minFen) && (maxFen === undefined || fen <= maxFen)
}

/** Of a sale that no agreement was in force for. A movement may have no agreement either, but then it is of no sale. */
function isOfUnagreedSale({ kind, agreementId }: LedgerEntry): boolean {
  return !isMovementKind(kind) && agreementId === undefined
}

/** The sum that an entry is about, as a person would look for it: without its sign. A settlement is about what it moved. */
export function aboutFen(entry: LedgerEntry): number {
  if (isMovementKind(entry.kind)) return Math.abs(movedFenOf(entry, entry.kind))
  if (entry.kind !== 'settlement') return Math.abs(entry.amountFen)
  return Math.abs(entry.postings.find(({ account }) => account === 'pending')?.deltaFen ?? 0)
}
