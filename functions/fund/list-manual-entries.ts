import {
  getManualEntryReason as reasonRoute,
  listManualEntries as listRoute,
  listOpenManualEntries as openRoute,
} from '#shared/contracts/fund-manual-entries.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { getManualEntryOf, loadOpen, pageOfManualEntries, pageOfOpen } from './manual-entry-store.ts'
import { manualEntryView, reasonView } from './manual-entry-view.ts'
import { compoundOf } from './names.ts'
import { keepsCharityBooks } from './remittance-view.ts'
import { windowOf } from './window.ts'

const PAGE = 20
const OPEN_SHOWN_MAX = 50

export const listManualEntries = http(listRoute, async ({ params: { compoundId }, query }, { caller, now }) => {
  const compound = await compoundOf(compoundId, now)
  if (compound === undefined) throw new Missing()
  if (!worksFor(caller, compound.communityId) && !keepsCharityBooks(caller)) throw new Forbidden()
  const page = await pageOfManualEntries(compoundId, query.limit ?? PAGE, query.cursor)
  // What waits is seen first, however much has ended since it was proposed.
  const waiting = query.cursor === undefined ? await loadOpen(compoundId, OPEN_SHOWN_MAX) : []
  const ended = page.items.filter(({ state }) => state !== 'proposed')
  const items = [...waiting.filter(({ state }) => state === 'proposed'), ...ended]
  return { ...page, items: items.map((entry) => manualEntryView(entry, caller)) }
})

export const listOpenManualEntries = http(openRoute, async ({ query }, { caller }) => {
  const page = await pageOfOpen(query.limit ?? PAGE, query.cursor)
  return { ...page, items: page.items.map((entry) => manualEntryView(entry, caller)) }
})

/** Told to whoever may see the entry itself, and for nobody else there is none. */
export const getManualEntryReason = openHttp(reasonRoute, async ({ params: { compoundId, seq } }, { caller, now }) => {
  const window = await windowOf(compoundId, caller, now)
  if (seq > (await window.standing()).seq) throw new Missing()
  const entry = await getManualEntryOf(compoundId, seq)
  if (entry === undefined) throw new Missing()
  return reasonView(entry, seq)
})
