import { yuan } from '../format/money.ts'
import { paperSpan, paperText } from '../format/time.ts'
import type { Offer } from '../shop/offer.ts'
import { unitLabel } from '../shop/unit-label.ts'

// What a worker pastes into the compound's WeChat group. All neighbours read it, so nothing here names a person, a room or a
// code; and it is Chinese whatever the language of the page, for that is what the group reads.

const OFFERS_SHOWN = 20

type Selling = {
  readonly title: string
  readonly villageName: string
  readonly coopName: string
  readonly closesAt: string
  readonly pickUpStartsAt: string
  readonly pickUpEndsAt: string
  readonly offers: readonly Pick<Offer, 'name' | 'grade' | 'saleUnit' | 'priceFen' | 'perJinFen'>[]
}

/** Days are written out: a message is read tomorrow too. */
export function openingText(groupBuy: Selling, link: string): string {
  const { title, villageName, coopName, offers } = groupBuy
  const more = offers.length - OFFERS_SHOWN
  return lines(
    `【开团】${title}`,
    `${villageName} · ${coopName}`,
    ...offers.slice(0, OFFERS_SHOWN).map(offerText),
    more > 0 ? `还有 ${more} 样，点链接看` : '',
    `截止：${paperText(groupBuy.closesAt, 'zh')}`,
    `取货：${paperSpan(groupBuy.pickUpStartsAt, groupBuy.pickUpEndsAt, 'zh')}`,
    `下单：${link}`,
  )
}

function offerText({ name, grade, saleUnit, priceFen, perJinFen }: Selling['offers'][number]): string {
  const perJin = perJinFen === undefined ? '' : `，合 ${yuan(perJinFen)} 元/斤`
  const what = grade === undefined ? name : `${name}（${grade}）`
  return `· ${what}：${yuan(priceFen)} 元 / ${saleUnit.by === 'piece' ? saleUnit.pieceLabel : unitLabel(saleUnit, 'zh')}${perJin}`
}

type Arrived = {
  readonly pickUpPointName: string
  readonly lines: readonly { readonly name: string; readonly arrivedPortions?: number | undefined }[]
}
type Point = { readonly address: string; readonly hours: string }

/** What came and was counted; nothing of who gets it. */
export function arrivalText(title: string, delivery: Arrived, point: Point | undefined, pickUp: string): string {
  const arrived = delivery.lines.filter(({ arrivedPortions = 0 }) => arrivedPortions > 0)
  const where = point === undefined ? delivery.pickUpPointName : `${delivery.pickUpPointName}（${point.address}）`
  return lines(
    `【到货】${title}`,
    `到了：${arrived.map(({ name, arrivedPortions = 0 }) => `${name} ${arrivedPortions} 份`).join('、')}`,
    `取货点：${where}`,
    point === undefined ? '' : `开放时间：${point.hours}`,
    `取货：${pickUp}`,
    '取货码在“我的订单”里。',
  )
}

/** How many orders are still there. Which households they are is nobody's business in a group. */
export function uncollectedText(title: string, orderCount: number, until: string): string {
  return lines(
    `【请来取货】${title}`,
    `还有 ${orderCount} 单没取，${paperText(until, 'zh')} 前请来取。`,
    '取货码在“我的订单”里，家人、邻居也可以代取。',
  )
}

const lines = (...all: readonly string[]) => all.filter((line) => line !== '').join('\n')
