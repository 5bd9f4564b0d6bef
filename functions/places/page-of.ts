import { PAGE_MAX } from '#shared/contracts/route.ts'
import { Invalid } from '#functions/platform/invalid.ts'

type Asked = { readonly cursor?: string | undefined; readonly limit?: number | undefined }

/** One page of a list that is in memory already; the cursor is the id of the page's last item. */
export function pageOf<Item>(items: readonly Item[], idOf: (item: Item) => string, asked: Asked) {
  const start = asked.cursor === undefined ? 0 : items.findIndex((item) => idOf(item) === asked.cursor) + 1
  if (asked.cursor !== undefined && start === 0) throw new Invalid({ cursor: 'not a cursor of this list' })
  const page = items.slice(start, start + (asked.limit ?? PAGE_MAX))
  const last = page.at(-1)
  const more = last !== undefined && start + page.length < items.length
  return { items: page, ...(more ? { nextCursor: idOf(last) } : {}) }
}
