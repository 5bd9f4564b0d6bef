import { percentile } from '../demo/lag.ts'
import { eachOf, must } from '../demo/http-client.ts'
import { getGroupBuy } from '../../../shared/contracts/group-buys.ts'
import { round } from './load.ts'
import { openMarket } from './market.ts'
import { placeQuick } from './quick-order.ts'
import { openOffers } from './small-district.ts'

/** A thousand households want one of two hundred portions at once. */
const HOUSEHOLDS = 1_000
const PORTIONS = 200
const IN_FLIGHT = 256

export async function benchHot() {
  const market = await openMarket({ households: HOUSEHOLDS })
  try {
    const { system, district, households } = market
    const { groupBuyId, offerIds } = await openOffers(district, 'gb-hot', [
      { priceFen: 860, stock: PORTIONS, limit: 1 },
    ])
    const offerId = offerIds[0] ?? ''
    const answers: string[] = []
    const latencies: number[] = []
    const startedMs = performance.now()
    await eachOf(households, IN_FLIGHT, async (household) => {
      const fromMs = performance.now()
      const { status, code } = await placeQuick(system.url, household, [{ groupBuyId, offerId, quantity: 1 }])
      latencies.push(performance.now() - fromMs)
      answers.push(status === 200 ? 'sold' : code === 'OFFER_SOLD_OUT' ? 'soldOut' : `${status} ${code}`)
    })
    const seconds = (performance.now() - startedMs) / 1_000
    latencies.sort((left, right) => left - right)
    const count = (name: string) => answers.filter((answer) => answer === name).length
    const { offers } = await must(system.url, getGroupBuy, { params: { groupBuyId } })
    const sold = count('sold')
    const soldOut = count('soldOut')
    return {
      buyers: HOUSEHOLDS,
      inFlight: IN_FLIGHT,
      stock: PORTIONS,
      sold,
      soldOut,
      otherAnswers: answers.length - sold - soldOut,
      left: offers[0]?.left,
      oversold: Math.max(0, sold - PORTIONS),
      seconds: round(seconds, 2),
      p95Ms: round(percentile(latencies, 95)),
      ok: sold === PORTIONS && sold + soldOut === HOUSEHOLDS && offers[0]?.left === 0,
    }
  } finally {
    await market.system.close()
  }
}
