import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { SaleRecorded } from '../../../shared/contracts/events.ts'
import { canonicalJson } from '../../../shared/domain/fund/canonical-json.ts'
import { emptyHead, type ClosedDay, type FundHead } from '../../../shared/domain/fund/head.ts'
import { ledgerHeadLine } from '../../../shared/domain/fund/head-line.ts'
import { postEvents } from '../../../shared/domain/fund/post-events.ts'
import { fen } from '../../../shared/kernel/money.ts'
import { plusDays, plusMs, shanghaiDay, startOfShanghaiDay, type ShanghaiDay } from '../../../shared/kernel/time.ts'
import { fill } from './engine-client.ts'
import { RATE_BPS, type SmallDistrict } from './small-district.ts'

/** A fund with a past: so many entries on each of the days before today, as the ledger itself would have posted them. */
export type LongFund = { readonly fundId: string; readonly days: number; readonly entriesADay: number }

const LEDGER = 'LedgerTable'
const EVENTS_AT_ONCE = 20
/** One day's entries are put at once; the next day's are made meanwhile. */
const HOUR_OF_SALES_MS = 10 * 3_600_000

/**
 * Puts the entries, the finished days and the head where the posting would have; markers are left out, for no page reads them.
 * `file`: the same ledger as an export, for the verifier.
 */
export async function makeLongFund(
  client: DynamoDBClient,
  district: SmallDistrict,
  { fundId, days, entriesADay }: LongFund,
  file?: string,
): Promise<void> {
  const out = file === undefined ? undefined : createWriteStream(file)
  let head = emptyHead(fundId, sha256)
  const first = plusDays(shanghaiDay(new Date().toISOString()), -days)
  for (let day = 0; day < days; day += 1) {
    const made = postDay(head, district, plusDays(first, day), entriesADay)
    head = made.head
    const items = made.entries.map((entry) => ({ ...entryKey(fundId, entry.seq), entity: 'entry', ...entry }))
    await fill(client, LEDGER, items.length, (n) => marshall(items[n] ?? {}, { removeUndefinedValues: true }))
    if (made.closed !== undefined) await putOne(client, closedDayOf(fundId, made.closed))
    const lines = made.entries.map((entry) => `${canonicalJson(entry)}\n`).join('')
    if (out !== undefined && !out.write(lines)) await once(out, 'drain')
  }
  await putOne(client, { PK: `FUND#${fundId}`, SK: 'HEAD', entity: 'fundHead', v: 1, ...head })
  if (out === undefined) return
  out.end(`${ledgerHeadLine(head)}\n`)
  await once(out, 'finish')
}

function postDay(before: FundHead, district: SmallDistrict, day: ShanghaiDay, count: number) {
  let head = before
  let closed: ClosedDay | undefined
  const entries = []
  for (let from = 0; from < count; from += EVENTS_AT_ONCE) {
    const at = plusMs(startOfShanghaiDay(day), 8 * 3_600_000 + Math.floor((from / count) * HOUR_OF_SALES_MS))
    const sales = Array.from({ length: Math.min(EVENTS_AT_ONCE, count - from) }, (_none, n) =>
      saleOf(head.fundId, district, day, from + n, at),
    )
    const posted = postEvents(head, { sales: new Map(), reversals: new Map() }, sales, at, sha256)
    if (posted.refused.length > 0) throw new Error(`${posted.refused[0]?.code} in a made-up history`)
    closed ??= posted.closedDay
    entries.push(...posted.entries)
    head = posted.head
  }
  return { head, closed, entries }
}

function saleOf(compoundId: string, district: SmallDistrict, day: ShanghaiDay, n: number, at: string): SaleRecorded {
  return {
    type: 'sale.recorded.v1',
    saleId: `${day}-${n}`,
    channel: 'group-buy',
    // Two of each on every day of either fund: what differs between them is the number of entries alone.
    groupBuyId: `gb-${day.slice(0, 7)}-${n % 2}`,
    compoundId,
    communityId: district.communityId,
    villageId: `village-${1 + (n % 2)}`,
    coopId: `coop-${1 + (n % 2)}`,
    amountFen: fen(500 + (n % 977) * 7),
    rateBps: RATE_BPS,
    agreementId: `agreement-${1 + (n % 2)}`,
    agreementVersion: 1,
    occurredAt: at,
  }
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const entryKey = (fundId: string, seq: number) => ({ PK: `FUND#${fundId}`, SK: `E#${String(seq).padStart(12, '0')}` })
const closedDayOf = (fundId: string, day: ClosedDay) => ({
  ...{ PK: `FUND#${fundId}`, SK: `DAY#${day.day}`, entity: 'closedDay', v: 1, fundId },
  ...day,
})

async function putOne(client: DynamoDBClient, item: object): Promise<void> {
  await fill(client, LEDGER, 1, () => marshall(item, { removeUndefinedValues: true }))
}
