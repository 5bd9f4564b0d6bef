import { saveListing } from '#shared/contracts/catalogue.ts'
import { listStatements } from '#shared/contracts/settlement.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { membershipsOf, myCoop } from '#web/lib/server/roles.ts'
import { allListings } from '#web/lib/server/listings.ts'
import type { Actions, PageServerLoad } from './$types'

/** The latest of them: what is older and still open was told before. */
const STATEMENTS_LOOKED_AT = 50

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  if ((await membershipsOf(event, 'coop')).length === 0)
    return { coop: undefined, coops: [], listings: [], openStatements: 0 }
  const { coop, all } = await myCoop(event)
  const [listed, stated] = await Promise.all([
    allListings(coop.scopeId, token),
    api(listStatements, { params: { coopId: coop.scopeId }, query: { limit: STATEMENTS_LOOKED_AT } }, { token }),
  ])
  const listings = dataOrError(listed, event)
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    coops: all.map(({ scopeId, scopeName }) => ({ coopId: scopeId, name: scopeName })),
    listings: listings.items,
    // The desk works without them: nothing is told then.
    openStatements: stated.ok ? stated.data.items.filter(({ state }) => state === 'open').length : 0,
  }
}

export const actions: Actions = {
  /** Pauses or resumes: the listing as it was read, with its state turned. */
  turn: async (event) => {
    const token = await neededToken(event)
    const { coop } = await myCoop(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const listingId = String(form.get('listingId') ?? '')
    const listings = await allListings(coop.scopeId, token)
    if (!listings.ok) return failed(listings.problem, lang, { listingId })
    const listing = listings.data.items.find((each) => each.listingId === listingId)
    if (!listing) return failed({ type: '', title: '', status: 404, code: 'NOT_FOUND' }, lang, { listingId })
    const { listingId: _id, coopId, ...body } = listing
    const saved = await api(
      saveListing,
      {
        params: { coopId, listingId },
        body: {
          ...body,
          version: Number(form.get('version')),
          state: form.get('state') === 'paused' ? 'paused' : 'active',
        },
      },
      { token },
    )
    return saved.ok ? { saved: listingId } : failed(saved.problem, lang, { listingId })
  },
}
