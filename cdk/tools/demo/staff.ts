import { randomUUID } from 'node:crypto'
import { getOrder, refundOrder } from '../../../shared/contracts/orders.ts'
import { listParkedMoney } from '../../../shared/contracts/payments.ts'
import { getMe } from '../../../shared/contracts/places.ts'
import { PAGE_MAX } from '../../../shared/contracts/route.ts'
import { allPages, call, must } from './http-client.ts'
import { type Person, signIn } from './people.ts'
import type { Random } from './random.ts'
import type { AskedRefund, OrderRecord } from './records.ts'

/** The people who look after the funds: two workers, each for one community, and the administrator of the district. */
export type Staff = {
  readonly admin: Person
  readonly workers: readonly (Person & { readonly communityId: string })[]
}

export async function findStaff(url: string, issuer: string): Promise<Staff> {
  const admin = await signIn(issuer, 'admin-1')
  const workers = await Promise.all(
    ['worker-1', 'worker-2'].map(async (account) => {
      const person = await signIn(issuer, account)
      const { memberships } = await must(url, getMe, { token: person.token })
      const held = memberships.find(({ role }) => role === 'worker')
      if (held === undefined) throw new Error(`${account} is no worker`)
      return { ...person, communityId: held.scopeId }
    }),
  )
  return { admin, workers }
}

/** Whoever sees this community's fund live: its worker, else the administrator. */
export function eyesOn(staff: Staff, communityId: string): Person {
  return staff.workers.find((worker) => worker.communityId === communityId) ?? staff.admin
}

/** A worker refunds: everything (`whole`), or a part of one or two lines. Sent twice, as a nervous hand does. */
export async function refund(
  url: string,
  staff: Staff,
  order: OrderRecord,
  whole: boolean,
  random: Random,
): Promise<string[]> {
  const worker = staff.workers.find(({ communityId }) => communityId === order.communityId)
  if (worker === undefined) throw new Error(`nobody works in ${order.communityId}`)
  const params = { orderId: order.orderId }
  const view = await must(url, getOrder, { params, token: worker.token })
  const asked = whole ? wholeRefund(view, worker.account) : partRefund(view, worker.account, random)
  const body = { refundId: asked.refundId, reason: 'refund' as const, ...(whole ? {} : { lines: asked.lines }) }
  const wrong: string[] = []
  const other = staff.workers.find(({ communityId }) => communityId !== order.communityId)
  const foreign = await call(url, refundOrder, { params, body, token: other?.token })
  if (foreign.kind !== 'refused' || foreign.status !== 404) wrong.push(`${other?.account} may refund ${order.orderId}`)
  const said = await must(url, refundOrder, { params, body, token: worker.token })
  if (said.amountFen !== asked.amountFen) wrong.push(`refund ${asked.refundId} is of ${said.amountFen}`)
  const again = await call(url, refundOrder, { params, body, token: worker.token })
  if (again.kind !== 'ok' || again.output.amountFen !== asked.amountFen)
    wrong.push(`refund ${asked.refundId} sent again is another refund`)
  const { refundId, by, perSale, amountFen } = asked
  order.refunds.push({ refundId, by, perSale, amountFen })
  return wrong
}

type View = NonNullable<OrderRecord['view']>
type Asked = AskedRefund & { readonly lines: { saleId: string; lineId: string; amountFen: number }[] }

function wholeRefund(view: View, by: string): Asked {
  const perSale = view.shares.map(({ saleId, amountFen, refundedFen }) => ({
    saleId,
    amountFen: amountFen - refundedFen,
  }))
  return { refundId: randomUUID(), by, perSale, amountFen: sumOf(perSale), lines: [] }
}

/** One portion of a line, or an odd number of fen of it: what is left of a damaged bunch. */
function partRefund(view: View, by: string, random: Random): Asked {
  const all = view.shares.flatMap(({ saleId, lines }) => lines.map((line) => ({ saleId, line })))
  const lines = random
    .shuffled(all)
    .slice(0, random.between(1, Math.min(2, all.length)))
    .map(({ saleId, line }) => ({
      saleId,
      lineId: line.lineId,
      amountFen: random.next() < 0.5 ? line.unitPriceFen : random.between(1, line.amountFen),
    }))
  const perSale = [...Map.groupBy(lines, ({ saleId }) => saleId)].map(([saleId, own]) => ({
    saleId,
    amountFen: sumOf(own),
  }))
  return { refundId: randomUUID(), by, perSale, amountFen: sumOf(perSale), lines }
}

function sumOf(amounts: readonly { readonly amountFen: number }[]): number {
  return amounts.reduce((sum, each) => sum + each.amountFen, 0)
}

/** Parked money that is on the list now. */
export async function parkedNow(url: string, { admin }: Staff) {
  return allPages((cursor) => must(url, listParkedMoney, { query: { cursor, limit: PAGE_MAX }, token: admin.token }))
}
