import { dueFen, donorKey, wholeFen, type DonorSums } from '#shared/domain/fund/donor-sums.ts'
import { remittableFen } from '#shared/domain/fund/decide-remittance.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { fen, type Fen } from '#shared/kernel/money.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import type { CompoundItem } from '#functions/platform/table/items/places.ts'
import { allCompounds, loadHeads, loadLastClosedDay } from './store.ts'

/** One donor's gift to one fund, as far as it is settled and has not arrived. */
export type DueLine = {
  readonly compound: CompoundItem
  readonly donor: Pick<DonorSums, 'agreementId' | 'coopId'>
  readonly settledE4Fen: number
  readonly settledFen: number
  readonly remittedBeforeFen: number
  readonly amountFen: Fen
}

export type DueLines = {
  readonly lines: readonly DueLine[]
  /** Σ of donors whose money arrived and was given back since: zero or below. */
  readonly aheadFen: number
}

const HEADS_AT_ONCE = 100
const DAYS_AT_ONCE = 16

/** What is due by the end of this finished day, of every fund of the district. */
export async function loadDueLines(throughDay: ShanghaiDay): Promise<DueLines> {
  const compounds = await allCompounds()
  const lines: DueLine[] = []
  let aheadFen = 0
  for (let from = 0; from < compounds.length; from += HEADS_AT_ONCE) {
    const some = compounds.slice(from, from + HEADS_AT_ONCE)
    const found = await loadHeads(some.map(({ compoundId }) => compoundId))
    const heads = new Map(found.map((head) => [head.fundId, head]))
    const settled = await settledBy(heads, throughDay)
    for (const compound of some) {
      const head = heads.get(compound.compoundId)
      if (head === undefined) continue
      aheadFen += head.donors.reduce((sum, donor) => sum + Math.min(0, dueFen(donor)), 0)
      lines.push(...linesOf(compound, head, settled.get(compound.compoundId) ?? []))
    }
  }
  return { lines, aheadFen }
}

function linesOf(compound: CompoundItem, head: FundHead, settled: readonly DonorSums[]): DueLine[] {
  const byKey = new Map(head.donors.map((donor) => [donorKey(donor.agreementId, donor.coopId), donor]))
  return settled.flatMap((donor) => {
    const current = byKey.get(donorKey(donor.agreementId, donor.coopId)) ?? donor
    const amountFen = remittableFen(donor, current)
    if (amountFen === 0) return []
    const { agreementId, coopId, settledE4Fen } = donor
    return [
      {
        compound,
        donor: { agreementId, coopId },
        settledE4Fen,
        settledFen: wholeFen(settledE4Fen),
        remittedBeforeFen: current.remittedFen ?? 0,
        amountFen: fen(amountFen),
      },
    ]
  })
}

/** Donors as they stood at the end of the day: the head itself where nothing came since. */
async function settledBy(heads: ReadonlyMap<string, FundHead>, day: ShanghaiDay) {
  const standing = new Map<string, readonly DonorSums[]>()
  const later: string[] = []
  for (const [fundId, head] of heads) {
    if (head.openDay === undefined || head.openDay.day <= day) standing.set(fundId, head.donors)
    else later.push(fundId)
  }
  for (let from = 0; from < later.length; from += DAYS_AT_ONCE) {
    const some = later.slice(from, from + DAYS_AT_ONCE)
    const days = await Promise.all(some.map((fundId) => loadLastClosedDay(fundId, day)))
    some.forEach((fundId, at) => standing.set(fundId, days[at]?.donors ?? []))
  }
  return standing
}
