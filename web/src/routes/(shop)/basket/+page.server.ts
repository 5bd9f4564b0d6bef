import { redirect, type RequestEvent } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { placeOrder, startCheckout } from '#shared/contracts/orders.ts'
import { getCompound, listPairings } from '#shared/contracts/places.ts'
import { pickUpKey, pickUpsOf } from '#shared/domain/orders/same-pick-up.ts'
import { lineKey, setLine, type Basket } from '#web/lib/basket/codec.ts'
import { percent } from '#web/lib/format/money.ts'
import { api } from '#web/lib/server/api.ts'
import { viewBasket } from '#web/lib/server/basket-view.ts'
import { basketCookie, compoundCookie, payForCookie } from '#web/lib/server/cookies.ts'
import { type MyOrder, recentOrders } from '#web/lib/server/my-orders.ts'
import { failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { weChatOf } from '#web/lib/server/wechat.ts'
import type { Actions, PageServerLoad } from './$types'

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The rates of the agreements that this basket falls under today, for the line that says what the co-ops donate. */
async function ratesOf(communityId: string | undefined, villageIds: ReadonlySet<string>): Promise<readonly string[]> {
  if (communityId === undefined) return []
  const answer = await publicRead(listPairings, { query: { communityId } })
  if (!answer.ok) return []
  const rates = answer.data.items
    .filter((pairing) => villageIds.has(pairing.villageId))
    .map((pairing) => pairing.agreement?.rateBps ?? 0)
  return [...new Set(rates.filter((rate) => rate > 0))].sort((a, b) => a - b).map(percent)
}

type Ordered = Pick<MyOrder, 'orderId' | 'placedAt'>

/** The earliest paid order that is picked up at this point on a day on which something of the basket is. */
function togetherAt(
  compoundId: string,
  pickUpPointId: string,
  startsAt: readonly string[],
  orders: readonly MyOrder[],
): Ordered | undefined {
  const keys = new Set(startsAt.map((at) => pickUpKey(compoundId, pickUpPointId, at)))
  const found = orders
    .filter((order) => order.state === 'paid' && pickUpsOf(order).some(({ key }) => keys.has(key)))
    .sort((left, right) => (left.placedAt < right.placedAt ? -1 : 1))[0]
  return found && { orderId: found.orderId, placedAt: found.placedAt }
}

export const load: PageServerLoad = async (event) => {
  const { lang, visitor } = event.locals
  const now = Date.now()
  const basket = basketCookie.read(event)
  const me = await visitor.me()
  const home = me?.memberships.find(({ role }) => role === 'resident')
  const compoundId = home?.compoundId ?? compoundCookie.read(event)
  const [groups, compound, orders] = await Promise.all([
    viewBasket(basket, compoundId, now),
    compoundId === undefined ? undefined : publicRead(getCompound, { params: { compoundId } }),
    basket.length === 0 || home === undefined ? [] : visitor.token().then(recentOrders),
  ])
  const pickUpStarts = groups.flatMap(({ pickUpStartsAt }) => pickUpStartsAt ?? [])
  const villageIds = new Set(groups.flatMap(({ villageId }) => villageId ?? []))
  const place = compound?.ok ? compound.data : undefined
  return {
    now,
    // Rendered into the form, so that a form that is sent twice is one order.
    orderId: randomUUID(),
    groups: groups.map((group) => ({
      ...group,
      lines: group.lines.map((line) => ({
        ...line,
        troubleText: line.trouble === undefined ? undefined : sentenceOf(line.trouble, lang),
      })),
    })),
    totalFen: groups.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.amountFen, 0),
    rates: basket.length === 0 ? [] : await ratesOf(place?.communityId, villageIds),
    home: home && { compoundName: home.compoundName ?? home.scopeName },
    compoundName: place?.name,
    pickUpPoints: (place?.pickUpPoints ?? []).map(({ pickUpPointId, name, address, hours }) => ({
      pickUpPointId,
      name,
      address,
      hours,
      together: togetherAt(compoundId ?? '', pickUpPointId, pickUpStarts, orders),
    })),
  }
}

type Sent = { basket: Basket; prices: Map<string, number>; full: boolean }

/** The form's lines as they stand in the browser: changed quantities count also when the buyer goes straight to payment. */
function readLines(form: FormData): Sent {
  const all = (name: string) => form.getAll(name).map(String)
  const [groupBuyIds, offerIds, quantities, prices] = [
    all('groupBuyId'),
    all('offerId'),
    all('quantity'),
    all('unitPriceFen'),
  ]
  const removed = form.get('remove')
  const seen = new Map<string, number>()
  let basket: Basket = []
  let full = false
  for (const [index, groupBuyId] of groupBuyIds.entries()) {
    const offerId = offerIds[index] ?? ''
    const key = lineKey({ groupBuyId, offerId })
    const quantity = Math.trunc(Number(quantities[index] ?? '0')) || 0
    const change = setLine(basket, { groupBuyId, offerId, quantity: key === removed ? 0 : Math.max(0, quantity) })
    if (change.kind === 'changed') basket = change.basket
    else full = true
    const price = Number(prices[index] ?? '')
    if (Number.isInteger(price) && price >= 0 && prices[index] !== '') seen.set(key, price)
  }
  return { basket, prices: seen, full }
}

async function checkout(event: RequestEvent) {
  const form = await event.request.formData()
  const { basket, prices } = readLines(form)
  const { lang } = event.locals
  basketCookie.write(event, basket)
  const token = await neededToken(event)
  const given = String(form.get('orderId') ?? '')
  const orderId = uuidPattern.test(given) ? given : randomUUID()
  const pickUpPointId = String(form.get('pickUpPointId') ?? '') || undefined
  const kept = { orderId, pickUpPointId }
  const placed = await api(
    placeOrder,
    {
      params: { orderId },
      body: {
        pickUpPointId,
        lines: basket.map((line) => ({ ...line, unitPriceFen: prices.get(lineKey(line)) })),
      },
    },
    { token },
  )
  if (!placed.ok) {
    // It was placed before, perhaps by an answer that got lost on its way: the order's own page knows.
    if (placed.problem.code === 'ORDER_ID_REUSED') redirect(303, `/orders/${orderId}`)
    return failed(placed.problem, lang, kept)
  }
  basketCookie.write(event, [])
  // Where the payment page does not work, the order's own page says what does.
  const weChat = weChatOf(event)
  if (weChat.inside && !weChat.pays) redirect(303, `/orders/${orderId}`)
  const session = await api(startCheckout, { params: { orderId } }, { token })
  // The goods are held already: without a payment page the order's page offers to try again.
  if (!session.ok) redirect(303, `/orders/${orderId}`)
  payForCookie.drop(event)
  redirect(303, session.data.checkoutUrl, { external: true })
}

export const actions: Actions = {
  update: async (event) => {
    const { basket, full } = readLines(await event.request.formData())
    basketCookie.write(event, basket)
    if (full) {
      const problem = { type: 'about:blank', title: '', status: 422, code: 'QUANTITY_TOO_LARGE' }
      return failed(problem, event.locals.lang, { orderId: undefined, pickUpPointId: undefined })
    }
    redirect(303, '/basket')
  },
  checkout,
}
