import { redirect } from '@sveltejs/kit'
import { listGroupBuys } from '#shared/contracts/group-buys.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { addAction, inBasket } from '#web/lib/server/basket.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { cardOf } from '#web/lib/shop/offer.ts'
import type { Actions, PageServerLoad } from './$types'

/** What is open for the visitor's compound: nothing else is asked for, so villages that are not paired never show. */
export const load: PageServerLoad = async (event) => {
  const compoundId = compoundCookie.read(event)
  if (compoundId === undefined) redirect(303, '/')
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, open] = await Promise.all([
    publicRead(getCompound, { params: { compoundId } }),
    publicRead(listGroupBuys, { query: { compoundId, with: 'offers', cursor } }),
  ])
  if (!compound.ok && compound.status === 404) redirect(303, '/')
  const { name, townName, communityName } = dataOrError(compound, event)
  const { items, nextCursor } = dataOrError(open, event)
  return {
    compound: { compoundId, name, townName, communityName },
    groupBuys: items.map(({ offers = [], ...summary }) => ({ ...summary, offers: offers.map(cardOf) })),
    nextCursor,
    inBasket: inBasket(event),
    now: Date.now(),
  }
}

export const actions: Actions = { add: addAction }
