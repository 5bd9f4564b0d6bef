import { exportLedgerJsonl } from '#shared/contracts/fund.ts'
import { send } from '#web/lib/server/api.ts'
import type { RequestHandler } from './$types'

/**
 * The worker's live export page by page, as the API gives it, for the page's own check: `link: rel="next"` names the next
 * page here. Everybody else's check asks the API itself.
 */
export const GET: RequestHandler = async (event) => {
  const headers = { 'cache-control': 'private, no-store' }
  const token = await event.locals.visitor.token()
  if (token === undefined) return new Response(null, { status: 401, headers })
  const fromSeq = Number(/^[1-9]\d{0,11}$/.exec(event.url.searchParams.get('fromSeq') ?? '')?.[0] ?? 1)
  const { params } = event
  const answer = await send(exportLedgerJsonl, { params, query: { fromSeq } }, { token }).catch(() => undefined)
  if (!answer?.ok) return new Response(null, { status: answer?.status ?? 503, headers })
  const next = /\?fromSeq=(\d+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  return new Response(answer.body, {
    headers: {
      ...headers,
      'content-type': 'application/x-ndjson; charset=utf-8',
      ...(next === undefined ? {} : { link: `<${event.url.pathname}?fromSeq=${next}>; rel="next"` }),
    },
  })
}
