import { error } from '@sveltejs/kit'
import { csvFile } from '#web/lib/server/csv.ts'
import { registerHeader, sheetNames } from '#web/lib/server/register-sheet.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = ({ params }) => {
  const sheet = sheetNames.find((name) => name === params.sheet)
  if (sheet === undefined) error(404)
  return csvFile([registerHeader(sheet)], `register-${sheet}`)
}
