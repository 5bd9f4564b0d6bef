import { listPairedCompounds as route } from '#shared/contracts/group-buys.ts'
import { inForceOn } from '#shared/kernel/term.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { Missing } from '#functions/platform/missing.ts'
import { communityItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { batchGet } from '#functions/platform/table/table.ts'
import { compoundsOfCommunity, getCoop, hasPickUpPoint, pairingsOfVillage } from './places.ts'

const READS_AT_ONCE = 16

export const listPairedCompounds = http(route, async ({ params: { coopId } }, { caller, now }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  const coop = await getCoop(coopId)
  if (coop === undefined) throw new Missing()
  const pairings = (await pairingsOfVillage(coop.villageId)).filter((pairing) => inForceOn(pairing, shanghaiDay(now)))
  const communities = await batchGet(
    communityItem,
    pairings.map((pairing) => keys.place('community', pairing.communityId)),
  )
  const compounds = await inParallel(communities, READS_AT_ONCE, ({ townId, communityId }) =>
    compoundsOfCommunity(townId, communityId),
  )
  const items = await inParallel(compounds.flat(), READS_AT_ONCE, async (compound) => {
    const { compoundId, name, communityId, communityName, townName } = compound
    return { compoundId, name, communityId, communityName, townName, hasPickUpPoint: await hasPickUpPoint(compoundId) }
  })
  return { items: items.sort((left, right) => (left.compoundId < right.compoundId ? -1 : 1)) }
})
