import type { Instant } from '#shared/kernel/time.ts'
import { bookmarkItem } from '#functions/platform/table/items/jobs.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ALWAYS, get, transact } from '#functions/platform/table/table.ts'

const NIGHTLY = keys.job('fund-nightly')

/** The fund that the nightly check began with last. It is a hint: wrong or lost, only the order changes. */
export async function loadBookmark(): Promise<string | undefined> {
  return (await get(bookmarkItem, NIGHTLY))?.after
}

export async function saveBookmark(fundId: string, now: Instant): Promise<void> {
  const item = bookmarkItem.parse({ entity: 'bookmark', v: 1, after: fundId, at: now })
  await transact([{ put: { ...NIGHTLY, ...item }, condition: ALWAYS }])
}
