import { error, type RequestEvent } from '@sveltejs/kit'
import { type CashDay, type CashMove, getCashDay } from '#shared/contracts/cash.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { dayOf } from '../format/time.ts'
import { api } from './api.ts'
import { dataOrError, neededToken, sentenceOf } from './problems.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'> & {
  readonly params: { readonly communityId: string; readonly day: string }
}
/** Pages of the interface that one answer of ours reads: far more than a desk ever writes in a day. */
const PAGES_MAX = 1_000

/** One day of a till’s book, up to so many pages of lines. Its figures are of the last page read: the lines before it never change. */
export async function cashDayOf(
  event: Event,
  { pages = PAGES_MAX, after }: { readonly pages?: number; readonly after?: string | undefined } = {},
): Promise<CashDay> {
  const token = await neededToken(event)
  const { communityId, day } = event.params
  const { lang } = event.locals
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || day > dayOf(Date.now())) {
    error(404, { message: sentenceOf('NOT_FOUND', lang), code: 'NOT_FOUND' })
  }
  const items: CashMove[] = []
  let cursor = after
  for (let read = 1; ; read++) {
    const query = { limit: PAGE_MAX, cursor }
    const page = dataOrError(await api(getCashDay, { params: { communityId, day }, query }, { token }), event)
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === undefined || read >= pages) return { ...page, items }
  }
}
