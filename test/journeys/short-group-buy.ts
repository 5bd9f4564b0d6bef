import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TheSystem } from '#test/fixtures/system.ts'
import { signIn } from './browser.ts'

type Json = Record<string, unknown>
type Membership = { readonly role: string; readonly scopeId: string; readonly compoundId?: string }

export type Goods = {
  readonly offerId: string
  readonly name: string
  readonly picture: string
  readonly priceFen: number
  readonly portionGrams: number
  readonly weighed?: true
}

/** Long enough for a slow machine to order in, short enough to wait for. */
const CLOSES_IN_MS = 20_000
const PICK_UP_LASTS_MS = 7_200_000
const PATIENCE = { timeout: 60_000, interval: 250 }

/** A group buy of coop-1 for resident-1's compound that closes in a moment, told over the API as its people would. */
export async function openShortGroupBuy(
  system: TheSystem,
  title: string,
  goods: readonly Goods[],
  { opened = true, closesInMs = CLOSES_IN_MS, pickUpLastsMs = PICK_UP_LASTS_MS } = {},
) {
  const groupBuyId = `gb-short-${randomUUID().slice(0, 8)}`
  async function ask(method: string, path: string, as: string, body?: Json): Promise<Json> {
    const answer = await fetch(system.url + path, {
      method,
      headers: { authorization: `Bearer ${await system.token(as)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const found = (await answer.json()) as Json
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(found)}`)
    return found
  }
  const membershipOf = async (as: string, role: string) =>
    ((await ask('GET', '/api/places/me', as)).memberships as Membership[]).find((each) => each.role === role)
  const compoundId = String((await membershipOf('resident-1', 'resident'))?.compoundId)
  const coopId = String((await membershipOf('coop-1', 'coop'))?.scopeId)

  const listingIdOf = ({ offerId }: Goods) => `${coopId}.${offerId}-${groupBuyId.slice(-8)}`
  for (const each of goods) {
    const { name, picture, priceFen, portionGrams, weighed } = each
    await ask('PUT', `/api/catalogue/coops/${coopId}/listings/${listingIdOf(each)}`, 'coop-1', {
      ...{ version: 0, name, picture, priceFen, category: 'fruit', temperatureZone: 'ambient', state: 'active' },
      saleUnit: { by: 'weight', portionGrams, ...(weighed === undefined ? {} : { weighed }) },
    })
  }
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const open = () =>
    ask('PUT', `/api/group-buys/${groupBuyId}`, 'coop-1', {
      ...{ coopId, title, compoundIds: [compoundId] },
      ...{ opensAt: at(-60_000), closesAt: at(closesInMs) },
      ...{ pickUpStartsAt: at(closesInMs), pickUpEndsAt: at(closesInMs + pickUpLastsMs) },
      offers: goods.map((each) => {
        const { offerId, priceFen } = each
        return { offerId, priceFen, listingId: listingIdOf(each), stock: 20, perHouseholdLimit: 5 }
      }),
    })
  if (opened) await open()

  const order = (orderId: string) => ask('GET', `/api/orders/${orderId}`, 'resident-1')
  return {
    groupBuyId,
    compoundId,
    coopId,
    listingId: goods[0] === undefined ? '' : listingIdOf(goods[0]),
    /** Opens it, where it was not opened at once. */
    open,
    order,
    /** resident-1 orders, and pays. */
    async buy(wanted: Record<string, number>): Promise<string> {
      const orderId = randomUUID()
      const lines = Object.entries(wanted).map(([offerId, quantity]) => ({ groupBuyId, offerId, quantity }))
      await ask('PUT', `/api/orders/${orderId}`, 'resident-1', { lines })
      const { checkoutUrl } = await ask('POST', `/api/orders/${orderId}/checkout`, 'resident-1')
      const paid = await fetch(String(checkoutUrl), {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'method=alipay&outcome=paid',
      })
      expect(paid.ok).toBe(true)
      await expect.poll(async () => (await order(orderId)).state, PATIENCE).toBe('paid')
      return orderId
    },
    /** A worker gives so much of the order's first line back. */
    async giveBack(orderId: string, amountFen: number): Promise<void> {
      const [share] = (await order(orderId)).shares as { saleId: string; lines: { lineId: string }[] }[]
      const lines = [{ saleId: share?.saleId, lineId: share?.lines[0]?.lineId, amountFen }]
      await ask('POST', `/api/orders/${orderId}/refunds`, 'worker-1', {
        refundId: randomUUID(),
        reason: 'refund',
        lines,
      })
    },
    /** Its clocks have closed it, and the order can be handed out. */
    async untilConfirmed(orderId: string): Promise<void> {
      const state = async () => ((await order(orderId)).shares as { state: string }[])[0]?.state
      await expect.poll(state, PATIENCE).toBe('confirmed')
    },
    /** The worker counts what came: so many portions in good order. */
    async arrive(good: Record<string, number>): Promise<void> {
      const path = `/api/group-buys/${groupBuyId}/compounds/${compoundId}/deliveries`
      const { items } = (await ask('GET', path, 'worker-1')) as { items: { pickUpPointId: string }[] }
      const lines = Object.entries(good).map(([offerId, arrivedPortions]) => ({
        ...{ offerId, arrivedPortions, refusedPortions: 0 },
      }))
      await ask('POST', `${path}/${items[0]?.pickUpPointId}/check`, 'worker-1', { version: 0, lines })
    },
    signIn: (page: Page, account: string, path: string) => signIn(system, page, account, path),
  }
}
