import { send } from '../demo/http-client.ts'
import { runLanes } from './load.ts'
import { openMarket } from './market.ts'
import { openOffers } from './small-district.ts'

/** What visitors read: the shop's list of twenty offers with price and stock, and the page that draws it. */
const OFFERS = 20
const FOR_MS = 10_000
const WARM_UP_MS = 3_000

export async function benchReads() {
  const market = await openMarket({ households: 1 })
  try {
    const { system, district } = market
    const wanted = Array.from({ length: OFFERS - 10 }, (_none, at) => ({ priceFen: 500 + at, stock: 1_000, limit: 9 }))
    await openOffers(district, 'gb-reads', wanted)
    const compoundId = district.compoundIds[0] ?? ''
    const listing = await measure(`${system.url}/api/group-buys?compoundId=${compoundId}&with=offers`, 8)
    const pages = await measure(`${system.url}/group-buys/gb-bench`, 8)
    const fund = await measure(`${system.url}/api/funds/${compoundId}`, 8)
    return { offers: OFFERS, listing, pages, fund }
  } finally {
    await market.system.close()
  }
}

async function measure(url: string, lanes: number) {
  const ask = async () => {
    const answer = await send(url)
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text.slice(0, 200)}`)
  }
  await runLanes(lanes, WARM_UP_MS, ask)
  return (await runLanes(lanes, FOR_MS, ask)).rate
}
