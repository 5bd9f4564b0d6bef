import { announceDelivery as route } from '#shared/contracts/deliveries.ts'
import { deliverableStates } from '#shared/domain/group-buys/check-delivery.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { actsFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadDeliveryFacts, loadDeliveryPlace } from '#functions/platform/table/delivery-facts.ts'
import { deliveryItem } from '#functions/platform/table/items/deliveries.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { NOT_EXISTS, transact } from '#functions/platform/table/table.ts'
import { deliveryView } from './delivery-view.ts'

export const announceDelivery = http(route, async ({ params, body }, { caller, now }) => {
  const { groupBuyId, compoundId, pickUpPointId } = params
  const where = await loadDeliveryPlace(groupBuyId, compoundId)
  if (where === undefined || !actsFor(caller, where.groupBuy.coopId)) throw new Missing()
  if (!deliverableStates.includes(where.groupBuy.state)) {
    return refused('GROUP_BUY_NOT_DECIDED', '团购还没有成团，不能登记送货')
  }
  const facts = await loadDeliveryFacts(where.groupBuy, compoundId)
  const point = facts.points.find((each) => each.pickUpPointId === pickUpPointId)
  if (point === undefined) throw new Missing()
  const before = facts.deliveries.find((each) => each.pickUpPointId === pickUpPointId)
  if (before !== undefined && before.state !== 'announced') {
    return refused('DELIVERY_CHECKED', '社区已经清点，不能再改送货单')
  }
  const seen = new Set<string>()
  for (const { offerId } of body.lines) {
    const offer = facts.offers.find((each) => each.offerId === offerId)
    if (offer === undefined) return refused('UNKNOWN_OFFER', '团购里没有这个商品', { [offerId]: '没有这个商品' })
    if (seen.has(offerId)) return refused('DUPLICATE_OFFER', `「${offer.name}」填了两次`, { [offerId]: '填了两次' })
    seen.add(offerId)
  }
  if ((before?.version ?? 0) !== body.version) return changed()
  const item = deliveryItem.parse({
    entity: 'delivery',
    v: 1,
    ...params,
    state: 'announced',
    version: body.version + 1,
    lines: body.lines,
    ...(body.note === undefined || body.note === '' ? {} : { note: body.note }),
    announcedAt: now,
    announcedBy: caller.personId,
  })
  const saved = await transact([
    {
      put: { ...keys.delivery(groupBuyId, compoundId, pickUpPointId), ...item },
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
  ])
  if (saved.kind === 'failed') {
    // Sent again after an answer that got lost, it finds itself.
    if (saved.uncertain) throw new Busy()
    return changed()
  }
  const others = facts.deliveries.filter((each) => each !== before)
  return deliveryView(where, { ...facts, deliveries: [...others, item] }, point)
})

const changed = () => refused('DELIVERY_CHANGED', '送货单刚被别人改过，请看过再填')
