import { redirect, type RequestEvent } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { listGroupBuys } from '#shared/contracts/group-buys.ts'
import { findHousehold, listPlacedFor, placeOrderFor } from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import type { Output } from '#shared/contracts/route.ts'
import { type Lang, say } from '../text/lang.ts'
import { orderForWords } from '../text/order-for.ts'
import { api } from './api.ts'
import { dataOrError, failed, formProblem, neededToken } from './problems.ts'
import { publicRead } from './public-reads.ts'

/** As much as the shop itself looks through. */
const PAGES_MAX = 5
const NAME_MAX = 12
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Open = Output<typeof listGroupBuys>['items']

async function openFor(compoundId: string): Promise<Open> {
  const all: Open = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await publicRead(listGroupBuys, { query: { compoundId, with: 'offers', cursor } })
    if (!answer.ok) break
    all.push(...answer.data.items)
    cursor = answer.data.nextCursor
    if (cursor === undefined) break
  }
  return all
}

type Rooms = { readonly building: string; readonly unit: string; readonly room: string }

/** Where somebody may order: any room of a compound, or of one building of it, whatever the form says. */
export type Where = {
  readonly compoundId: string
  readonly leader?: { readonly building: string; readonly knownAs: string }
}

function roomsIn({ leader }: Where, read: (name: string) => unknown): Rooms {
  const text = (name: string) => String(read(name) ?? '').trim()
  return { building: leader?.building ?? text('building'), unit: text('unit'), room: text('room') }
}

/** The household that was asked for; nothing when none was, and what is wrong when there is no such room. */
async function chosenIn({ compoundId, leader }: Where, rooms: Rooms, token: string, lang: Lang) {
  const asked = leader === undefined ? Object.values(rooms) : [rooms.unit, rooms.room]
  if (asked.every((part) => part === '')) return undefined
  const found = await api(findHousehold, { params: { compoundId }, query: rooms }, { token })
  return found.ok ? { label: found.data.householdLabel } : { problem: formProblem(found.problem, lang) }
}

/** What the page of ordering for a household shows. */
export async function orderForPage(event: RequestEvent, where: Where) {
  const token = await neededToken(event)
  const { compoundId } = where
  const now = Date.now()
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [place, placed, session] = await Promise.all([
    api(getCompound, { params: { compoundId } }, { token: undefined }),
    api(listPlacedFor, { params: { compoundId }, query: { limit: 20, cursor } }, { token }),
    event.locals.visitor.session(),
  ])
  const compound = dataOrError(place, event)
  const { items, nextCursor } = dataOrError(placed, event)
  const rooms = roomsIn(where, (name) => event.url.searchParams.get(name))
  const chosen = await chosenIn(where, rooms, token, event.locals.lang)
  const label = chosen !== undefined && 'label' in chosen ? chosen.label : undefined
  const open = label === undefined ? [] : await openFor(compoundId)
  return {
    now,
    compoundId,
    name: compound.name,
    buildings: compound.buildings.map((building) => ({ label: building.label, units: building.units })),
    rooms,
    label,
    roomProblem: chosen !== undefined && 'problem' in chosen ? chosen.problem : undefined,
    // Rendered into the form, so that a form that is sent twice is one order.
    orderId: randomUUID(),
    placerName: (session?.name ?? '').slice(0, NAME_MAX),
    pickUpPoints: compound.pickUpPoints.map(({ pickUpPointId, name, address }) => ({ pickUpPointId, name, address })),
    groupBuys: open
      .filter(
        ({ opensAt, closesAt, state }) => state === 'open' && Date.parse(opensAt) <= now && Date.parse(closesAt) > now,
      )
      .map(({ groupBuyId, title, coopName, closesAt, pickUpStartsAt, pickUpEndsAt, offers = [] }) => ({
        ...{ groupBuyId, title, coopName, closesAt, pickUpStartsAt, pickUpEndsAt },
        offers: offers
          .filter(({ left }) => left > 0)
          .map(({ offerId, name, nameEn, saleUnit, priceFen, left, perHouseholdLimit }) => ({
            ...{ offerId, name, nameEn, saleUnit, priceFen },
            most: Math.min(left, perHouseholdLimit),
          })),
      })),
    // Who works here too sees the others' elsewhere.
    placed: where.leader === undefined ? items : items.filter(({ mine }) => mine),
    nextCursor,
  }
}

const QUANTITY = 'quantity:'
const PRICE = 'price:'

/** `quantity:<group buy>/<offer>`, and the price that was seen beside it; what nobody wants is left out. */
function linesIn(form: FormData) {
  return [...form].flatMap(([name, value]) => {
    if (!name.startsWith(QUANTITY)) return []
    const key = name.slice(QUANTITY.length)
    const [groupBuyId = '', offerId = ''] = key.split('/')
    const quantity = Math.trunc(Number(value)) || 0
    const seen = Number(form.get(PRICE + key) ?? '')
    const price = Number.isInteger(seen) && seen > 0 ? { unitPriceFen: seen } : {}
    return quantity > 0 ? [{ groupBuyId, offerId, quantity, ...price }] : []
  })
}

/** Places the order that the form asks for, and goes on to it. A leader's name is not theirs to type: a worker gave it. */
export async function placeForHousehold(event: RequestEvent, where: Where) {
  const token = await neededToken(event)
  const { lang } = event.locals
  const { compoundId } = where
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const lines = linesIn(form)
  const given = text('orderId')
  const orderId = uuidPattern.test(given) ? given : randomUUID()
  const kept = {
    ...{ orderId, placerName: text('placerName'), pickUpPointId: text('pickUpPointId') },
    quantities: Object.fromEntries(lines.map((line) => [`${line.groupBuyId}/${line.offerId}`, line.quantity])),
  }
  if (lines.length === 0) {
    const fields = { lines: say(orderForWords, lang).chooseSome }
    return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', kept)
  }
  const placed = await api(
    placeOrderFor,
    {
      params: { compoundId, orderId },
      body: {
        ...roomsIn(where, (name) => form.get(name)),
        ...{ placerName: where.leader?.knownAs ?? kept.placerName, lines },
        pickUpPointId: kept.pickUpPointId || undefined,
      },
    },
    { token },
  )
  if (!placed.ok) {
    // It was placed before, perhaps by an answer that got lost on its way: the order's own page knows.
    if (placed.problem.code === 'ORDER_ID_REUSED') redirect(303, `/orders/${orderId}`)
    return failed(placed.problem, lang, kept)
  }
  redirect(303, `/orders/${orderId}`)
}
