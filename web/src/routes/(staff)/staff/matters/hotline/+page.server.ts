import { error, fail, type RequestEvent } from '@sveltejs/kit'
import { listCompounds } from '#shared/contracts/places.ts'
import { HOTLINE_ROWS_MAX, importHotline } from '#shared/contracts/matters-hotline.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { api } from '#web/lib/server/api.ts'
import { columnOf, type HotlineFault, type HotlineRead, readHotlineSheet } from '#web/lib/server/hotline-sheet.ts'
import { dataOrError, failed, formProblem, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { communitiesOf } from '#web/lib/server/staff-communities.ts'
import { sentSheet } from '#web/lib/server/sheets/sent-sheet.ts'
import { hotlineWords } from '#web/lib/text/hotline.ts'
import { say } from '#web/lib/text/lang.ts'
import { sheetFileWords } from '#web/lib/text/sheet-files.ts'
import type { Actions, PageServerLoad } from './$types'

/** The community that is asked for, if the caller works for it, else the first one they work for. */
async function myCommunity(event: RequestEvent) {
  const works = await communitiesOf(event, ['worker'], [])
  const wanted = event.url.searchParams.get('communityId')
  const found = works.find(({ communityId }) => communityId === wanted) ?? works[0]
  if (found === undefined) error(403, { message: sentenceOf('FORBIDDEN', event.locals.lang), code: 'FORBIDDEN' })
  return found
}

export const load: PageServerLoad = async (event) => {
  await neededToken(event)
  return { community: await myCommunity(event) }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const { communityId } = await myCommunity(event)
    const { lang } = event.locals
    const t = say({ ...hotlineWords, ...sheetFileWords }, lang)
    const read = await sentSheet(event.request)
    const wrong = (detail: string) => {
      const problem = { type: '', title: '', status: 400, code: 'INVALID', detail }
      return fail(400, { problem: { ...formProblem(problem, lang), message: detail } })
    }
    if ('fault' in read) return wrong(t[`file_${read.fault}`])
    const listed = await publicRead(listCompounds, { query: { communityId, limit: PAGE_MAX } })
    const sheet = readHotlineSheet(read.cells, dataOrError(listed, event).items)
    if (sheet.rows.length === 0 && sheet.faults.length === 0) return wrong(t.noRows)
    const faults = [...sheet.faults]
    const sums = { created: 0, unchanged: 0 }
    for (let from = 0; from < sheet.rows.length; from += HOTLINE_ROWS_MAX) {
      const part = sheet.rows.slice(from, from + HOTLINE_ROWS_MAX)
      const body = { communityId, rows: part.map(({ sent }) => sent) }
      const answer = await api(importHotline, { body }, { token })
      // What was brought in before stays, and is no second one when the file is sent again.
      if (!answer.ok) return failed(answer.problem, lang, { faults, sums })
      faults.push(...faultsOf(part, answer.data.results, t.changed))
      for (const { outcome } of answer.data.results)
        if (outcome === 'created' || outcome === 'unchanged') sums[outcome] += 1
    }
    faults.sort((left, right) => left.row - right.row)
    return { faults, sums }
  },
}

type Results = readonly {
  readonly row: number
  readonly outcome: string
  readonly code?: string | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
}[]

/** What the API says of a row, at the row and column of the sheet. */
function faultsOf(part: HotlineRead['rows'], results: Results, changed: string): HotlineFault[] {
  return results.flatMap(({ row, outcome, code, fields = {} }) => {
    const at = part[row]?.row ?? 0
    if (outcome === 'refused' && code === 'TICKET_CHANGED')
      return [{ row: at, column: columnOf('ticketNumber'), text: changed }]
    if (outcome !== 'refused' && outcome !== 'invalid') return []
    return Object.entries(fields).map(([field, text]) => ({ row: at, column: columnOf(field), text }))
  })
}
