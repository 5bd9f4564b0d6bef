import { parse } from 'csv-parse/sync'
import { exportLedgerCsv, exportLedgerJsonl, getFund, ledgerHeadSchema, type FundView } from '#shared/contracts/fund.ts'
import { Refused, say } from '../result.ts'
import { ask, must, saidNo, type Operator } from './operator.ts'
import { writeWhole } from './scratch.ts'

export const formats = { jsonl: exportLedgerJsonl, csv: exportLedgerCsv } as const
export type Format = keyof typeof formats

export type Downloaded = { readonly fund: FundView; readonly pages: number; readonly bytes: number }

/**
 * A fund's export to its last page, as one file. It must reach what the fund's page showed before: a download that lost a page,
 * or the mark that there are more, does not pass for a whole one.
 */
export async function download(operator: Operator, fundId: string, format: Format, path: string): Promise<Downloaded> {
  const what = `fund ${fundId}`
  const fund = await must(operator, getFund, { params: { compoundId: fundId } }, what)
  let pages = 0
  let bytes = 0
  let lastSeq: number | undefined
  await writeWhole(path, async (write) => {
    for await (const text of pagesOf(operator, fundId, format)) {
      write(text)
      pages += 1
      bytes += Buffer.byteLength(text)
      lastSeq = lastSeqOf(text, format, pages === 1) ?? lastSeq
      say(`${what}: ${pages} pages, ${bytes} bytes`)
    }
    if (lastSeq === undefined) throw new Refused(`${what}: the export has no end: nothing is kept of it`)
    if (lastSeq < fund.seq) {
      throw new Refused(
        `${what}: the export ends with entry ${lastSeq}, and the fund has ${fund.seq}: nothing is kept of it`,
      )
    }
  })
  return { fund, pages, bytes }
}

async function* pagesOf(operator: Operator, fundId: string, format: Format): AsyncGenerator<string> {
  const route = formats[format]
  const path = route.path.replace('{compoundId}', fundId)
  let fromSeq: number | undefined
  do {
    const asked = { params: { compoundId: fundId }, query: { fromSeq } }
    const said = await ask(operator, route, asked)
    if (said.kind === 'refused') throw saidNo(operator, said, `fund ${fundId}`)
    yield said.answer.text
    const next = nextSeq(said.answer.headers['link'], path)
    if (next !== undefined && next <= (fromSeq ?? 1)) {
      throw new Refused(`fund ${fundId}: the export goes on with entry ${next}, where it has been already`)
    }
    fromSeq = next
  } while (fromSeq !== undefined)
}

/** Where the export goes on. A link that leads anywhere else is none: the token goes with the request. */
function nextSeq(link: string | string[] | undefined, path: string): number | undefined {
  if (link === undefined) return undefined
  const [, at, seq] = /^<([^?>]+)\?fromSeq=(\d{1,12})>; rel="next"$/.exec(String(link)) ?? []
  if (at !== path) throw new Refused(`the export goes on at ${String(link)}, which is not the export of this fund`)
  return Number(seq)
}

/** The last entry of a page of a table; of an export of lines what its head says, which only the last page has. */
function lastSeqOf(text: string, format: Format, first: boolean): number | undefined {
  if (format === 'csv') return lastRowOf(text, first)
  const head = ledgerHeadSchema.safeParse(jsonOf(text.slice(text.trimEnd().lastIndexOf('\n') + 1)))
  return head.success ? head.data.seq : undefined
}

function lastRowOf(text: string, first: boolean): number | undefined {
  try {
    const rows = parse(text, { bom: true, from: first ? 2 : 1 })
    const seq = Number(rows.at(-1)?.[0] ?? (first ? 0 : undefined))
    return Number.isSafeInteger(seq) ? seq : undefined
  } catch (error) {
    throw new Refused(`the export is not a table: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
