import { setTimeout as sleep } from 'node:timers/promises'
import { marshall } from '@aws-sdk/util-dynamodb'
import { randomUUID } from 'node:crypto'
import { getFund } from '../../../shared/contracts/fund.ts'
import { must } from '../demo/http-client.ts'
import { say } from '../result.ts'
import { engineClient, fill } from './engine-client.ts'
import { round, runLanes } from './load.ts'
import { type Market, openMarket } from './market.ts'
import { RATE_BPS } from './small-district.ts'

/** How fast recorded sales become entries, and whether the fund's page slows down as they pile up. */
const SALES = 8_000
const PAGE_MS = 4_000

export async function benchFund() {
  const market = await openMarket({ households: 1, compounds: 4 })
  try {
    const { engineEndpoint } = await market.system.stats()
    const client = engineClient(engineEndpoint)
    await recordSales(market, client, 400)
    await posted(market, 400)
    const young = await pageRate(market)
    const startedMs = performance.now()
    await recordSales(market, client, SALES)
    const recordedMs = performance.now()
    await posted(market, SALES + 400)
    const seconds = (performance.now() - startedMs) / 1_000
    say(
      `bench: ${SALES} sales recorded in ${round((recordedMs - startedMs) / 1_000)} s, entered after ${round(seconds)} s`,
    )
    const old = await pageRate(market)
    client.destroy()
    return { entries: SALES, entriesPerS: round(SALES / seconds), pageYoung: young, pageOld: old }
  } finally {
    await market.system.close()
  }
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
    const compoundId = district.compoundIds[n % district.compoundIds.length] ?? ''
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
    for (const compoundId of district.compoundIds) {
      entries += (await must(district.url, getFund, { params: { compoundId }, token: district.admin })).seq
    }
    if (entries >= count) return
    await sleep(25)
  }
}

async function pageRate({ district }: Market) {
  const params = { compoundId: district.compoundIds[0] ?? '' }
  const ask = async () => void (await must(district.url, getFund, { params, token: district.admin }))
  return (await runLanes(4, PAGE_MS, ask)).rate
}
