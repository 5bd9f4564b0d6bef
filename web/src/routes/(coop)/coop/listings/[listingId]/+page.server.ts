import { error, redirect, type RequestEvent } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { categories, saveListing, type Listing, type SaleUnit } from '#shared/contracts/catalogue.ts'
import { temperatureZones } from '#shared/contracts/places.ts'
import { fenFromText, yuanInput } from '#web/lib/format/money.ts'
import { produceKeys } from '#web/lib/produce/index.ts'
import { api } from '#web/lib/server/api.ts'
import { allListings } from '#web/lib/server/listings.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import { coopWords } from '#web/lib/text/coop.ts'
import { say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

/** A listing as text, the way a form holds it. */
export type ListingForm = Record<
  | 'name'
  | 'nameEn'
  | 'category'
  | 'picture'
  | 'grade'
  | 'soldBy'
  | 'grams'
  | 'piece'
  | 'price'
  | 'priceSource'
  | 'temperatureZone'
  | 'note'
  | 'state'
  | 'version'
  | 'listingId',
  string
>

const blank: Omit<ListingForm, 'listingId'> = {
  name: '',
  nameEn: '',
  category: 'leaf',
  picture: 'leaf',
  grade: '',
  soldBy: 'weight',
  grams: '500',
  piece: '个',
  price: '',
  priceSource: '',
  temperatureZone: 'ambient',
  note: '',
  state: 'active',
  version: '0',
}

type Wire = Omit<Listing, 'priceFen'> & { priceFen: number }

function toForm(listing: Wire): ListingForm {
  const { saleUnit } = listing
  return {
    ...blank,
    listingId: listing.listingId,
    name: listing.name,
    nameEn: listing.nameEn ?? '',
    category: listing.category,
    picture: listing.picture,
    grade: listing.grade ?? '',
    soldBy: saleUnit.by,
    ...(saleUnit.by === 'weight' ? { grams: String(saleUnit.portionGrams) } : { piece: saleUnit.pieceLabel }),
    price: yuanInput(listing.priceFen),
    priceSource: listing.priceSource ?? '',
    temperatureZone: listing.temperatureZone,
    note: listing.note ?? '',
    state: listing.state,
    version: String(listing.version),
  }
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const options = { categories, temperatureZones, pictures: produceKeys }
  if (event.params.listingId === 'new')
    return { ...options, isNew: true, listing: { ...blank, listingId: randomUUID() } }
  const { items } = dataOrError(await allListings(coop.scopeId, token), event)
  const listing = items.find(({ listingId }) => listingId === event.params.listingId)
  if (!listing) error(404, { message: sentenceOf('NOT_FOUND', event.locals.lang), code: 'NOT_FOUND' })
  return { ...options, isNew: false, listing: toForm(listing) }
}

function readForm(form: FormData): ListingForm {
  const entries = [...Object.keys(blank), 'listingId'].map(
    (name) => [name, String(form.get(name) ?? '').trim()] as const,
  )
  const typed: Record<string, string> = Object.fromEntries(entries)
  return { ...blank, listingId: '', ...typed }
}

function saleUnitOf(typed: ListingForm): SaleUnit {
  if (typed.soldBy === 'piece') return { by: 'piece', pieceLabel: typed.piece }
  return { by: 'weight', portionGrams: Number(typed.grams) }
}

async function save(event: RequestEvent) {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const { lang } = event.locals
  const t = say(coopWords, lang)
  const typed = readForm(await event.request.formData())
  const priceFen = fenFromText(typed.price)
  const fields: Record<string, string> = {}
  if (priceFen === undefined || priceFen === 0) fields['price'] = t.badPrice
  if (typed.soldBy === 'weight' && !/^[1-9]\d{0,4}$/.test(typed.grams)) fields['grams'] = t.badGrams
  if (priceFen === undefined || Object.keys(fields).length > 0) {
    return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', { typed })
  }
  const category = categories.find((known) => known === typed.category) ?? 'other'
  const temperatureZone = temperatureZones.find((known) => known === typed.temperatureZone) ?? 'ambient'
  const optional = (text: string) => (text === '' ? undefined : text)
  const saved = await api(
    saveListing,
    {
      params: { coopId: coop.scopeId, listingId: typed.listingId },
      body: {
        version: Number(typed.version),
        name: typed.name,
        nameEn: optional(typed.nameEn),
        category,
        picture: typed.picture,
        grade: optional(typed.grade),
        saleUnit: saleUnitOf(typed),
        priceFen,
        priceSource: optional(typed.priceSource),
        temperatureZone,
        note: optional(typed.note),
        state: typed.state === 'paused' ? 'paused' : 'active',
      },
    },
    { token },
  )
  if (!saved.ok) {
    const { priceFen: price, ...others } = saved.problem.fields ?? {}
    const problem = { ...saved.problem, fields: price === undefined ? others : { ...others, price } }
    return failed(problem, lang, { typed })
  }
  redirect(303, `/coop${event.url.searchParams.has('coop') ? `?coop=${coop.scopeId}` : ''}`)
}

export const actions: Actions = { default: save }
