import { getFund, listEntries } from '#shared/contracts/fund.ts'
import { api, send } from '#web/lib/server/api.ts'
import { rowsOf, type Fund } from '#web/lib/server/fund-page.ts'
import type { RequestHandler } from './$types'

const headers = { 'cache-control': 'private, no-store' }

/** The fund page's figures for a page that is open: asked every 1.5 s, answered 304 while nothing has moved. */
export const GET: RequestHandler = async (event) => {
  const token = await event.locals.visitor.token()
  if (token === undefined) return new Response(null, { status: 401, headers })
  const { params } = event
  const ifNoneMatch = event.request.headers.get('if-none-match') ?? undefined
  const answer = await send(getFund, { params }, { token, ifNoneMatch }).catch(() => undefined)
  if (!answer) return new Response(null, { status: 503, headers })
  const etag = answer.headers.get('etag') ?? ''
  if (!answer.ok) return new Response(null, { status: answer.status, headers: { ...headers, ...(etag && { etag }) } })
  const fund = (await answer.json()) as Fund
  const entries = await api(listEntries, { params, query: { limit: 20 } }, { token })
  if (!entries.ok) return new Response(null, { status: 503, headers })
  const { items, nextCursor } = entries.data
  return Response.json({ fund, entries: rowsOf(fund, items), nextCursor }, { headers: { ...headers, etag } })
}
