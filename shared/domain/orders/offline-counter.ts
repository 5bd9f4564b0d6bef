import type { listCounterOrders, pickUpProxies } from '../../contracts/orders.ts'
import type { Output } from '../../contracts/route.ts'
import { DAY_MS, type Instant, toMs } from '../../kernel/calendar.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { decideCollect, type CollectDecision, type HandableOrder, type WantedPortions } from './collect-shares.ts'

/**
 * A pick-up counter that has no network: it decides from the list it took with it, and keeps what it handed out until that
 * is recorded. All of it is pure; where the list and the queue lie is the page's business.
 */

export type CounterOrder = Output<typeof listCounterOrders>['items'][number]
export type CounterShare = CounterOrder['shares'][number]
export type Proxy = (typeof pickUpProxies)[number]

/** The list of one compound, taken by one person. */
export type CounterList = {
  readonly compoundId: string
  /** Whose it is; another person's list is never shown. */
  readonly who: string
  readonly at: Instant
  readonly more: boolean
  readonly orders: readonly CounterOrder[]
}

export const handOutStates = ['waiting', 'sent', 'listed', 'refused'] as const
export type HandOutState = (typeof handOutStates)[number]

/**
 * `waiting`: handed out here, not recorded yet. `sent`: recorded, but the list is older than that. `listed`: the list knows
 * it. `refused`: it could not be recorded, and stays until somebody has read why.
 */
export const handOutTransitions: Readonly<Record<HandOutState, readonly HandOutState[]>> = {
  waiting: ['sent', 'refused'],
  sent: ['listed'],
  listed: [],
  refused: [],
}

export type HandOut = {
  /** Made here, once: whatever is sent again and again with it is one hand-out. */
  readonly pickUpId: string
  readonly compoundId: string
  readonly who: string
  readonly orderId: string
  readonly householdLabel: string
  readonly pickUpCode: string
  readonly proxy: Proxy
  /** Always by name: "everything" would be something else by the time it is sent. */
  readonly lines: readonly WantedPortions[]
  readonly goods: readonly { readonly name: string; readonly portions: number }[]
  /** By the clock of this device. */
  readonly handedOutAt: Instant
  readonly state: HandOutState
  readonly reason?: string
}

/** A hand-out in its next state; itself when there is no such way: another tab was faster. */
export function moveHandOut(handOut: HandOut, to: HandOutState, reason?: string): HandOut {
  if (!handOutTransitions[handOut.state].includes(to)) return handOut
  return { ...handOut, state: to, ...(reason === undefined ? {} : { reason }) }
}

/** The list does not know of these: their portions are gone all the same. */
const isAhead = ({ state }: HandOut): boolean => state === 'waiting' || state === 'sent'

/** An order as it lies at the counter now: the list, less what was handed out since. */
export function orderNow(order: CounterOrder, handOuts: readonly HandOut[]): CounterOrder {
  const taken = new Map<string, number>()
  for (const handOut of handOuts.filter((each) => isAhead(each) && each.orderId === order.orderId)) {
    for (const { saleId, lineId, portions } of handOut.lines) {
      const key = `${saleId} ${lineId}`
      taken.set(key, (taken.get(key) ?? 0) + portions)
    }
  }
  if (taken.size === 0) return order
  return {
    ...order,
    shares: order.shares.map((share) => {
      const lines = share.lines.map((line) => {
        const out = Math.min(line.left, taken.get(`${share.saleId} ${line.lineId}`) ?? 0)
        return { ...line, handedOut: line.handedOut + out, left: line.left - out }
      })
      const isOut = share.state !== 'collected' && lines.every(({ left }) => left === 0)
      return { ...share, state: isOut ? 'collected' : share.state, lines }
    }),
  }
}

/**
 * The order as the decision about handing out looks at it. The list holds no money: what is owed of a line is what is out
 * and what is left, refunds are reckoned with already.
 */
function handable(order: CounterOrder): HandableOrder {
  return {
    state: 'paid',
    shares: order.shares.map(({ saleId, groupBuyId, state, pickUpStartsAt, lines }) => ({
      ...{ saleId, groupBuyId, state, pickUpStartsAt, refundedFen: 0 },
      lines: lines.map(({ lineId, name, handedOut, left, awaitsWeight }) => ({
        ...{ lineId, name, handedOut, quantity: handedOut + left, dropped: 0, amountFen: 0, refundedFen: 0 },
        awaitsWeight: awaitsWeight === true,
      })),
    })),
  }
}

export type Wish = {
  readonly pickUpId: string
  readonly orderId: string
  readonly proxy: Proxy
  /** Left out: everything that is left and whose day has come. */
  readonly lines?: readonly WantedPortions[] | undefined
}

type RefusedHere = Extract<CollectDecision, { kind: 'refused' }> | Refused<'NOT_IN_LIST' | 'ALREADY_RECORDED'>

/** Hands out from the list, by the very decision that the server takes. */
export function handOutHere(
  list: CounterList,
  handOuts: readonly HandOut[],
  wish: Wish,
  now: Instant,
): { readonly kind: 'handed-out'; readonly handOut: HandOut } | RefusedHere {
  const { pickUpId, orderId, proxy } = wish
  if (handOuts.some((each) => each.pickUpId === pickUpId)) return refused('ALREADY_RECORDED', '这次取货已经记下了')
  const listed = list.orders.find((each) => each.orderId === orderId)
  if (listed === undefined) return refused('NOT_IN_LIST', '名单里没有这个订单')
  const order = orderNow(listed, handOuts)
  const decision = decideCollect(handable(order), wish.lines, now)
  if (decision.kind === 'refused') return decision
  const { householdLabel, pickUpCode } = order
  const { compoundId, who } = list
  const goods = decision.lines.map(({ saleId, lineId, portions }) => ({
    name: nameOf(order, saleId, lineId),
    portions,
  }))
  const what = { pickUpId, compoundId, who, orderId, householdLabel, pickUpCode, proxy, goods }
  return {
    kind: 'handed-out',
    handOut: { ...what, lines: decision.lines, handedOutAt: now, state: 'waiting' },
  }
}

function nameOf(order: CounterOrder, saleId: string, lineId: string): string {
  const share = order.shares.find((each) => each.saleId === saleId)
  return share?.lines.find((each) => each.lineId === lineId)?.name ?? ''
}

/** So long after the end of its pick-up an order is kept on a device; the server knows it longer. */
export const KEPT_AFTER_PICK_UP_MS = DAY_MS

/** The list without the orders whose pick-up is over; `undefined` when nothing is left to keep. */
export function listStillKept(list: CounterList, now: Instant): CounterList | undefined {
  const orders = list.orders.filter((order) =>
    order.shares.some(({ pickUpEndsAt }) => toMs(now) <= toMs(pickUpEndsAt) + KEPT_AFTER_PICK_UP_MS),
  )
  if (orders.length === list.orders.length) return list
  return orders.length === 0 ? undefined : { ...list, orders }
}

/** What is recorded is shown for a day; what is not, stays. */
export function isStillShown({ state, handedOutAt }: HandOut, now: Instant): boolean {
  return state !== 'listed' || toMs(now) <= toMs(handedOutAt) + KEPT_AFTER_PICK_UP_MS
}

/**
 * What another person finds of a hand-out that its own worker has still to send: that it is there, and nothing about whom
 * it concerns. `undefined`: it is recorded, or refused, and nobody needs it.
 */
export function withoutRoom(handOut: HandOut): HandOut | undefined {
  return handOut.state === 'waiting' ? { ...handOut, householdLabel: '', pickUpCode: '', goods: [] } : undefined
}

/** What became of a hand-out that was sent. */
export type SendOutcome = 'sent' | 'refused' | 'later' | 'sign-in' | 'another-person'

/**
 * Only an answer that will never change ends a hand-out. No answer, a busy or broken server, a session that ran out, a role
 * that is missing today: it waits.
 */
export function outcomeOf(status: number, code: string | undefined): SendOutcome {
  if (status >= 200 && status < 300) return 'sent'
  if (status === 401) return 'sign-in'
  if (code === 'ANOTHER_PERSON') return 'another-person'
  return [400, 404, 409, 422].includes(status) ? 'refused' : 'later'
}
