import { actOnMatter as route, type MatterAct } from '#shared/contracts/matters.ts'
import { decideMatterAct, type Known } from '#shared/domain/matters/decide-act.ts'
import { afterStep } from '#shared/domain/matters/matter.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { bodiesOf } from '#functions/platform/bodies.ts'
import { Busy } from '#functions/platform/busy.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import type { MatterItem } from '#functions/platform/table/items/matters.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { matterPersonOf, overseesMatters } from './matter-person.ts'
import { keepForMatter } from './matter-photos.ts'
import { loadMatter, matterStepWrites, saveMatterStep, type LoadedMatter, type Saved } from './matter-store.ts'
import { matterView, sightOf } from './matter-view.ts'
import { linkCheck, mayLink } from './link-proposal.ts'
import { isDue, moveOn } from './move-on.ts'
import { noticeWrites } from './notice-writes.ts'
import { mergeFollowersWrites, unfollowedCheck } from './voices-store.ts'

const ATTEMPTS_MAX = 8

/** Loads, decides, adds the step. Somebody else's step in between only means to decide once more. */
export const actOnMatter = http(
  route,
  async ({ params: { matterId }, body }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const loaded = await loadMatter(matterId)
      if (loaded === undefined) throw new Missing()
      const { item, matter } = loaded
      const person = matterPersonOf(caller, item)
      const oversees = overseesMatters(caller, item.communityId)
      if (sightOf(matter, person, oversees) === 'nothing') throw new Missing()
      // What the clock has not said yet comes before what people do: nobody escapes a deadline by being quicker than a minute.
      if (isDue(matter, now)) {
        await moveOn(matterId, now)
        continue
      }
      const into = body.act === 'merge' ? await mergeTarget(body.into, item) : undefined
      const known = await knownFor(body, loaded, into)
      const days = { work: workClockNow(), dayMs: governanceDayMs() }
      const decided = decideMatterAct(matter, body, person, known, now, days)
      switch (decided.kind) {
        case 'forbidden':
          throw new Forbidden()
        case 'refused':
          return decided
        case 'same':
          return matterView(loaded, person, oversees, now)
        case 'step': {
          const saved = await save(loaded, decided.step, body, into, now)
          if (saved.kind === 'also' && 'photoIds' in body)
            return refused('UNKNOWN_PHOTO', '照片没有传上来，请重新选', { photoIds: '请重新选' })
          // A proposal that ended in this very moment, or a neighbour who followed: decided once more.
          if (saved.kind !== 'saved') continue
          log('info', 'matter moved', { matterId, act: body.act, state: saved.loaded.item.state })
          return matterView(saved.loaded, person, oversees, now)
        }
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

async function mergeTarget(matterId: string, { compoundId, matterId: from }: MatterItem) {
  if (matterId === from) return undefined
  const found = await loadMatter(matterId)
  return found?.item.compoundId === compoundId ? found : undefined
}

async function knownFor(
  act: MatterAct,
  { item, followers }: LoadedMatter,
  into: LoadedMatter | undefined,
): Promise<Known> {
  const namesBodies = act.act === 'assign' || act.act === 'rule' || act.act === 'supervise'
  const bodies = namesBodies ? await bodiesOf(item.communityId) : []
  return {
    bodies: new Map(bodies.map(({ bodyId, name, bodyKind }) => [bodyId, { bodyId, name, kind: bodyKind }])),
    into: into?.matter,
    followers,
    hasProposal: act.act === 'link-proposal' && (await mayLink(act.proposalId, item.compoundId)),
  }
}

/** Photos that come with an act become the matter's in its transaction; a merging is a step of both. */
async function save(
  loaded: LoadedMatter,
  step: MatterStep,
  act: MatterAct,
  into: LoadedMatter | undefined,
  now: Instant,
): Promise<Saved> {
  const { item, matter, followers } = loaded
  const { matterId, compoundId } = item
  const next = afterStep(matter, step)
  if (into !== undefined) {
    const taken = afterStep(into.matter, {
      at: now,
      actor: 'system',
      facts: {
        act: 'take-in',
        matterIds: [matterId, ...matter.mergedFrom],
        reporters: matter.reporters,
      },
    })
    const both = [
      ...matterStepWrites(into.item, into.matter, taken),
      ...mergeFollowersWrites(matterId, into.item.matterId, followers),
    ]
    // Whatever of the other side failed has moved on since it was read.
    const told = await noticeWrites(item, next)
    const saved = await saveMatterStep(item, loaded, next, [...both, ...told])
    return saved.kind === 'saved' ? saved : { kind: 'again' }
  }
  const sent = ['add', 'report', 'answer', 'verify'].includes(act.act) && 'photoIds' in act ? act.photoIds : []
  const { personId } = step
  return saveMatterStep(item, loaded, next, [
    ...(act.act === 'link-proposal' ? [linkCheck(act.proposalId, compoundId)] : []),
    ...(act.act === 'withdraw' ? [unfollowedCheck(matterId)] : []),
    ...(personId === undefined ? [] : keepForMatter(sent, { matterId, compoundId, personId, at: now })),
    ...(await noticeWrites(item, next)),
  ])
}
