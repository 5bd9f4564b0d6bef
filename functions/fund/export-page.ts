import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import type { Standing } from '#shared/domain/fund/figures.ts'
import type { Caller } from '#functions/platform/caller.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { loadEntries } from './store.ts'
import { windowOf } from './window.ts'

/** An answer of a Lambda is at most 6 MB, and as text in JSON each quotation mark of a line costs one byte more. */
const PAGE_CHARACTERS_MAX = 4_000_000
const READ_AT_ONCE = 1_000

export type ExportPage = {
  readonly entries: readonly LedgerEntry[]
  readonly standing: Standing & { readonly fundId: string }
  /** Number of the first entry of the next page; undefined on the last one. */
  readonly nextSeq: number | undefined
  readonly headers: Readonly<Record<string, string>>
}

export async function exportPage(
  fundId: string,
  fromSeq: number,
  caller: Caller | undefined,
  now: Instant,
  kind: 'jsonl' | 'csv',
): Promise<ExportPage> {
  const window = await windowOf(fundId, caller, now)
  const standing = await window.standing()
  const entries: LedgerEntry[] = []
  let characters = 0
  let next = fromSeq
  while (next <= standing.seq && characters < PAGE_CHARACTERS_MAX) {
    const some = await loadEntries(fundId, { from: next, to: standing.seq, limit: READ_AT_ONCE })
    for (const entry of some) {
      if (characters >= PAGE_CHARACTERS_MAX) break
      characters += canonicalJson(entry).length + 1
      entries.push(entry)
      next = entry.seq + 1
    }
    if (some.length === 0) break
  }
  const nextSeq = next <= standing.seq ? next : undefined
  const path = `/api/funds/${fundId}/ledger.${kind}`
  return {
    entries,
    standing: { fundId, ...standing },
    nextSeq,
    headers: {
      'content-disposition': `attachment; filename="fund-${fundId}-${window.asOfDay}${fromSeq === 1 ? '' : `-from-${fromSeq}`}.${kind}"`,
      vary: 'authorization',
      ...(nextSeq === undefined ? {} : { link: `<${path}?fromSeq=${nextSeq}>; rel="next"` }),
    },
  }
}
