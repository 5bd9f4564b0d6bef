import {
  exportLedgerCsv,
  exportLedgerJsonl,
  getFund,
  listEntries,
  reconcileFund,
} from '../../../shared/contracts/fund.ts'
import { getGroupBuy } from '../../../shared/contracts/group-buys.ts'
import type { CompoundSummary } from '../../../shared/contracts/places.ts'
import { PAGE_MAX, type Route } from '../../../shared/contracts/route.ts'
import { allPages, call, eachOf, must, send } from './http-client.ts'
import type { FundEvidence, Stock } from './records.ts'
import { eyesOn, type Staff } from './staff.ts'

/** A fund as its worker gets it: page, list, both exports to their last page, and the system's own comparison. */
export async function readFund(url: string, staff: Staff, compound: CompoundSummary): Promise<FundEvidence> {
  const { token } = eyesOn(staff, compound.communityId)
  const params = { compoundId: compound.compoundId }
  const said = await call(url, reconcileFund, { params, token })
  const jsonl = await wholeExport(url, exportLedgerJsonl, compound.compoundId, token)
  const csv = await wholeExport(url, exportLedgerCsv, compound.compoundId, token)
  const page = await must(url, getFund, { params, token })
  const listed = await allPages((cursor) =>
    must(url, listEntries, { params, query: { cursor, limit: PAGE_MAX }, token }),
  )
  return {
    compound,
    jsonl,
    csv,
    page,
    listed: listed.map(({ seq, hash }) => ({ seq, hash })),
    reconciled:
      said.kind === 'ok'
        ? {
            ok: said.output.ok && said.output.done,
            posted: said.output.posted,
            problems: said.output.problems.map(({ invariant, what }) => `${invariant} ${what}`),
          }
        : { ok: false, posted: 0, problems: [`it answers ${said.status} ${said.code}`] },
  }
}

/** The pages of an export together are one file. */
async function wholeExport(url: string, route: Route, compoundId: string, token: string): Promise<string> {
  let text = ''
  let next: string | undefined = route.path.replace('{compoundId}', compoundId)
  while (next !== undefined) {
    const answer = await send(url + next, { token })
    if (answer.status !== 200) throw new Error(`${route.name} answers ${answer.status}: ${answer.text.slice(0, 200)}`)
    text += answer.text
    const link = answer.headers['link']
    next = /<([^>]+)>; rel="next"/.exec(typeof link === 'string' ? link : '')?.[1]
  }
  return text
}

const AT_ONCE = 8

/** Shelves of group buys as their own pages show them. */
export async function readStock(url: string, groupBuyIds: readonly string[]): Promise<Stock[]> {
  const stock: Stock[] = []
  await eachOf(groupBuyIds, AT_ONCE, async (groupBuyId) => {
    const { offers } = await must(url, getGroupBuy, { params: { groupBuyId } })
    stock.push(...offers.map(({ offerId, stock, left }) => ({ groupBuyId, offerId, stock, left })))
  })
  return stock
}
