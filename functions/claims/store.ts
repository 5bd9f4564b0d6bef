import * as z from 'zod'
import { CLAIMS_PER_SHARE_MAX, OPEN_CLAIMS_COUNTED_MAX } from '#shared/contracts/claims.ts'
import { claimItem, type ClaimItem, groupBuyClaimItem } from '#functions/platform/table/items/claims.ts'
import { groupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { orderLinesItem } from '#functions/platform/table/items/order-lines.ts'
import { shareItem } from '#functions/platform/table/items/orders.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keepForClaim } from '#functions/platform/table/keep-photos.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { loadOrderParts } from '#functions/platform/table/order-partition.ts'
import { batchGet, get, NOT_EXISTS, query, transact, type Write } from '#functions/platform/table/table.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'

/**
 * The claim, its place beside the group buy, the share's count, and its photos, together. The share takes no claim once its
 * sale is settled, whatever a slow request thinks; and it counts the claim as open, so that it is not settled from here on.
 */
export async function saveClaim(claim: ClaimItem): Promise<'done' | 'moved' | 'photos'> {
  const { claimId, orderId, groupBuyId, compoundId, filedAt, saleId, filedBy } = claim
  const writes: Write[] = [
    {
      put: {
        ...keys.claim(orderId, claimId),
        ...index.openClaims(compoundId, filedAt, claimId),
        ...claimItem.parse(claim),
      },
      condition: NOT_EXISTS,
    },
    {
      put: {
        ...keys.groupBuyClaim(groupBuyId, filedAt, claimId),
        ...groupBuyClaimItem.parse({ entity: 'groupBuyClaim', v: 1, groupBuyId, claimId, orderId, filedAt }),
      },
      condition: NOT_EXISTS,
    },
    {
      update: keys.share(groupBuyId, orderId),
      set: 'SET #count = if_not_exists(#count, :zero) + :one, #open = if_not_exists(#open, :zero) + :one',
      condition:
        'attribute_exists(#saleId) AND attribute_not_exists(#settledAt) AND (attribute_not_exists(#count) OR #count < :max)',
      expression: {
        names: { '#count': 'claimCount', '#open': 'openClaims', '#saleId': 'saleId', '#settledAt': 'settledAt' },
        values: { ':zero': 0, ':one': 1, ':max': CLAIMS_PER_SHARE_MAX },
      },
    },
  ]
  const photos = claim.photoIds.map((photoId) =>
    keepForClaim(photoId, { claimId, orderId, saleId, personId: filedBy, filedAt }),
  )
  const saved = await transact([...writes, ...photos])
  if (saved.kind === 'done') return 'done'
  return saved.failed.some(({ position }) => position < writes.length) ? 'moved' : 'photos'
}

export async function getCompound(compoundId: string) {
  return get(compoundItem, keys.place('compound', compoundId))
}

export async function getGroupBuy(groupBuyId: string) {
  return get(groupBuyItem, keys.groupBuy(groupBuyId))
}

/** A page of a compound's claims (patterns 41 and 42). The index lags: the claim itself says what it is. */
export async function pageOfClaims(
  compoundId: string,
  state: 'open' | 'decided',
  limit: number,
  cursor: string | undefined,
) {
  const pk = (state === 'open' ? index.openClaims : index.decidedClaims)(compoundId, '', '').GSI1PK
  const page = await query(claimItem, { pk, index: 'GSI1', limit, cursor, newestFirst: state === 'decided' })
  return { ...page, items: page.items.filter((claim) => (claim.state === 'open') === (state === 'open')) }
}

export async function countOpen(compoundId: string): Promise<number> {
  return (await pageOfClaims(compoundId, 'open', OPEN_CLAIMS_COUNTED_MAX, undefined)).items.length
}

const ORDERS_AT_ONCE = 4

/** The orders that claims are about, with their shares. */
export async function ordersOfClaims(claims: readonly ClaimItem[]) {
  const orderIds = [...new Set(claims.map(({ orderId }) => orderId))]
  const [orders, shares] = await Promise.all([
    inParallel(orderIds, ORDERS_AT_ONCE, loadOrderParts),
    batchGet(shareItem, [
      ...new Map(
        claims.map(({ groupBuyId, orderId }) => [`${groupBuyId} ${orderId}`, keys.share(groupBuyId, orderId)]),
      ).values(),
    ]),
  ])
  return {
    orders: new Map(orders.flatMap((found) => (found === undefined ? [] : [[found.order.orderId, found]]))),
    shares: new Map(shares.map((share) => [share.saleId, share])),
  }
}

/** A page of the claims about a group buy, newest first (pattern 43), with the lines they are about. */
export async function pageOfGroupBuyClaims(groupBuyId: string, limit: number, cursor: string | undefined) {
  const { PK } = keys.groupBuyClaim(groupBuyId, '', '')
  const page = await query(groupBuyClaimItem, { pk: PK, prefix: 'P-CLAIM#', limit, cursor, newestFirst: true })
  const items = await batchGet(z.discriminatedUnion('entity', [claimItem, orderLinesItem]), [
    ...page.items.map(({ orderId, claimId }) => keys.claim(orderId, claimId)),
    ...[...new Set(page.items.map(({ orderId }) => orderId))].map((orderId) => keys.orderLines(orderId)),
  ])
  const claims = new Map(items.flatMap((item) => (item.entity === 'claim' ? [[item.claimId, item]] : [])))
  const lines = new Map(items.flatMap((item) => (item.entity === 'orderLines' ? [[item.orderId, item]] : [])))
  return {
    ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }),
    claims: page.items.flatMap(({ claimId }) => claims.get(claimId) ?? []),
    lines,
  }
}
