import { exportLedgerJsonl as route } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { ledgerHeadLine } from '#shared/domain/fund/head-line.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Reply } from '#functions/platform/reply.ts'
import { exportPage } from './export-page.ts'

export const exportLedgerJsonl = openHttp(route, async ({ params, query }, { caller, now }) => {
  const page = await exportPage(params.compoundId, query.fromSeq ?? 1, caller, now, 'jsonl')
  const lines = page.entries.map((entry) => canonicalJson(entry))
  if (page.nextSeq === undefined) lines.push(ledgerHeadLine(page.standing))
  return new Reply(`${lines.join('\n')}\n`, page.headers)
})
