import { DUE_SHOWN_MAX, listDue as route, type Due } from '#shared/contracts/fund-remittances.ts'
import { lastClosedDay } from '#shared/domain/fund/figures.ts'
import { addFen } from '#shared/kernel/money.ts'
import { plusDays } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { loadDueLines } from './due-lines.ts'
import { namesOf } from './names.ts'
import { loadCharityName, loadLastRemittance, loadOpenRemittance } from './remittance-store.ts'

export const listDue = http(route, async (_input, { now }): Promise<Due> => {
  const throughDay = lastClosedDay(now)
  const [{ lines, aheadFen }, charityName, last, open] = await Promise.all([
    loadDueLines(throughDay),
    loadCharityName(),
    loadLastRemittance(),
    loadOpenRemittance(),
  ])
  const name = await namesOf({ village: [], coop: lines.map(({ donor }) => donor.coopId), groupBuy: [] }, now)
  const byCoop = new Map<string, number>()
  for (const { donor, amountFen } of lines) byCoop.set(donor.coopId, (byCoop.get(donor.coopId) ?? 0) + amountFen)
  return {
    ...(charityName === undefined ? {} : { charityName }),
    throughDay,
    ...(last === undefined ? {} : { sinceDay: plusDays(last.throughDay, 1) }),
    totalFen: addFen(...lines.map(({ amountFen }) => amountFen)),
    aheadFen,
    fundCount: new Set(lines.map(({ compound }) => compound.compoundId)).size,
    ...(open === undefined ? {} : { openRemittanceId: open.remittanceId }),
    byCoop: [...byCoop]
      .map(([coopId, dueFen]) => ({ coopId, coopName: name('coop', coopId), dueFen }))
      .sort((left, right) => right.dueFen - left.dueFen),
    rows: lines.slice(0, DUE_SHOWN_MAX).map(({ compound, donor, amountFen }) => ({
      compoundId: compound.compoundId,
      compoundName: compound.name,
      communityName: compound.communityName,
      ...{ agreementId: donor.agreementId, coopId: donor.coopId, coopName: name('coop', donor.coopId) },
      dueFen: amountFen,
    })),
  }
})
