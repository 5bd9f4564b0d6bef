import { redirect } from '@sveltejs/kit'
import { categories } from '#shared/contracts/catalogue.ts'
import { listGroupBuys } from '#shared/contracts/group-buys.ts'
import { getCompound } from '#shared/contracts/places.ts'
import type { Output } from '#shared/contracts/route.ts'
import { categoriesOf, findOffers, isSearch, SEARCH_MAX, searchOf } from '#shared/domain/group-buys/find-offers.ts'
import { addAction, inBasket } from '#web/lib/server/basket.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { cardOf } from '#web/lib/shop/offer.ts'
import type { Actions, PageServerLoad } from './$types'

/** A search looks through all that is open, not only through the first page of it. */
const PAGES_MAX = 5

type Open = Output<typeof listGroupBuys>['items']

async function moreOf(compoundId: string, first: string | undefined): Promise<Open> {
  const all: Open = []
  let cursor = first
  for (let page = 1; page < PAGES_MAX && cursor !== undefined; page++) {
    const answer = await publicRead(listGroupBuys, { query: { compoundId, with: 'offers', cursor } })
    if (!answer.ok) break
    all.push(...answer.data.items)
    cursor = answer.data.nextCursor
  }
  return all
}

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
  const text = (event.url.searchParams.get('q') ?? '').trim().slice(0, SEARCH_MAX)
  const category = categories.find((each) => each === event.url.searchParams.get('c'))
  const search = searchOf(text, category)
  const searched = isSearch(search)
  const here = [...items, ...(searched ? await moreOf(compoundId, nextCursor) : [])].map(
    ({ offers = [], ...summary }) => ({ ...summary, offers }),
  )
  const found = searched ? findOffers(here, search) : here
  return {
    compound: { compoundId, name, townName, communityName },
    groupBuys: found.map(({ offers, ...summary }) => ({ ...summary, offers: offers.map(cardOf) })),
    search: { text, category, searched },
    categories: categoriesOf(here, categories),
    nextCursor: searched ? undefined : nextCursor,
    inBasket: inBasket(event),
    now: Date.now(),
  }
}

export const actions: Actions = { add: addAction }
