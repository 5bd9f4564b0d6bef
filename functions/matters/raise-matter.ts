import { raiseMatter as route } from '#shared/contracts/matters.ts'
import { termFrom } from '#shared/domain/matters/decide-act.ts'
import { foldMatter } from '#shared/domain/matters/matter.ts'
import { terms } from '#shared/domain/matters/rules.ts'
import type { MatterStep, Reporter } from '#shared/domain/matters/steps.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { raisedOnItem } from '#functions/platform/table/items/matters.ts'
import { compoundItem, householdItem } from '#functions/platform/table/items/places.ts'
import { keys, type Key } from '#functions/platform/table/keys.ts'
import { matterKeys } from '#functions/platform/table/matter-keys.ts'
import { get, type Write } from '#functions/platform/table/table.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { matterPersonOf, overseesMatters } from './matter-person.ts'
import { keepForMatter } from './matter-photos.ts'
import { loadMatter, reporterWrite, saveMatterStep } from './matter-store.ts'
import { matterView } from './matter-view.ts'

/** The version in a UUID that a ticket's number makes (`import-hotline.ts`). */
const TICKET_VERSION = '8'

/** Of one person in a compound on one Shanghai day; a worker files for many. */
const RAISED_MAX = { resident: 10, worker: 200 } as const

export const raiseMatter = http(
  route,
  async ({ params: { matterId }, body }, { caller, now }) => {
    const { compoundId, channel, householdId, ...content } = body
    const compound = await get(compoundItem, keys.place('compound', compoundId))
    if (compound === undefined) throw new Missing()
    const { name: compoundName, communityId } = compound
    const places = { matterId, compoundId, compoundName, communityId }
    const person = matterPersonOf(caller, places)
    const isOwn = channel === 'app'
    // Those of the hotline's tickets are made of their numbers: nobody takes one beforehand.
    if (matterId.charAt(14) === TICKET_VERSION) return refused('MATTER_ID_REUSED')
    if (isOwn ? person.livesHere === 'no' : !person.isWorker) throw new Forbidden()
    if (householdId !== undefined && (isOwn || !(await isHousehold(compoundId, householdId)))) {
      return refused('UNKNOWN_HOUSEHOLD', undefined, { householdId: '本小区没有这一户' })
    }
    const reporter: Reporter = isOwn
      ? { personId: caller.personId, ...homeIn(caller, compoundId) }
      : { ...(householdId === undefined ? {} : { householdId }) }
    const step: MatterStep = {
      ...{ at: now, actor: isOwn ? 'resident' : 'worker', personId: caller.personId, memberId: person.memberId },
      facts: { act: 'raise', channel, content, reporter },
      term: termFrom(now, terms.triage, workClockNow()),
    }
    const oversees = overseesMatters(caller, communityId)
    const max = RAISED_MAX[isOwn ? 'resident' : 'worker']
    const count = matterKeys.raisedOn(compoundId, shanghaiDay(now), caller.personId)
    // Somebody else's write in between: it is there by then, or it is tried once more.
    for (let attempt = 0; attempt < 3; attempt++) {
      const earlier = await loadMatter(matterId)
      if (earlier !== undefined) {
        const [first] = earlier.matter.steps
        const isSame =
          first?.personId === caller.personId &&
          earlier.item.compoundId === compoundId &&
          JSON.stringify(first.facts) === JSON.stringify(step.facts)
        return isSame ? matterView(earlier, person, oversees, now) : refused('MATTER_ID_REUSED')
      }
      const photos = keepForMatter(content.photoIds, { matterId, compoundId, personId: caller.personId, at: now })
      const whose = isOwn ? caller.personId : householdId
      const saved = await saveMatterStep(places, undefined, foldMatter([step]), [
        ...reporterWrite(matterId, whose, now),
        countedWrite(count, max),
        ...photos,
      ])
      if (saved.kind === 'saved') return matterView(saved.loaded, person, oversees, now)
      if (saved.kind === 'again') continue
      return (await isFull(count, max))
        ? refused('TOO_MANY_MATTERS', '今天提得太多了，请明天再提，急事请打电话')
        : refused('UNKNOWN_PHOTO', '照片没有传上来，请重新选', { photoIds: '照片没有传上来，请重新选' })
    }
    throw new Busy()
  },
  { freshRoles: true },
)

/** Where they live here, by their own word too: nobody of that household judges it. */
function homeIn({ memberships }: Caller, compoundId: string): Pick<Reporter, 'householdId'> {
  const home = memberships.find((held) => held.role === 'resident' && held.compoundId === compoundId)
  return home === undefined ? {} : { householdId: home.scopeId }
}

async function isHousehold(compoundId: string, householdId: string): Promise<boolean> {
  return (await get(householdItem, keys.household(compoundId, householdId))) !== undefined
}

function countedWrite(count: Key, max: number): Write {
  return {
    update: count,
    set: 'SET #entity = :entity, #v = :v ADD #count :one',
    condition: 'attribute_not_exists(PK) OR #count < :max',
    expression: {
      names: { '#entity': 'entity', '#v': 'v', '#count': 'count' },
      values: { ':entity': 'matterRaisedOn', ':v': 1, ':one': 1, ':max': max },
    },
  }
}

async function isFull(count: Key, max: number): Promise<boolean> {
  return ((await get(raisedOnItem, count))?.count ?? 0) >= max
}
