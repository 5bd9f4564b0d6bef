import type { CounterOrder } from '#shared/domain/orders/offline-counter.ts'
import { householdLabel, labelsOf, normalizePlacePart, type Rooms } from '#shared/domain/places/room-words.ts'
import { roomOf } from '../places/room-of.ts'

export type Wanted = { readonly code: string } | { readonly orderId: string } | { readonly rooms: Rooms }

/** The orders of a list that somebody comes for; codes are not unique, so there may be several. */
export function findOrders(
  orders: readonly CounterOrder[],
  wanted: Wanted,
  compoundName: string,
): readonly CounterOrder[] {
  if ('orderId' in wanted) return orders.filter(({ orderId }) => orderId === wanted.orderId)
  if ('code' in wanted) return orders.filter(({ pickUpCode }) => pickUpCode === wanted.code)
  const label = labelOf(wanted.rooms)
  return orders.filter((order) => roomOf(order.householdLabel, compoundName) === label)
}

function labelOf(rooms: Rooms): string | undefined {
  const part = (kind: keyof Rooms) => normalizePlacePart(kind, rooms[kind])
  const [building, unit, room] = [part('building'), part('unit'), part('room')]
  if (building === undefined || unit === undefined || room === undefined) return undefined
  return householdLabel(labelsOf({ building, unit, room }))
}

/** What a resident's QR code holds: the address of the order at the desk, with its code. Six digits alone do as well. */
export function readQr(text: string): { readonly orderId?: string; readonly code: string } | undefined {
  const plain = text.normalize('NFKC').trim()
  if (/^\d{6}$/.test(plain)) return { code: plain }
  if (!URL.canParse(plain)) return undefined
  const url = new URL(plain)
  const orderId = /^\/staff\/orders\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1]
  const code = url.searchParams.get('code') ?? ''
  return orderId === undefined || !/^\d{6}$/.test(code) ? undefined : { orderId, code }
}
