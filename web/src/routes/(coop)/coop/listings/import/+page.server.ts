import { fail, type RequestEvent } from '@sveltejs/kit'
import { importListings } from '#shared/contracts/catalogue.ts'
import { readListingSheet, type SheetColumn, sheetColumns } from '#shared/domain/catalogue/listing-sheet.ts'
import { api, type Answer } from '#web/lib/server/api.ts'
import { failed, formProblem, neededToken } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import { readCells, SHEET_BYTES_MAX } from '#web/lib/server/sheets/read-cells.ts'
import { coopWords } from '#web/lib/text/coop.ts'
import { say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  await neededToken(event)
  const { coop, all } = await myCoop(event)
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    query: all.length > 1 ? `?coop=${coop.scopeId}` : '',
  }
}

const titleOf = (field: string | undefined) => sheetColumns[field as SheetColumn]?.title ?? ''

type Results = Extract<Answer<typeof importListings>, { ok: true }>['data']['results']

/** What is refused, told like what could not be read; the rest as it would be, or was, written. */
function shown(results: Results) {
  const faults = results
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ row, field, detail }) => ({ row, field: titleOf(field), text: detail ?? '' }))
  const rows = results
    .filter(({ outcome }) => outcome !== 'refused')
    .map(({ row, name, outcome, changes }) => {
      return { row, name, outcome, changes: changes.map((change) => ({ ...change, field: titleOf(change.field) })) }
    })
  const count = (wanted: string) => rows.filter(({ outcome }) => outcome === wanted).length
  return { faults, rows, sums: { added: count('added'), changed: count('changed'), unchanged: count('unchanged') } }
}

/** Reads the file and asks what it would do. Nothing is written. */
async function check(event: RequestEvent) {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const { lang } = event.locals
  const file = (await event.request.formData()).get('file')
  const bytes =
    file instanceof File && file.size <= SHEET_BYTES_MAX ? new Uint8Array(await file.arrayBuffer()) : undefined
  const read =
    bytes === undefined
      ? { fault: file instanceof File ? ('too-large' as const) : ('empty' as const) }
      : readCells(bytes)
  if ('fault' in read) {
    const problem = {
      type: '',
      title: '',
      status: 400,
      code: 'INVALID',
      detail: say(coopWords, lang)[`file_${read.fault}`],
    }
    return fail(400, { problem: { ...formProblem(problem, 'zh'), message: problem.detail } })
  }
  const { rows, faults, ignored } = readListingSheet(read.cells)
  if (faults.length > 0) return fail(400, { faults, ignored })
  const answer = await api(
    importListings,
    { params: { coopId: coop.scopeId }, body: { check: true, rows: [...rows] } },
    { token },
  )
  if (!answer.ok) return failed(answer.problem, lang, {})
  const plan = shown(answer.data.results)
  if (plan.faults.length > 0) return fail(400, { faults: plan.faults, ignored })
  return { step: 'checked' as const, ignored, rows: plan.rows, sums: plan.sums, sent: JSON.stringify(rows) }
}

/** Writes the rows that were shown. The API reads them as strictly as those of anybody else. */
async function write(event: RequestEvent) {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const { lang } = event.locals
  const sent = String((await event.request.formData()).get('rows') ?? '')
  const rows = rowsOf(sent)
  if (rows === undefined) return failed({ type: '', title: '', status: 400, code: 'INVALID' }, lang, {})
  const body = { check: false, rows }
  const answer = await api(importListings, { params: { coopId: coop.scopeId }, body }, { token })
  if (!answer.ok) return failed(answer.problem, lang, {})
  const done = shown(answer.data.results)
  if (!answer.data.written) return fail(400, { faults: done.faults, ignored: [] })
  return { step: 'written' as const, ...done }
}

type Rows = Parameters<typeof api<typeof importListings>>[1]['body']['rows']

function rowsOf(text: string): Rows | undefined {
  try {
    const rows: unknown = JSON.parse(text)
    return Array.isArray(rows) ? (rows as Rows) : undefined
  } catch {
    return undefined
  }
}

export const actions: Actions = { check, write }
