import { yuan } from '#shared/kernel/money.ts'
import { csvFile } from '#web/lib/server/csv.ts'
import { purchaseOrderOf } from '#web/lib/server/purchase-order.ts'
import type { RequestHandler } from './$types'

const header = ['小区', '自提点', '地址', '商品', '一份', '份数', '重量（克）', '金额（元，已减退款）']

type Row = { name: string; unitLabel: string; portions: number; grams?: number | undefined; amountFen: number }

export const GET: RequestHandler = async (event) => {
  const order = await purchaseOrderOf(event)
  const cells = ({ name, unitLabel, portions, grams, amountFen }: Row) => {
    return [name, unitLabel, String(portions), grams === undefined ? '' : String(grams), yuan(amountFen)]
  }
  const rows = [
    header,
    ...order.compounds.flatMap(({ compoundName, pickUpPoint, offers }) =>
      offers.map((offer) => [compoundName, pickUpPoint.name, pickUpPoint.address, ...cells(offer)]),
    ),
    ...order.offers.map((offer) => ['全部小区', '', '', ...cells(offer)]),
    ['全部小区', '', '', '合计', '', String(order.portions), '', yuan(order.amountFen)],
  ]
  return csvFile(rows, `purchase-order-${order.groupBuyId}${order.final ? '' : '-not-final'}`)
}
