import type { StatementRows, StatementSums } from '../../contracts/settlement.ts'
import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, fen, ZERO_FEN } from '../../kernel/money.ts'

type Reason = StatementRows['offers'][number]['reversed'][number]['reason']

/** A paid share as the co-op may know it: where it went and what was in it, never whose it is. */
export type StatedShare = {
  readonly compoundId: string
  readonly lines: readonly {
    readonly offerId: string
    readonly quantity: number
    readonly dropped: number
    readonly amountFen: Fen
    readonly reversed: readonly { readonly reason: Reason; readonly amountFen: Fen }[]
  }[]
}

/** What a compound's fund has posted for the group buy. */
export type FundSums = {
  readonly compoundId: string
  readonly salesFen: number
  readonly reversedFen: number
  readonly postedFen: number
  readonly saleCount: number
}

export type StatementFigures = {
  readonly saleCount: number
  readonly sums: StatementSums
  readonly offers: readonly Omit<StatementRows['offers'][number], 'name' | 'unitLabel'>[]
  readonly compounds: readonly Omit<StatementRows['compounds'][number], 'compoundName'>[]
}

export type Summed =
  | { readonly kind: 'figures'; readonly figures: StatementFigures }
  /** A fund has not posted all of it yet; what is stated has to be what the ledger says. */
  | { readonly kind: 'waits'; readonly compoundIds: readonly string[] }

/**
 * The statement of a group buy: sales − reversals − the posted 2 %, the same by offer and by compound. The goods' side comes
 * from the shares, the funds' side from the ledger; it is stated only when both say the same of sales and reversals.
 */
export function sumStatement(
  shares: readonly StatedShare[],
  funds: readonly FundSums[],
  offerIds: readonly string[],
): Summed {
  const byCompound = Map.groupBy(shares, (share) => share.compoundId)
  const posted = new Map(funds.map((fund) => [fund.compoundId, fund]))
  const compoundIds = [...new Set([...byCompound.keys(), ...posted.keys()])].sort()
  const late = compoundIds.filter((id) => !agree(byCompound.get(id) ?? [], posted.get(id)))
  if (late.length > 0) return { kind: 'waits', compoundIds: late }
  const compounds = compoundIds.map((compoundId) => {
    const { salesFen, reversedFen } = sumsOf(byCompound.get(compoundId) ?? [])
    return { compoundId, ...withPayable(salesFen, reversedFen, posted.get(compoundId)?.postedFen ?? 0) }
  })
  const offers = offerIds.map((offerId) => offerRow(offerId, shares)).filter((offer) => offer.portions > 0)
  const { salesFen, reversedFen } = sumsOf(shares)
  const postedFen = compounds.reduce((sum, compound) => sum + compound.postedFen, 0)
  const sums = withPayable(salesFen, reversedFen, postedFen)
  for (const rows of [offers, compounds]) {
    assert(addFen(...rows.map((row) => row.salesFen)) === salesFen, 'rows add up to the sales')
    assert(addFen(...rows.map((row) => row.reversedFen)) === reversedFen, 'rows add up to what went back')
  }
  return { kind: 'figures', figures: { saleCount: shares.length, sums, offers, compounds } }
}

function agree(shares: readonly StatedShare[], fund: FundSums | undefined): boolean {
  const { salesFen, reversedFen } = sumsOf(shares)
  return (
    shares.length === (fund?.saleCount ?? 0) &&
    salesFen === (fund?.salesFen ?? 0) &&
    reversedFen === (fund?.reversedFen ?? 0)
  )
}

const linesOf = (shares: readonly StatedShare[]) => shares.flatMap((share) => share.lines)
const reversedFenOf = ({ reversed }: StatedShare['lines'][number]) => addFen(...reversed.map((each) => each.amountFen))

function sumsOf(shares: readonly StatedShare[]): { readonly salesFen: Fen; readonly reversedFen: Fen } {
  const lines = linesOf(shares)
  return {
    salesFen: addFen(...lines.map((line) => line.amountFen)),
    reversedFen: addFen(...lines.map(reversedFenOf)),
  }
}

function withPayable(salesFen: Fen, reversedFen: Fen, postedFen: number): StatementSums {
  return { salesFen, reversedFen, postedFen, payableFen: salesFen - reversedFen - postedFen }
}

function offerRow(offerId: string, shares: readonly StatedShare[]): StatementFigures['offers'][number] {
  const lines = linesOf(shares).filter((line) => line.offerId === offerId)
  const byReason = new Map<Reason, Fen>()
  for (const { reason, amountFen } of lines.flatMap((line) => line.reversed)) {
    byReason.set(reason, fen((byReason.get(reason) ?? ZERO_FEN) + amountFen))
  }
  return {
    offerId,
    portions: lines.reduce((sum, line) => sum + line.quantity, 0),
    droppedPortions: lines.reduce((sum, line) => sum + line.dropped, 0),
    salesFen: addFen(...lines.map((line) => line.amountFen)),
    reversedFen: addFen(...lines.map(reversedFenOf)),
    reversed: [...byReason]
      .map(([reason, amountFen]) => ({ reason, amountFen }))
      .sort((left, right) => (left.reason < right.reason ? -1 : 1)),
  }
}
