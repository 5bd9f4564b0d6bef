import { error, redirect, type RequestEvent } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { categories, FOOD_FACT_MAX, saveListing, type Listing, type SaleUnit } from '#shared/contracts/catalogue.ts'
import { temperatureZones } from '#shared/contracts/places.ts'
import { readGramsTyped } from '#shared/domain/catalogue/read-cell.ts'
import { fenFromText, yuanInput } from '#web/lib/format/money.ts'
import { gramsText } from '#web/lib/format/weight.ts'
import { produceKeys } from '#web/lib/produce/index.ts'
import { api } from '#web/lib/server/api.ts'
import { allListings } from '#web/lib/server/listings.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { filesOf, sendPhoto } from '#web/lib/server/photos.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import { coopWords } from '#web/lib/text/coop.ts'
import { unitLabel } from '#web/lib/shop/unit-label.ts'
import { say, type Lang } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

/** A listing as text, the way a form holds it. */
export type ListingForm = Record<
  | 'name'
  | 'nameEn'
  | 'category'
  | 'picture'
  | 'photoId'
  | 'grade'
  | 'soldBy'
  | 'grams'
  | 'weighed'
  | 'piece'
  | 'price'
  | 'priceSource'
  | 'boxPortions'
  | 'temperatureZone'
  | 'note'
  | 'provenance'
  | 'harvest'
  | 'certificate'
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
  photoId: '',
  grade: '',
  soldBy: 'weight',
  grams: '1斤',
  weighed: '',
  piece: '个',
  price: '',
  priceSource: '',
  boxPortions: '',
  temperatureZone: 'ambient',
  note: '',
  provenance: '',
  harvest: '',
  certificate: '',
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
    photoId: listing.photoId ?? '',
    grade: listing.grade ?? '',
    soldBy: saleUnit.by,
    ...(saleUnit.by === 'weight'
      ? { grams: gramsText(saleUnit.portionGrams), weighed: saleUnit.weighed === true ? 'yes' : '' }
      : { piece: saleUnit.pieceLabel }),
    price: yuanInput(listing.priceFen),
    priceSource: listing.priceSource ?? '',
    boxPortions: listing.boxPortions === undefined ? '' : String(listing.boxPortions),
    temperatureZone: listing.temperatureZone,
    note: listing.note ?? '',
    provenance: listing.provenance ?? '',
    harvest: listing.harvest ?? '',
    certificate: listing.certificate ?? '',
    state: listing.state,
    version: String(listing.version),
  }
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const options = { categories, temperatureZones, pictures: produceKeys, factMax: FOOD_FACT_MAX }
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
  const weighed = typed.weighed === '' ? {} : { weighed: true as const }
  return { by: 'weight', portionGrams: gramsOf(typed) ?? 0, ...weighed }
}

function gramsOf({ grams }: ListingForm): number | undefined {
  const read = readGramsTyped(grams)
  return 'value' in read ? read.value : undefined
}

/** Equal in all that is stored: the weight of goods sold by piece, and the piece of goods sold by weight, is not. */
function sameForm(left: ListingForm, right: ListingForm): boolean {
  const plain = (form: ListingForm): ListingForm => ({
    ...form,
    price: yuanInput(fenFromText(form.price) ?? 0),
    // 2斤 and 1公斤 are the same weight.
    ...(form.soldBy === 'piece'
      ? { grams: '', weighed: '' }
      : { piece: '', grams: String(gramsOf(form) ?? form.grams) }),
  })
  return JSON.stringify(plain({ ...blank, ...left })) === JSON.stringify(plain({ ...blank, ...right }))
}

/** One line that tells an editor what is stored now. */
function summaryOf(listing: Wire, lang: Lang): string {
  const state = say(coopWords, lang)[listing.state]
  return [listing.name, `¥${yuanInput(listing.priceFen)} / ${unitLabel(listing.saleUnit, lang)}`, state].join(' · ')
}

async function save(event: RequestEvent) {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const { lang } = event.locals
  const t = say(coopWords, lang)
  const backTo = `/coop${event.url.searchParams.has('coop') ? `?coop=${coop.scopeId}` : ''}`
  const form = await event.request.formData()
  const typed = readForm(form)
  const priceFen = fenFromText(typed.price)
  const fields: Record<string, string> = {}
  if (priceFen === undefined || priceFen === 0) fields['price'] = t.badPrice
  if (typed.soldBy === 'weight' && gramsOf(typed) === undefined) fields['grams'] = t.badGrams
  if (!/^([2-9]|[1-9]\d{1,2}|1000)?$/.test(typed.boxPortions)) fields['boxPortions'] = t.badBox
  if (priceFen === undefined || Object.keys(fields).length > 0) {
    return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', { typed })
  }
  const [file] = filesOf(form, 'photo')
  if (file !== undefined) {
    const sent = await sendPhoto(
      file,
      { kind: 'listing', coopId: coop.scopeId },
      typed.listingId,
      token,
      t.photoTooLarge,
    )
    if (!sent.ok) return failed(sent.problem, lang, { typed })
    // From here on it is the form's: when something else is wrong, it need not be sent again.
    typed.photoId = sent.photoId
  } else if (form.get('removePhoto') === 'yes') typed.photoId = ''
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
        photoId: optional(typed.photoId),
        grade: optional(typed.grade),
        saleUnit: saleUnitOf(typed),
        priceFen,
        priceSource: optional(typed.priceSource),
        boxPortions: typed.boxPortions === '' ? undefined : Number(typed.boxPortions),
        temperatureZone,
        note: optional(typed.note),
        provenance: optional(typed.provenance),
        harvest: optional(typed.harvest),
        certificate: optional(typed.certificate),
        state: typed.state === 'paused' ? 'paused' : 'active',
      },
    },
    { token },
  )
  if (!saved.ok && saved.problem.code === 'LISTING_CHANGED') {
    const now = await allListings(coop.scopeId, token)
    const current = now.ok ? now.data.items.find(({ listingId }) => listingId === typed.listingId) : undefined
    if (current) {
      const { version, ...stored } = toForm(current)
      // A save whose answer was lost, and the same form again some versions later: nothing is left to do.
      if (sameForm({ ...stored, version: typed.version }, typed)) redirect(303, backTo)
      const problem = { ...saved.problem, detail: t.savedBefore }
      // The version that is shown is the one that the next save replaces, so that it can be saved at all.
      return failed(problem, 'zh', { typed: { ...typed, version }, stored: summaryOf(current, lang) })
    }
  }
  if (!saved.ok) {
    const { priceFen: price, ...others } = saved.problem.fields ?? {}
    const problem = { ...saved.problem, fields: price === undefined ? others : { ...others, price } }
    return failed(problem, lang, { typed })
  }
  redirect(303, backTo)
}

export const actions: Actions = { default: save }
