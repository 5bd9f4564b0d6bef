import { setTimeout as sleep } from 'node:timers/promises'
import { marshall } from '@aws-sdk/util-dynamodb'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getFund } from '../../../shared/contracts/fund.ts'
import { monthStart, plusDays, shanghaiDay } from '../../../shared/kernel/time.ts'
import { must, send } from '../demo/http-client.ts'
import { root } from '../paths.ts'
import { say } from '../result.ts'
import { browserVerifyRate } from './browser-verify.ts'
import { engineClient, fill } from './engine-client.ts'
import { round, runLanes } from './load.ts'
import { makeLongFund } from './long-fund.ts'
import { type Market, openMarket } from './market.ts'
import { RATE_BPS } from './small-district.ts'

/**
 * How fast recorded sales become entries; whether the fund's pages slow down as entries pile up, a thousand against a million on
 * as many days; and how fast the offline verifier, and the page's own, read.
 */
const SALES = 8_000
const SELLING = 2
const PAGE_MS = 4_000
const DAYS = 500
const ENTRIES_A_DAY = { short: 2, browser: 200, long: 2_000 }
/** Turns of each page and fund, so that a machine's moods fall on both alike. */
const TURNS = 3
const PAGES = {
  fund: '',
  statement: `/statements/${previousMonth()}`,
  year: `/inflow?span=year`,
  entries: '/entries?limit=20',
  search: '/entries?limit=20&coopId=coop-2&toDay=' + previousMonth() + '-15',
} as const

export async function benchFund() {
  const market = await openMarket({ households: 1, compounds: 5 })
  const file = join(mkdtempSync(join(tmpdir(), 'xianglai-bench-')), 'ledger.jsonl')
  try {
    const { engineEndpoint } = await market.system.stats()
    const client = engineClient(engineEndpoint)
    const posting = await measurePosting(market, client)
    const [, , short = '', long = '', inBrowser = ''] = market.district.compoundIds
    const startedMs = performance.now()
    await makeLongFund(client, market.district, { fundId: short, days: DAYS, entriesADay: ENTRIES_A_DAY.short })
    await makeLongFund(client, market.district, { fundId: long, days: DAYS, entriesADay: ENTRIES_A_DAY.long }, file)
    await makeLongFund(client, market.district, { fundId: inBrowser, days: DAYS, entriesADay: ENTRIES_A_DAY.browser })
    client.destroy()
    say(`bench: a fund of ${DAYS * ENTRIES_A_DAY.long} entries made in ${seconds(startedMs)} s`)
    const pages = await comparePages(market, { short, long })
    const inPage = await browserVerifyRate(`${market.district.url}/funds/${inBrowser}`, DAYS * ENTRIES_A_DAY.browser)
    return { ...posting, ...pages, verify: await verifyRate(file), verifyInBrowser: inPage }
  } finally {
    await market.system.close()
    rmSync(dirname(file), { recursive: true, force: true })
  }
}

async function measurePosting(market: Market, client: ReturnType<typeof engineClient>) {
  // Only the first two compounds sell: the others are to be funds with a past.
  await recordSales(market, client, 400)
  await posted(market, 400)
  const startedMs = performance.now()
  await recordSales(market, client, SALES)
  const recordedMs = performance.now()
  await posted(market, SALES + 400)
  const took = (performance.now() - startedMs) / 1_000
  say(`bench: ${SALES} sales recorded in ${round((recordedMs - startedMs) / 1_000)} s, entered after ${round(took)} s`)
  return { entries: SALES, entriesPerS: round(SALES / took) }
}

/** p95 of each page of a fund of a thousand entries and one of a million, and how they stand to each other. */
async function comparePages({ district }: Market, funds: { readonly short: string; readonly long: string }) {
  const found: Record<string, { p95MsThousand: number; p95MsMillion: number; ratio: number }> = {}
  for (const [name, path] of Object.entries(PAGES)) {
    const p95 = { short: [] as number[], long: [] as number[] }
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const which of ['short', 'long'] as const) {
        const url = `${district.url}/api/funds/${funds[which]}${path}`
        const ask = async () => {
          const answer = await send(url, { token: district.admin })
          if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text.slice(0, 200)}`)
        }
        await runLanes(1, PAGE_MS / 8, ask)
        p95[which].push((await runLanes(1, PAGE_MS / 2, ask)).rate.p95Ms)
      }
    }
    const [thousand, million] = [median(p95.short), median(p95.long)]
    found[name] = { p95MsThousand: thousand, p95MsMillion: million, ratio: round(million / thousand, 2) }
    say(
      `bench: ${name} ${thousand} ms with ${DAYS * ENTRIES_A_DAY.short} entries, ${million} ms with a thousand times as many`,
    )
  }
  return { pages: found }
}

/** The command that anybody runs on an export, on the million entries. */
async function verifyRate(file: string) {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [join(root, 'cdk/tools/verify.ts'), file], { stdio: 'ignore' })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`verify ended with ${code}`)
  const took = (performance.now() - startedMs) / 1_000
  const entries = DAYS * ENTRIES_A_DAY.long
  return { entries, seconds: round(took), entriesPerS: Math.round(entries / took) }
}

const seconds = (sinceMs: number) => round((performance.now() - sinceMs) / 1_000)
const median = (figures: readonly number[]) => [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0

/** The last month that is over: `2026-10`. */
function previousMonth(): string {
  return plusDays(monthStart(shanghaiDay(new Date().toISOString())), -1).slice(0, 7)
}

/** Events as the webhook writes them, put into the table directly: the sales themselves are not what is measured. */
async function recordSales(
  { district }: Market,
  client: ReturnType<typeof engineClient>,
  count: number,
): Promise<void> {
  const at = new Date().toISOString()
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  await fill(client, 'MarketTable', count, (n) => {
    const saleId = randomUUID()
    const compoundId = district.compoundIds[n % SELLING] ?? ''
    const type = 'sale.recorded.v1'
    return marshall({
      PK: `EVENT#${compoundId}#${day}`,
      SK: `${type}#${saleId}`,
      entity: 'event',
      v: 1,
      type,
      saleId,
      channel: 'group-buy',
      groupBuyId: 'gb-bench',
      compoundId,
      communityId: district.communityId,
      villageId: 'village-1',
      coopId: district.coopId,
      amountFen: 1_000 + (n % 977),
      rateBps: RATE_BPS,
      agreementId: 'agreement-1',
      agreementVersion: 1,
      occurredAt: at,
    })
  })
}

async function posted({ district }: Market, count: number): Promise<void> {
  for (;;) {
    let entries = 0
    for (const compoundId of district.compoundIds.slice(0, SELLING)) {
      entries += (await must(district.url, getFund, { params: { compoundId }, token: district.admin })).seq
    }
    if (entries >= count) return
    await sleep(25)
  }
}
