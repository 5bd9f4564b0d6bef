import { finishWeighing as route } from '#shared/contracts/deliveries.ts'
import { weighable } from '#shared/domain/group-buys/weigh-in.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import { loadDeliveryPlace } from '#functions/platform/table/delivery-facts.ts'
import { loadGroupBuyShares } from '#functions/platform/table/group-buy-shares.ts'
import { type WeighingItem, weighingItem } from '#functions/platform/table/items/deliveries.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, transact } from '#functions/platform/table/table.ts'
import { linesWithGrams } from '#functions/platform/table/weigh-in-lines.ts'
import { carryOutWeighing } from './carry-out-weighing.ts'

/** A page waits ten seconds for its answer; what is left comes with the next tick. */
const SPARE_MS = 22_000

export const finishWeighing = http(
  route,
  async ({ params: { groupBuyId, compoundId }, body }, { caller, now, remainingMs }) => {
    const where = await loadDeliveryPlace(groupBuyId, compoundId)
    if (where === undefined || !worksFor(caller, where.compound.communityId)) throw new Missing()
    const key = keys.weighing(groupBuyId, compoundId)
    const earlier = await get(weighingItem, key)
    if (earlier !== undefined) return answer(earlier)
    const { paid } = await loadGroupBuyShares(groupBuyId, compoundId)
    const toWeigh = paid.flatMap((each) => {
      const lines = linesWithGrams(each).map((line) => ({ line, goods: weighable(line) }))
      const weighed = lines.filter(({ goods }) => goods !== undefined)
      return weighed.length === 0 ? [] : [{ share: each.share, lines: weighed }]
    })
    if (toWeigh.length === 0) return refused('NOTHING_TO_WEIGH', '这个团购没有要称重的商品')
    if (toWeigh.some(({ share }) => share.state !== 'ready' && share.state !== 'collected')) {
      return refused('NOT_ARRIVED', '还有订单没有清点到货，清点后再结束称重')
    }
    const missing = toWeigh.flatMap(({ lines }) => lines).filter(({ line }) => line.grams === undefined).length
    if (missing > 0 && body.acceptMissing !== true) {
      return refused('LINES_NOT_WEIGHED', `还有 ${missing} 行没有称重`)
    }
    const back = toWeigh.map(({ lines }) => lines.reduce((sum, { goods }) => sum + (goods?.refundFen ?? 0), 0))
    const weighing = weighingItem.parse({
      entity: 'weighing',
      v: 1,
      groupBuyId,
      compoundId,
      state: 'finished',
      finishedAt: now,
      finishedBy: caller.personId,
      orders: back.filter((each) => each > 0).length,
      refundFen: back.reduce((sum, each) => sum + each, 0),
    })
    const put = { ...key, ...index.openDeliveries(now, groupBuyId, compoundId, 'WEIGHING'), ...weighing }
    const saved = await transact([{ put, condition: NOT_EXISTS }])
    // Somebody beside us finished it: come back for their figures.
    if (saved.kind === 'failed') throw new Busy()
    await carryOutWeighing(weighing, payments, now, () => remainingMs() > SPARE_MS)
    return answer(weighing)
  },
  { freshRoles: true },
)

const answer = ({ finishedAt, orders, refundFen }: WeighingItem) => ({ finishedAt, orders, refundFen })
