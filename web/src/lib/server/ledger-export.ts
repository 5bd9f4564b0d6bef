import { error, type RequestEvent } from '@sveltejs/kit'
import { exportLedgerCsv, exportLedgerJsonl } from '#shared/contracts/fund.ts'
import { ENTRIES_PER_PART, lineSeq, linesOfPart } from '../funds/ledger-parts.ts'
import { send } from './api.ts'
import { sentenceOf } from './problems.ts'

const routes = { jsonl: exportLedgerJsonl, csv: exportLedgerCsv } as const
export type LedgerFormat = keyof typeof routes

/** A page of the API holds a whole part; should lines ever grow, a few more are asked for. */
const PAGES_MAX = 8

async function page(
  event: RequestEvent,
  format: LedgerFormat,
  compoundId: string,
  fromSeq: number,
  token: string | undefined,
) {
  const code = (status: number) => (status === 404 ? 'NOT_FOUND' : status === 401 ? 'UNAUTHENTICATED' : 'BUSY')
  const answer = await send(routes[format], { params: { compoundId }, query: { fromSeq } }, { token }).catch(
    () => undefined,
  )
  if (!answer?.ok) {
    const status = answer?.status ?? 503
    error(status, { message: sentenceOf(code(status), event.locals.lang), code: code(status) })
  }
  return { text: await answer.text(), more: answer.headers.get('link')?.includes('rel="next"') ?? false }
}

/**
 * One part of a ledger as a file. `?from=1` is the first part; without `?to=` a part runs to the end and carries the head
 * line. The bytes of each line are those of the API: they are hashed.
 */
export async function exportPart(
  event: RequestEvent,
  format: LedgerFormat,
  compoundId: string,
  token: string | undefined,
): Promise<Response> {
  const number = (name: string) => Number(/^[1-9]\d{0,9}$/.exec(event.url.searchParams.get(name) ?? '')?.[0])
  const from = number('from') || 1
  const to = number('to') || undefined
  if (to !== undefined && to - from >= ENTRIES_PER_PART)
    error(400, { message: sentenceOf('INVALID', event.locals.lang), code: 'INVALID' })
  let text = ''
  let next = from
  for (let turn = 0; turn < PAGES_MAX; turn += 1) {
    const got = await page(event, format, compoundId, next, token)
    text += linesOfPart(format, got.text, to)
    const last = got.text
      .trimEnd()
      .split('\n')
      .map((line) => lineSeq(format, line))
      .findLast((seq) => seq !== undefined)
    if (!got.more || last === undefined || (to !== undefined && last >= to)) break
    next = last + 1
  }
  const name = `fund-${compoundId}${from === 1 && to === undefined ? '' : `-${from}-${to ?? 'end'}`}.${format}`
  return new Response(text, {
    headers: {
      'content-type': `${routes[format].media}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
    },
  })
}
