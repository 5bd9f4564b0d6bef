import {
  recordEntry as recordRoute,
  reverseEntry as reverseRoute,
  type SunshineEntry,
} from '#shared/contracts/sunshine-book.ts'
import type { BookEntry } from '#shared/domain/sunshine/book.ts'
import { type DecidedEntry, decideRecording, decideReversal } from '#shared/domain/sunshine/decide-entry.ts'
import { assert } from '#shared/kernel/assert.ts'
import { type Refused, refused } from '#shared/kernel/outcome.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import type { SunshineBookItem } from '#functions/platform/table/items/sunshine.ts'
import { loadBook, loadEntry, loadQuarter, loadSent, saveEntry } from './book-store.ts'

const ATTEMPTS_MAX = 8

export const recordEntry = http(
  recordRoute,
  ({ params, body }, { caller, now }) =>
    record(params, body, caller, now, async (book) => ({ decided: decideRecording(book, body, shanghaiDay(now)) })),
  { freshRoles: true },
)

export const reverseEntry = http(
  reverseRoute,
  ({ params, body }, { caller, now }) =>
    record(params, body, caller, now, async (book) => {
      const { entries, reversedBy } = await loadQuarter(book.compoundId, body.quarter)
      const entry = entries.find(({ seq }) => seq === body.seq)
      const isReversed = reversedBy.has(body.seq)
      return { decided: decideReversal(book, entry, isReversed, body), ...(entry === undefined ? {} : { entry }) }
    }),
  { freshRoles: true },
)

type Decide<Code extends string> = (
  book: SunshineBookItem,
) => Promise<{ readonly decided: DecidedEntry<Code>; readonly entry?: BookEntry }>

/** Loads the book, decides, writes. The id that its sender made is one entry, however often it comes. */
async function record<Code extends string>(
  { compoundId, entryId }: { readonly compoundId: string; readonly entryId: string },
  body: object,
  caller: Caller,
  now: Instant,
  decide: Decide<Code>,
): Promise<SunshineEntry | Refused<Code | 'ENTRY_ID_REUSED'>> {
  const bodyHash = hashBody(body)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const [book, sent] = await Promise.all([loadBook(compoundId), loadSent(compoundId, entryId)])
    if (book === undefined) throw new Missing()
    if (!hasRole(caller, 'body', book.bodyId)) throw new Forbidden()
    if (sent !== undefined) {
      if (sent.bodyHash !== bodyHash) return refused('ENTRY_ID_REUSED', '这张表单已经记过一笔，请刷新页面再记')
      const made = await loadEntry(compoundId, sent.quarter, sent.seq)
      assert(made !== undefined, 'an entry that was made is there')
      return entryView(made)
    }
    const { decided, entry } = await decide(book)
    if (decided.kind === 'refused') return decided
    const { personId } = caller
    const saved = await saveEntry(book, decided.money, { entryId, bodyHash, personId, at: now }, entry)
    if (saved === 'again') continue
    log('info', 'sunshine entry recorded', { compoundId, seq: saved.seq })
    return entryView(saved)
  }
  throw new Busy()
}

/** Who recorded it, and when, is not told. */
export function entryView(entry: BookEntry): SunshineEntry {
  const { quarter: _quarter, recordedAt: _recordedAt, personId: _personId, ...view } = entry
  return view
}
