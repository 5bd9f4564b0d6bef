import { dueFen, donorKey, wholeFen, type DonorSums } from '#shared/domain/fund/donor-sums.ts'
import { remittableFen } from '#shared/domain/fund/decide-remittance.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { fen, type Fen } from '#shared/kernel/money.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { CompoundItem } from '#functions/platform/table/items/places.ts'
import { loadStanding } from './load-standing.ts'
import { allCompounds, loadHeads } from './store.ts'

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
    const byId = new Map(some.map((compound) => [compound.compoundId, compound]))
    const heads = await loadHeads([...byId.keys()])
    const standings = await inParallel(heads, DAYS_AT_ONCE, (head) => loadStanding(head, throughDay))
    heads.forEach((head, at) => {
      const compound = byId.get(head.fundId)
      if (compound === undefined) return
      aheadFen += head.donors.reduce((sum, donor) => sum + Math.min(0, dueFen(donor)), 0)
      lines.push(...linesOf(compound, head, standings[at]?.donors ?? []))
    })
  }
  // In the order of the compounds, however the heads came back.
  const place = new Map(compounds.map(({ compoundId }, at) => [compoundId, at]))
  const at = ({ compound }: DueLine) => place.get(compound.compoundId) ?? 0
  return { lines: lines.sort((left, right) => at(left) - at(right)), aheadFen }
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
