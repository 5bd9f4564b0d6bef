import {
  exportPublication as exportRoute,
  getDisclosure as getRoute,
  listDisclosures as listRoute,
  listSunshineTasks as tasksRoute,
} from '#shared/contracts/sunshine.ts'
import { type Caller, hasRole, worksFor } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import type { SunshineBookItem } from '#functions/platform/table/items/sunshine.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { loadBook } from './book-store.ts'
import { disclosuresOf, loadDisclosure, loadPublication, pageOfTasks, taskList } from './disclosure-store.ts'
import { disclosureSummary, disclosureView, sunshinePersonOf } from './disclosure-view.ts'
import { exportText } from './publication.ts'

const TASKS_A_PAGE = 50

export const listDisclosures = openHttp(listRoute, async ({ params: { compoundId } }, { caller }) => {
  const compound = await get(compoundItem, keys.place('compound', compoundId))
  if (compound === undefined) throw new Missing()
  const [items, book] = await Promise.all([disclosuresOf(compoundId), loadBook(compoundId)])
  return {
    ...{ compoundId, compoundName: compound.name },
    ...{ communityId: compound.communityId, communityName: compound.communityName },
    ...(book === undefined ? {} : { keeperName: book.bodyName, opening: openingOf(book) }),
    isKeeper: book !== undefined && caller !== undefined && hasRole(caller, 'body', book.bodyId),
    items: items.map(disclosureSummary),
  }
})

const openingOf = ({ firstQuarter: quarter, openingFen, openingNote }: SunshineBookItem) => ({
  ...{ quarter, openingFen, openingNote },
})

export const getDisclosure = openHttp(
  getRoute,
  async ({ params: { disclosureId }, query: { version } }, { caller, now }) => {
    const loaded = await loadDisclosure(disclosureId)
    if (loaded === undefined) throw new Missing()
    return disclosureView(loaded, caller && sunshinePersonOf(caller, loaded.item), now, version)
  },
)

export const exportPublication = openHttp(exportRoute, async ({ params: { disclosureId, version } }) => {
  const publication = await loadPublication(disclosureId, version)
  if (publication === undefined) throw new Missing()
  return exportText(publication.snapshot, publication.sha256)
})

export const listSunshineTasks = http(tasksRoute, async ({ query }, { caller }) => {
  const page = await pageOfTasks(whoOf(query, caller), { limit: TASKS_A_PAGE, cursor: query.cursor })
  return { ...page, items: page.items.map(({ entity: _entity, v: _v, ...task }) => task) }
})

/** Of a body they act for, of a community they work for, else of the charity. */
function whoOf(
  { bodyId, communityId }: { bodyId?: string | undefined; communityId?: string | undefined },
  caller: Caller,
) {
  if (bodyId !== undefined && communityId !== undefined) throw new Invalid({ bodyId: '只写一个' })
  if (bodyId !== undefined) {
    if (!hasRole(caller, 'body', bodyId)) throw new Forbidden()
    return taskList.ofBody(bodyId)
  }
  if (communityId !== undefined) {
    if (!worksFor(caller, communityId)) throw new Forbidden()
    return taskList.ofBranch(communityId)
  }
  if (!caller.memberships.some(({ role }) => role === 'charity')) throw new Forbidden()
  return taskList.ofCharity
}
