import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, send } from '../demo/http-client.ts'
import type { Household } from './small-district.ts'

/** An order as a program sends it: answers are read as far as they are needed, and nothing is parsed twice. */
export type QuickLine = { readonly groupBuyId: string; readonly offerId: string; readonly quantity: number }
export type Placed = {
  readonly orderId: string
  readonly status: number
  readonly code: string
  readonly tries: number
  /** The first share's sale. */
  readonly saleId: string
}

const json = { 'content-type': 'application/json' }
const BUSY_TRIES_MAX = 20

/** Sends a request again while the system asks to come back later; every one of ours may be repeated. */
async function patient(ask: () => Promise<Answer>): Promise<{ answer: Answer; tries: number }> {
  for (let tries = 1; ; tries++) {
    const answer = await ask()
    if (answer.status !== 503 || tries >= BUSY_TRIES_MAX) return { answer, tries }
    await sleep(Math.random() * 200 * tries)
  }
}

export async function placeQuick(
  url: string,
  household: Household,
  lines: readonly QuickLine[],
  orderId: string = randomUUID(),
): Promise<Placed> {
  const body = JSON.stringify({ lines })
  const { answer, tries } = await patient(() =>
    send(`${url}/api/orders/${orderId}`, { method: 'PUT', token: household.token, headers: json, body }),
  )
  const code = answer.status >= 400 ? (/"code":"(\w+)"/.exec(answer.text)?.[1] ?? '') : ''
  const saleId = /"saleId":"([^"]+)"/.exec(answer.text)?.[1] ?? ''
  return { orderId, status: answer.status, code, tries, saleId }
}

/** Opens the payment page; its address. */
export async function checkoutQuick(url: string, household: Household, orderId: string): Promise<string> {
  const { answer } = await patient(() =>
    send(`${url}/api/orders/${orderId}/checkout`, { method: 'POST', token: household.token }),
  )
  const address = /"checkoutUrl":"([^"]+)"/.exec(answer.text)?.[1]
  if (answer.status !== 200 || address === undefined)
    throw new Error(`checkout of ${orderId}: ${answer.status} ${answer.text.slice(0, 200)}`)
  return address
}

/** Pays without looking at the page: the same form, asked for as JSON, so that no page is drawn. */
export async function payQuick(checkoutUrl: string, method = 'alipay'): Promise<void> {
  const answer = await send(checkoutUrl, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: `method=${method}&outcome=paid`,
  })
  if (answer.status !== 200) throw new Error(`payment at ${checkoutUrl}: ${answer.status} ${answer.text.slice(0, 200)}`)
}

/** State and first sale of an order. */
export async function lookQuick(url: string, household: Household, orderId: string) {
  const { answer } = await patient(() => send(`${url}/api/orders/${orderId}`, { token: household.token }))
  if (answer.status !== 200) throw new Error(`order ${orderId}: ${answer.status} ${answer.text.slice(0, 200)}`)
  return JSON.parse(answer.text) as {
    state: string
    amountFen: number
    shares: { saleId: string; amountFen: number }[]
  }
}
