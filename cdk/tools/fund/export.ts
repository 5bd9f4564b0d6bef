import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { callerPath, Usage, type Result } from '../result.ts'
import { download, formats, type Format } from './download.ts'
import { fundsOf, type Flags, type Operator } from './operator.ts'
import { isFolder } from './scratch.ts'

/** The ledger of a fund as one file, or those of all funds as files of a folder. */
export async function exportFunds(operator: Operator, flags: Flags): Promise<Result> {
  const format = formatOf(flags.format)
  const placeOf = placesOf(flags, format)
  const files = []
  for (const fundId of await fundsOf(operator, flags)) {
    const file = placeOf(fundId)
    const { fund, pages, bytes } = await download(operator, fundId, format, file)
    files.push({ fundId, view: fund.view, asOfDay: fund.asOfDay, seq: fund.seq, pages, bytes, file })
  }
  return { format, files, ok: true }
}

function formatOf(text: string | undefined): Format {
  if (text !== undefined && Object.hasOwn(formats, text)) return text as Format
  throw new Usage('--format jsonl or --format csv is needed')
}

function placesOf({ out, all = false }: Flags, format: Format): (fundId: string) => string {
  if (out === undefined || out === '') throw new Usage(`--out ${all ? 'DIR' : 'FILE'} is needed`)
  const path = callerPath(out)
  if (!all) {
    if (isFolder(path)) throw new Usage(`--out ${out} is a folder; a file is needed`)
    if (!isFolder(dirname(path))) throw new Usage(`--out ${out}: there is no such folder`)
    return () => path
  }
  try {
    mkdirSync(path, { recursive: true })
  } catch {
    throw new Usage(`--out ${out} is not a folder and cannot be made one`)
  }
  return (fundId) => join(path, `${fundId}.${format}`)
}
