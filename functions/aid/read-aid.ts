import {
  type AidState,
  type AidSummary,
  getAid as getRoute,
  listAidSlips as slipsRoute,
  listAidToDo as toDoRoute,
  listMyAid as mineRoute,
} from '#shared/contracts/aid.ts'
import { type AidPerson, isApplicant } from '#shared/domain/aid/persons.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { casesOf, loadAid, pageOfSlips, pageToDo } from './aid-store.ts'
import { aidPersonOf, aidSummary, aidView } from './aid-view.ts'

const PAGE = 20

export const getAid = http(
  getRoute,
  async ({ params: { caseId } }, { caller, now }) => {
    const loaded = await loadAid(caseId, now)
    const view = loaded && aidView(loaded, aidPersonOf(caller, loaded.item.communityId), now)
    if (view === undefined) throw new Missing()
    return view
  },
  { freshRoles: true },
)

export const listMyAid = http(
  mineRoute,
  async (_input, { caller, now }) => {
    const person = aidPersonOf(caller, '')
    const loaded = await casesOf([caller.personId, ...person.homes], now)
    // Who has moved away since sees no more what was written down for the household.
    const items = loaded.filter(({ aid }) => isApplicant(aid, person)).map((each) => aidSummary(each, now))
    return { items }
  },
  { freshRoles: true },
)

export const listAidToDo = http(
  toDoRoute,
  async ({ query: { communityId, limit, cursor } }, { caller, now }) => {
    const states = statesFor(aidPersonOf(caller, communityId))
    if (states.length === 0) throw new Missing()
    const page = await pageToDo(communityId, now, { limit: limit ?? PAGE, cursor })
    const items: AidSummary[] = page.items
      .filter(({ state }) => states.includes(state))
      .map(({ caseId, compoundId, compoundName, state, raisedAt }) => ({
        ...{ caseId, compoundId, compoundName, state, raisedAt },
      }))
    return { ...page, items }
  },
  { freshRoles: true },
)

/** What somebody is told that it waits. Of what they could not act on, look after or pay, they learn nothing. */
function statesFor({ isWorker, isCommittee, isSupervisor, isCharity }: AidPerson): readonly AidState[] {
  if (isSupervisor) return ['raised', 'visited', 'approved']
  return [
    ...(isWorker ? (['raised', 'visited'] as const) : []),
    ...(isCommittee && !isWorker ? (['visited'] as const) : []),
    ...(isCharity ? (['approved'] as const) : []),
  ]
}

export const listAidSlips = openHttp(slipsRoute, async ({ query: { compoundId, limit, cursor } }) => {
  if ((await get(compoundItem, keys.place('compound', compoundId))) === undefined) throw new Missing()
  const page = await pageOfSlips(compoundId, { limit: limit ?? PAGE, cursor })
  const items = page.items.map(({ slipId, amountFen, approvedOn }) => ({ slipId, amountFen, approvedOn }))
  return { ...page, items }
})
