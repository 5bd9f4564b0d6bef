import {
  correctFundAccounts as correctRoute,
  publishAccounts as publishRoute,
  type Snapshot,
} from '#shared/contracts/sunshine.ts'
import { afterPublication, openingOf, sumOf } from '#shared/domain/sunshine/book.ts'
import { decideFundCorrection, decidePublishing } from '#shared/domain/sunshine/decide-publish.ts'
import { disclosureIdOf, ofDisclosureId } from '#shared/domain/sunshine/disclosure-id.ts'
import { lastPublication } from '#shared/domain/sunshine/disclosure.ts'
import { figuresOf, publishedEntries } from '#shared/domain/sunshine/figures.ts'
import { assert } from '#shared/kernel/assert.ts'
import { daysOf, quarterBefore } from '#shared/kernel/quarters.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import type { SunshineBookItem } from '#functions/platform/table/items/sunshine.ts'
import { bookWrite, loadBook, loadQuarter, type QuarterEntries } from './book-store.ts'
import {
  type Loaded,
  loadDisclosure,
  loadPublication,
  publicationWrite,
  saveStep,
  unchangedCheck,
} from './disclosure-store.ts'
import { disclosureView, sunshinePersonOf } from './disclosure-view.ts'
import { publishStep, sha256Of } from './publication.ts'

const ATTEMPTS_MAX = 8

type Typed = {
  readonly bankFen: number
  readonly differenceNote?: string | undefined
  readonly note?: string | undefined
}

/**
 * A quarter of the property company's book, frozen as it is: the snapshot, the step, the book that lets nothing more into the
 * quarter, in one transaction that holds only if nobody wrote in the book or moved the quarter before it.
 */
export const publishAccounts = http(
  publishRoute,
  async ({ params: { disclosureId }, body }, { caller, now }) => {
    const { book: which, quarter, compoundId } = ofDisclosureId(disclosureId)
    if (which !== 'property') throw new Missing()
    const dayMs = governanceDayMs()
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const [loaded, book, before] = await Promise.all([
        loadDisclosure(disclosureId),
        loadBook(compoundId),
        loadDisclosure(disclosureIdOf({ book: which, quarter: quarterBefore(quarter), compoundId })),
      ])
      if (loaded === undefined || book === undefined) throw new Missing()
      const person = sunshinePersonOf(caller, loaded.item)
      const closingFen = openingOf(book, quarter) + sumOf(book, quarter).deltaFen
      const { disclosure } = loaded
      const decided = decidePublishing(disclosure, quarter, book, before?.disclosure, closingFen, body, person, now)
      if (decided.kind === 'forbidden') throw new Forbidden()
      if (decided.kind === 'refused') return decided
      if (decided.kind === 'same') return disclosureView(loaded, person, now)
      const snapshot = propertySnapshot(loaded, book, await loadQuarter(compoundId, quarter), body, now)
      // Read a moment after the sums: somebody wrote in between, and the lock of the book will say so too.
      if (snapshot.entries.length !== sumOf(book, quarter).entries) continue
      assert(snapshot.figures.closingFen === closingFen, 'a publication is what its entries add up to')
      const saved = await saveStep(loaded, publishStep(snapshot, person.personId, now, dayMs), dayMs, [
        bookWrite(book, afterPublication(book, quarter)),
        publicationWrite(snapshot, sha256Of(snapshot)),
        ...(before === undefined ? [] : [unchangedCheck(before)]),
      ])
      if (saved === 'again') continue
      log('info', 'accounts published', { disclosureId, version: snapshot.version, entries: snapshot.entries.length })
      return disclosureView(saved, person, now)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function propertySnapshot(
  { item, disclosure }: Loaded,
  book: SunshineBookItem,
  { entries }: QuarterEntries,
  { bankFen, differenceNote, note }: Typed,
  now: Instant,
): Snapshot {
  const { disclosureId, compoundId, compoundName, quarter } = item
  const openingFen = openingOf(book, quarter)
  const last = lastPublication(disclosure)
  return {
    ...{ disclosureId, book: 'property', version: (last?.version ?? 0) + 1, compoundId, compoundName, quarter },
    ...{ keeperName: book.bodyName, ...daysOf(quarter), publishedAt: now, figures: figuresOf(openingFen, entries) },
    bankFen,
    ...(differenceNote === undefined ? {} : { differenceNote }),
    ...(note === undefined ? {} : { note }),
    ...(last === undefined ? {} : { replacesSha256: last.sha256 }),
    entries: publishedEntries(openingFen, entries),
  }
}

/** The charity adds its words to the figures that the clock published; it has no way to change them. */
export const correctFundAccounts = http(
  correctRoute,
  async ({ params: { disclosureId }, body }, { caller, now }) => {
    if (ofDisclosureId(disclosureId).book !== 'fund') throw new Missing()
    const dayMs = governanceDayMs()
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const loaded = await loadDisclosure(disclosureId)
      if (loaded === undefined) throw new Missing()
      const person = sunshinePersonOf(caller, loaded.item)
      const decided = decideFundCorrection(loaded.disclosure, body, person)
      if (decided.kind === 'forbidden') throw new Forbidden()
      if (decided.kind === 'refused') return decided
      if (decided.kind === 'same') return disclosureView(loaded, person, now)
      const last = await loadPublication(disclosureId, body.version - 1)
      assert(last !== undefined, 'what is corrected was published')
      const { version, note } = body
      const snapshot: Snapshot = { ...last.snapshot, version, note, publishedAt: now, replacesSha256: last.sha256 }
      const saved = await saveStep(loaded, publishStep(snapshot, person.personId, now, dayMs), dayMs, [
        publicationWrite(snapshot, sha256Of(snapshot)),
      ])
      if (saved !== 'again') return disclosureView(saved, person, now)
    }
    throw new Busy()
  },
  { freshRoles: true },
)
