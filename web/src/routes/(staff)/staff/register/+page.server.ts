import { error, fail, type RequestEvent } from '@sveltejs/kit'
import { IMPORT_ROWS_MAX, importPlaces } from '#shared/contracts/places-import.ts'
import { api } from '#web/lib/server/api.ts'
import { failed, formProblem, neededToken } from '#web/lib/server/problems.ts'
import {
  columnOf,
  readRegister,
  type RegisterFault,
  type RegisterRead,
  sheetNames,
} from '#web/lib/server/register-sheet.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { sentSheet } from '#web/lib/server/sheets/sent-sheet.ts'
import { say } from '#web/lib/text/lang.ts'
import { registerWords } from '#web/lib/text/register.ts'
import { sheetFileWords } from '#web/lib/text/sheet-files.ts'
import type { Actions, PageServerLoad } from './$types'

/** The district that the caller administers. */
async function myDistrict(event: RequestEvent) {
  const [admin] = await membershipsOf(event, 'admin')
  const { lang } = event.locals
  if (admin === undefined) error(403, { message: say(registerWords, lang).forAdmins, code: 'FORBIDDEN' })
  return admin.scopeId
}

export const load: PageServerLoad = async (event) => {
  await neededToken(event)
  await myDistrict(event)
  return { sheets: sheetNames }
}

type Read = Extract<RegisterRead, { kind: 'read' }>

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const districtId = await myDistrict(event)
    const { lang } = event.locals
    const t = say({ ...registerWords, ...sheetFileWords }, lang)
    const wrong = (detail: string) => {
      const problem = { type: '', title: '', status: 400, code: 'INVALID', detail }
      return fail(400, { problem: { ...formProblem(problem, lang), message: detail } })
    }
    const file = await sentSheet(event.request)
    if ('fault' in file) return wrong(t[`file_${file.fault}`])
    const read = readRegister(file.cells, districtId)
    if (read.kind === 'unknown') return wrong(t.unknownSheet)
    if (read.rows.length === 0 && read.faults.length === 0) return wrong(t.noRows)
    const faults = [...read.faults]
    const sums = { created: 0, updated: 0, unchanged: 0 }
    for (let from = 0; from < read.rows.length; from += IMPORT_ROWS_MAX) {
      const part = read.rows.slice(from, from + IMPORT_ROWS_MAX)
      const answer = await api(importPlaces, { body: { rows: part.map(({ sent }) => sent) } }, { token })
      // What was registered before stays, and is as it was when the file is sent again.
      if (!answer.ok) return failed(answer.problem, lang, { faults, sums, sheet: read.sheet })
      for (const { outcome } of answer.data.results) {
        if (outcome !== 'invalid' && outcome !== 'refused') sums[outcome] += 1
      }
      faults.push(...faultsOf(read, part, answer.data.results, (code) => wordsOf(t, code)))
    }
    faults.sort((left, right) => left.row - right.row)
    return { faults, sums, sheet: read.sheet }
  },
}

function wordsOf(t: Readonly<Record<string, unknown>>, code: string): string {
  const said = t[`code_${code}`]
  return typeof said === 'string' ? said : String(t['code_other'])
}

/** What the API says of a field for people is Chinese; the rest is for programmers. */
const wordsOfField = (text: string, otherwise: string) => (/\p{Script=Han}/u.test(text) ? text : otherwise)

type Results = readonly {
  readonly row: number
  readonly outcome: string
  readonly code?: string | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
}[]

/** What the API says of a row, at the row and column of the sheet. */
function faultsOf(
  { sheet }: Read,
  part: Read['rows'],
  results: Results,
  wordsFor: (code: string) => string,
): RegisterFault[] {
  return results.flatMap(({ row, outcome, code, fields = {} }) => {
    if (outcome !== 'refused' && outcome !== 'invalid') return []
    const at = part[row]?.row ?? 0
    const told = Object.entries(fields).map(([field, text]) => ({
      ...{ row: at, column: columnOf(sheet, field) },
      // Of what is refused the field holds which id it is about.
      text: code === undefined ? wordsOfField(text, wordsFor('INVALID')) : `${wordsFor(code)}：${text}`,
    }))
    return told.length > 0 ? told : [{ row: at, column: '', text: wordsFor(code ?? 'other') }]
  })
}
