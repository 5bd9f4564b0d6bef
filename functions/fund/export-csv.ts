import { stringify } from 'csv-stringify/sync'
import { accounts, exportLedgerCsv as route, type EntryKind, type LedgerEntry } from '#shared/contracts/fund.ts'
import { inertCell } from '#shared/kernel/csv-cell.ts'
import { yuan } from '#shared/kernel/money.ts'
import { shanghaiClock, type Instant } from '#shared/kernel/time.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Reply } from '#functions/platform/reply.ts'
import { exportPage } from './export-page.ts'
import { namesOf } from './names.ts'

const kinds = {
  sale: '成交',
  reversal: '冲回',
  settlement: '结算',
  remittance: '划转',
  reservation: '预留',
  release: '释放',
  disbursement: '拨付',
  opening: '期初',
  correction: '更正',
  'in-kind': '实物捐赠',
} as const satisfies Record<EntryKind, string>
const channels = { 'group-buy': '团购', fair: '集市' } as const

/** What a person reads, in Chinese and in yuan, then what a program reads, by the keys of the ledger line and in fen. */
const people = ['序号', '记账时间', '类型', '渠道', '村', '合作社', '团购', '成交额（元）', '计入基金（元）']
const plain = [
  'seq',
  'postedAt',
  'occurredAt',
  'kind',
  'eventId',
  'saleId',
  'channel',
  'groupBuyId',
  'fairId',
  'villageId',
  'coopId',
  'agreementId',
  'agreementVersion',
  'proposalId',
  'purpose',
  'amountFen',
  'rateBps',
  'donorCarryAfter',
] as const satisfies readonly (keyof LedgerEntry)[]
const moved = accounts.map((account) => `${account}Fen`)
const chain = ['prevHash', 'hash'] as const satisfies readonly (keyof LedgerEntry)[]

export const exportLedgerCsv = openHttp(route, async ({ params, query }, { caller, now }) => {
  const fromSeq = query.fromSeq ?? 1
  const page = await exportPage(params.compoundId, fromSeq, caller, now, 'csv')
  const rows = await rowsOf(page.entries, now)
  const header = fromSeq === 1 ? [[...people, ...plain, ...moved, ...chain]] : []
  // The mark at the start tells spreadsheets that this is UTF-8.
  const text = stringify([...header, ...rows], { bom: fromSeq === 1, cast: { string: inertCell } })
  return new Reply(text, page.headers)
})

async function rowsOf(entries: readonly LedgerEntry[], now: Instant): Promise<string[][]> {
  const ids = (name: 'villageId' | 'coopId' | 'groupBuyId') =>
    new Set(entries.flatMap((entry) => (entry[name] === undefined ? [] : [entry[name]])))
  const name = await namesOf({ village: ids('villageId'), coop: ids('coopId'), groupBuy: ids('groupBuyId') }, now)
  return entries.map((entry) => {
    const { day, time } = shanghaiClock(entry.postedAt)
    const delta = (account: string) => entry.postings.find((posting) => posting.account === account)?.deltaFen ?? 0
    return [
      String(entry.seq),
      `${day} ${time}`,
      kinds[entry.kind],
      entry.channel === undefined ? '' : channels[entry.channel],
      entry.villageId === undefined ? '' : name('village', entry.villageId),
      entry.coopId === undefined ? '' : name('coop', entry.coopId),
      entry.groupBuyId === undefined ? '' : name('groupBuy', entry.groupBuyId),
      yuan(entry.amountFen),
      yuan(0 - delta('sales')),
      ...plain.map((key) => String(entry[key] ?? '')),
      ...accounts.map((account) => String(delta(account))),
      ...chain.map((key) => entry[key]),
    ]
  })
}
