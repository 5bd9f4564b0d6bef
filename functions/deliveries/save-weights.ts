import { saveWeights as route } from '#shared/contracts/deliveries.ts'
import { weighable } from '#shared/domain/group-buys/weigh-in.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { loadDeliveryPlace } from '#functions/platform/table/delivery-facts.ts'
import { loadGroupBuyShares } from '#functions/platform/table/group-buy-shares.ts'
import { weighingItem } from '#functions/platform/table/items/deliveries.ts'
import { lineGramsAttribute } from '#functions/platform/table/items/orders.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, transact, type Write } from '#functions/platform/table/table.ts'
import { linesWithGrams } from '#functions/platform/table/weigh-in-lines.ts'

const TRIES_MAX = 3

export const saveWeights = http(route, async ({ params: { groupBuyId, compoundId }, body }, { caller }) => {
  const where = await loadDeliveryPlace(groupBuyId, compoundId)
  if (where === undefined || !worksFor(caller, where.compound.communityId)) throw new Missing()
  const weighing = keys.weighing(groupBuyId, compoundId)
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    if ((await get(weighingItem, weighing)) !== undefined) return refused('WEIGHING_FINISHED', '称重已经结束，不能再改')
    const { paid } = await loadGroupBuyShares(groupBuyId, compoundId)
    const byOrder = new Map(paid.map((each) => [each.order.orderId, each]))
    for (const { orderId, lineId, grams } of body.weights) {
      const found = byOrder.get(orderId)
      const line = found === undefined ? undefined : linesWithGrams(found).find((each) => each.lineId === lineId)
      const field = `${orderId}.${lineId}`
      if (found === undefined || line === undefined) {
        return refused('UNKNOWN_LINE', '没有这一行', { [field]: '没有这一行' })
      }
      const goods = weighable(line)
      if (goods === undefined) {
        return refused('NOT_WEIGHED_GOODS', `「${line.name}」不按实重结算`, { [field]: '不用称' })
      }
      if (found.share.state !== 'ready') {
        return refused('NOT_ARRIVED', `「${line.name}」还没有清点到货`, { [field]: '请先清点到货' })
      }
      if (grams > goods.gramsMax) {
        const detail = `「${line.name}」${grams} 克太重了，请看一下单位是不是克`
        return refused('WEIGHT_TOO_LARGE', detail, { [field]: `最多 ${goods.gramsMax} 克` })
      }
    }
    const shares = Map.groupBy(body.weights, (each) => each.orderId)
    const writes = [...shares].map(([orderId, weights]) => gramsWrite(groupBuyId, orderId, weights))
    // Not after weighing was finished: what was too light is being given back.
    for (let from = 0; from < writes.length; from += WRITES_AT_ONCE) {
      const part = writes.slice(from, from + WRITES_AT_ONCE)
      const saved = await transact([{ check: weighing, condition: NOT_EXISTS }, ...part])
      if (saved.kind === 'failed') break
      if (from + WRITES_AT_ONCE >= writes.length) return { saved: body.weights.length }
    }
  }
  throw new Busy()
})

const WRITES_AT_ONCE = 50

function gramsWrite(
  groupBuyId: string,
  orderId: string,
  weights: readonly { readonly lineId: string; readonly grams: number }[],
): Write {
  const names = Object.fromEntries(weights.map(({ lineId }, at) => [`#g${at}`, lineGramsAttribute(lineId)]))
  const values = Object.fromEntries(weights.map(({ grams }, at) => [`:g${at}`, grams]))
  return {
    update: keys.share(groupBuyId, orderId),
    set: `SET ${weights.map((_each, at) => `#g${at} = :g${at}`).join(', ')}`,
    condition: '#state = :ready AND attribute_not_exists(#weighedAt)',
    expression: {
      names: { ...names, '#state': 'state', '#weighedAt': 'weighedAt' },
      values: { ...values, ':ready': 'ready' },
    },
  }
}
