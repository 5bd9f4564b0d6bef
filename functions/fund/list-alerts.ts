import { ALERTS_MAX, listFundAlerts as route } from '#shared/contracts/fund-alerts.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { decideAlerts, lateEvents } from '#shared/domain/fund/alerts.ts'
import { balanceFigures, lastClosedDay } from '#shared/domain/fund/figures.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { daysOfInflow, inflowOf } from '#shared/domain/fund/inflow.ts'
import { agreementCover } from '#shared/domain/places/agreement.ts'
import { plusDays, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { keptDays } from './inflow.ts'
import { compoundOf } from './names.ts'
import { loadCheck, loadEntries, loadHead, loadMarkers, loadPairings, loadSomeSaleEvents } from './store.ts'

/**
 * Some thousand households buy less in a day. Where there are more events, those that are looked at are as good as drawn by
 * lot, for their ids are random: a stream that stands still is seen all the same, one lost record is left to the night.
 */
const EVENTS_A_DAY_READ_MAX = 2_000

export const listFundAlerts = http(route, async ({ params: { compoundId } }, { caller, now }) => {
  const compound = await compoundOf(compoundId, now)
  if (compound === undefined) throw new Missing()
  requireRole(caller, 'worker', compound.communityId, 'admin')
  const head = await loadHead(compoundId)
  const [unposted, checked, inflow, pairings] = await Promise.all([
    unpostedEvents(compoundId, now),
    checkFacts(head),
    inflowFacts(head, now),
    coveredPairings(compound.communityId, now),
  ])
  const { clawbackFen } = balanceFigures(head)
  const alerts = decideAlerts({ unposted, ...checked, inflow, pairings, clawbackFen }, now)
  return { items: alerts.slice(0, ALERTS_MAX), count: alerts.length }
})

/** Of today and yesterday; what is older the nightly check has looked at, or is late itself. */
async function unpostedEvents(fundId: string, now: Instant): Promise<SaleEvent[]> {
  const today = shanghaiDay(now)
  const days = await Promise.all(
    [plusDays(today, -1), today].map((day) => loadSomeSaleEvents(fundId, day, EVENTS_A_DAY_READ_MAX)),
  )
  const events = days.flat()
  // Markers after events: what is posted in between is posted.
  return lateEvents(events, await loadMarkers(fundId, events, 'all'))
}

async function checkFacts({ fundId, seq }: FundHead) {
  const [check, first] = await Promise.all([
    loadCheck(fundId),
    seq === 0 ? [] : loadEntries(fundId, { from: 1, to: 1, limit: 1 }),
  ])
  return { check, firstPostedAt: first[0]?.postedAt }
}

async function coveredPairings(communityId: string, now: Instant) {
  const pairings = await loadPairings(communityId)
  return pairings.flatMap((pairing) => {
    const cover = agreementCover(pairing, shanghaiDay(now))
    return cover === undefined ? [] : [{ pairingId: pairing.pairingId, villageName: pairing.villageName, cover }]
  })
}

/** Of finished days: today has only begun, and would be less than any day before it. */
async function inflowFacts(head: FundHead, now: Instant) {
  const asOfDay = lastClosedDay(now)
  const days = await keptDays({ head, asOfDay }, daysOfInflow('month', asOfDay))
  return inflowOf(days, 'month', asOfDay, asOfDay)
}
