import { checkDelivery as route, DEFAULT_SHORTAGE_RULE } from '#shared/contracts/deliveries.ts'
import type { Body } from '#shared/contracts/route.ts'
import type { Shortage } from '#shared/domain/group-buys/allocate-shortage.ts'
import { decideCheck, deliverableStates } from '#shared/domain/group-buys/check-delivery.ts'
import { shortageFen } from '#shared/domain/group-buys/less-goods.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { linesThere, loadDeliveryFacts, loadDeliveryPlace, sharesAt } from '#functions/platform/table/delivery-facts.ts'
import type { PaidShare } from '#functions/platform/table/group-buy-shares.ts'
import { type DeliveryItem, deliveryItem, shortageItem } from '#functions/platform/table/items/deliveries.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { carryOutCheck } from './carry-out-check.ts'

const TRIES_MAX = 4
/** A page waits ten seconds for its answer; what is left comes with the next tick. */
const SPARE_MS = 22_000
const SHORTAGES_A_PART = 200
/** Of a transaction's hundred items; ten thousand lines that go short at one point would need another way. */
const PARTS_MAX = 90

export const checkDelivery = http(
  route,
  async ({ params, body }, { caller, now, remainingMs }) => {
    const { groupBuyId, compoundId, pickUpPointId } = params
    const bodyHash = hashBody(body.lines.toSorted((a, b) => (a.offerId < b.offerId ? -1 : 1)))
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const where = await loadDeliveryPlace(groupBuyId, compoundId)
      if (where === undefined || !worksFor(caller, where.compound.communityId)) throw new Missing()
      const { groupBuy } = where
      if (!deliverableStates.includes(groupBuy.state)) return notDecided()
      const facts = await loadDeliveryFacts(groupBuy, compoundId)
      if (!facts.points.some((each) => each.pickUpPointId === pickUpPointId)) throw new Missing()
      const before = facts.deliveries.find((each) => each.pickUpPointId === pickUpPointId)
      if (before !== undefined && before.state !== 'announced') {
        if (before.bodyHash !== bodyHash) return refused('DELIVERY_CHECKED', '这批货已经清点过了，不能再改')
        assert(before.short !== undefined, 'a checked delivery knows what is short')
        return { checkedAt: before.checkedAt, short: before.short }
      }
      if ((before?.version ?? 0) !== body.version) {
        return refused('DELIVERY_CHANGED', '合作社刚改了送货单，请看过再确认')
      }
      const shares = sharesAt(facts.shares.paid, pickUpPointId)
      // Confirmed a moment ago: price differences are still being given back.
      if (shares.some(({ share }) => share.state === 'reserved')) return notDecided()
      const decision = decideCheck(
        {
          rule: groupBuy.shortageRule ?? DEFAULT_SHORTAGE_RULE,
          offers: new Map(facts.offers.map((offer) => [offer.offerId, offer])),
          lines: linesThere(shares),
        },
        body.lines,
      )
      if (decision.kind === 'refused') return decision
      const short = figures(decision.shortages, shares)
      if (body.preview === true) return { short }
      const partCount = Math.ceil(decision.shortages.length / SHORTAGES_A_PART)
      assert(partCount <= PARTS_MAX, 'what is short fits a transaction')
      const checked = deliveryItem.parse({
        ...before,
        ...params,
        entity: 'delivery',
        v: 1,
        state: 'checked',
        version: body.version + 1,
        lines: countedLines(before, body),
        checkedAt: now,
        checkedBy: caller.personId,
        bodyHash,
        parts: partCount,
        short,
      })
      const saved = await transact(checkWrites(groupBuy, checked, before, decision.shortages))
      if (saved.kind === 'failed') continue
      await carryOutCheck(
        checked,
        { shares, shortages: decision.shortages },
        payments,
        now,
        () => remainingMs() > SPARE_MS,
      )
      return { checkedAt: now, short }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

const notDecided = () => refused('GROUP_BUY_NOT_DECIDED', '团购还没有处理完成团，请过一分钟再清点')

/** What goes back for what is short, before anything was given back. */
function figures(shortages: readonly Shortage[], shares: readonly PaidShare[]) {
  const lines = new Map(
    shares.flatMap(({ order, lines: bought }) =>
      bought.map((line) => [`${order.orderId} ${line.lineId}`, line] as const),
    ),
  )
  const amounts = shortages.map(({ orderId, lineId, short }) => {
    const line = lines.get(`${orderId} ${lineId}`)
    assert(line !== undefined, 'what is short was bought')
    return shortageFen(line, short)
  })
  return {
    orders: new Set(shortages.map(({ orderId }) => orderId)).size,
    portions: shortages.reduce((sum, { short }) => sum + short, 0),
    amountFen: amounts.reduce((sum: number, each) => sum + each, 0),
  }
}

/** What the co-op said it sent stays beside what was counted. */
function countedLines(before: DeliveryItem | undefined, body: Body<typeof route>): DeliveryItem['lines'] {
  const sent = new Map(before?.lines.map((line) => [line.offerId, line.sentPortions]))
  const counted = body.lines.map((line) => ({ ...line, sentPortions: sent.get(line.offerId) }))
  const uncounted = before?.lines.filter((line) => !body.lines.some(({ offerId }) => offerId === line.offerId)) ?? []
  return [...counted, ...uncounted]
}

/** The check with all that is short, and the group buy on its way, in one transaction: decided once, whatever happens next. */
function checkWrites(
  groupBuy: GroupBuyItem,
  checked: DeliveryItem,
  before: DeliveryItem | undefined,
  shortages: readonly Shortage[],
): Write[] {
  const { groupBuyId, compoundId, pickUpPointId, checkedAt } = checked
  assert(checkedAt !== undefined, 'a check has its moment')
  const key = keys.delivery(groupBuyId, compoundId, pickUpPointId)
  const parts = Array.from({ length: checked.parts ?? 0 }, (_none, part): Write => {
    const mine = shortages.slice(part * SHORTAGES_A_PART, (part + 1) * SHORTAGES_A_PART)
    const which = { groupBuyId, compoundId, pickUpPointId }
    const item = shortageItem.parse({ entity: 'shortage', v: 1, ...which, part, shortages: mine })
    return { put: { ...keys.shortage(groupBuyId, compoundId, pickUpPointId, part), ...item }, condition: NOT_EXISTS }
  })
  return [
    {
      put: { ...key, ...index.openDeliveries(checkedAt, groupBuyId, compoundId, pickUpPointId), ...checked },
      ...(before === undefined
        ? { condition: NOT_EXISTS }
        : {
            condition: '#state = :announced AND version = :version',
            expression: {
              names: { '#state': 'state' },
              values: { ':announced': 'announced', ':version': before.version },
            },
          }),
    },
    ...parts,
    {
      update: keys.groupBuy(groupBuyId),
      set: 'SET #state = :after',
      condition: '#state = :before',
      expression: {
        names: { '#state': 'state' },
        values: { ':before': groupBuy.state, ':after': groupBuy.state === 'confirmed' ? 'receiving' : groupBuy.state },
      },
    },
  ]
}
