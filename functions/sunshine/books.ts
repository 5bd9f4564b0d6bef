import {
  type BookSummary,
  type BookView,
  getBook as getRoute,
  listBooks as listRoute,
  openBook as openRoute,
} from '#shared/contracts/sunshine-book.ts'
import { firstAwaited } from '#shared/domain/sunshine/awaiting.ts'
import { nextQuarterOf, openingOf, sumOf } from '#shared/domain/sunshine/book.ts'
import { decideOpening } from '#shared/domain/sunshine/decide-opening.ts'
import { disclosureIdOf } from '#shared/domain/sunshine/disclosure-id.ts'
import { endOf, quarterAfter, quarterOf, type Quarter } from '#shared/kernel/quarters.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { hasRole, worksFor } from '#functions/platform/caller.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { bodyItem } from '#functions/platform/table/items/bodies.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { disclosureItem, sunshineBookItem, type SunshineBookItem } from '#functions/platform/table/items/sunshine.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { sunshineKeys } from '#functions/platform/table/sunshine-keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { booksOf, loadBook, loadQuarter, saveOpened } from './book-store.ts'
import { beginWrites } from './disclosure-store.ts'
import { entryView } from './record-entry.ts'

export const openBook = http(
  openRoute,
  async ({ params: { compoundId }, body }, { caller, now }) => {
    const compound = await get(compoundItem, keys.place('compound', compoundId))
    if (compound === undefined) throw new Missing()
    const { communityId, name: compoundName } = compound
    if (!worksFor(caller, communityId)) throw new Forbidden()
    const keeper = await get(bodyItem, keys.place('body', body.bodyId))
    const isKeeper = hasRole(caller, 'body', body.bodyId)
    const today = quarterOf(shanghaiDay(now))
    const decided = decideOpening(body, keeper, communityId, isKeeper, today)
    if (decided !== undefined) return decided
    const { bodyId, firstQuarter, openingFen, openingNote } = body
    const item = sunshineBookItem.parse({
      ...{ entity: 'sunshineBook', v: 1, compoundId, compoundName, communityId, bodyId, bodyName: keeper?.name },
      ...{ firstQuarter, openingFen, openingNote, openedAt: now, revision: 1, seq: 0 },
      ...{ balanceFen: openingFen, settledFen: openingFen, quarters: [], correcting: false },
    })
    const before = await loadBook(compoundId)
    if (before === undefined) {
      const disclosureId = disclosureIdOf({ book: 'property', quarter: firstQuarter, compoundId })
      const named = {
        disclosureId,
        book: 'property',
        compoundId,
        compoundName,
        communityId,
        quarter: firstQuarter,
      } as const
      const first = firstAwaited('property', firstQuarter, now, governanceDayMs())
      const begun = beginWrites({ ...named, keeperId: bodyId, keeperName: item.bodyName }, first)
      const done = await saveOpened(item, begun)
      if (done.kind === 'done') log('info', 'sunshine book opened', { compoundId })
    }
    const book = before ?? (await loadBook(compoundId))
    if (book === undefined) throw new Busy()
    return isSame(book, item) ? bookSummary(book) : refused('BOOK_EXISTS', '这个小区已经有账簿了')
  },
  { freshRoles: true },
)

const isSame = (book: SunshineBookItem, item: SunshineBookItem) =>
  (['bodyId', 'firstQuarter', 'openingFen', 'openingNote'] as const).every((name) => book[name] === item[name])

export const listBooks = http(listRoute, async ({ query: { bodyId } }, { caller }) => {
  if (!hasRole(caller, 'body', bodyId)) throw new Forbidden()
  return { items: (await booksOf(bodyId)).map(bookSummary) }
})

/** What is not published yet is for who keeps the book and for the community. */
export const getBook = http(getRoute, async ({ params: { compoundId }, query }, { caller, now }) => {
  const book = await loadBook(compoundId)
  if (book === undefined) throw new Missing()
  const mayRecord = hasRole(caller, 'body', book.bodyId)
  if (!mayRecord && !worksFor(caller, book.communityId)) throw new Missing()
  const quarters = await quartersOf(book, now)
  const quarter = query.quarter ?? nextQuarterOf(book)
  const [{ entries, reversedBy }, published] = await Promise.all([
    loadQuarter(compoundId, quarter),
    get(disclosureItem, sunshineKeys.disclosure(disclosureIdOf({ book: 'property', quarter, compoundId }))),
  ])
  return {
    ...bookSummary(book),
    ...{ quarters, quarter, mayRecord, publishedVersion: published?.version ?? 0 },
    entries: entries.map((entry): BookView['entries'][number] => ({
      ...entryView(entry),
      ...(reversedBy.has(entry.seq) ? { reversedBy: reversedBy.get(entry.seq) } : {}),
      mayReverse: mayRecord && entry.reverses === undefined && !reversedBy.has(entry.seq),
    })),
  }
})

/** From the last published one to today's: those that an entry can still be of. */
async function quartersOf(book: SunshineBookItem, now: Instant): Promise<BookView['quarters']> {
  const today = quarterOf(shanghaiDay(now))
  const through = book.publishedThrough
  const all: Quarter[] = []
  for (let each = through ?? book.firstQuarter; each <= today; each = quarterAfter(each)) all.unshift(each)
  return all.map((quarter) => {
    const { entries, deltaFen } = sumOf(book, quarter)
    const openingFen = openingOf(book, quarter)
    const isPublished = through !== undefined && quarter <= through
    return {
      quarter,
      entries,
      openingFen,
      closingFen: openingFen + deltaFen,
      isOver: endOf(quarter) <= now,
      isPublished,
    }
  })
}

function bookSummary(item: SunshineBookItem): BookSummary {
  const { entity: _entity, v: _v, revision: _revision, settledFen: _settledFen, quarters: _quarters, ...summary } = item
  return summary
}
