import { error, redirect, type RequestEvent } from '@sveltejs/kit'
import { createHash, randomUUID } from 'node:crypto'
import { DEFAULT_SHORTAGE_RULE, shortageRules } from '#shared/contracts/deliveries.ts'
import { getGroupBuy, listPairedCompounds, openGroupBuy, successKinds } from '#shared/contracts/group-buys.ts'
import { instant } from '#shared/kernel/time.ts'
import { stepField, stepsShown } from '#web/lib/coop/step-field.ts'
import { fenFromText, yuanInput } from '#web/lib/format/money.ts'
import { fromLocalInput, toLocalInput } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { allListings } from '#web/lib/server/listings.ts'
import { againFrom } from '#web/lib/server/next-edition.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import { coopWords } from '#web/lib/text/coop.ts'
import { say, type Lang } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

const HOUR_MS = 3_600_000
const times = ['opensAt', 'closesAt', 'pickUpStartsAt', 'pickUpEndsAt'] as const

/** The next full hour, three days to order, picked up the evening after: what most group buys are. */
function usualTimes(now: number): Record<(typeof times)[number], string> {
  const open = Math.ceil(now / HOUR_MS) * HOUR_MS
  const close = open + 72 * HOUR_MS
  const at = (ms: number) => toLocalInput(new Date(ms).toISOString())
  const evening = `${at(close + 24 * HOUR_MS).slice(0, 10)}`
  return {
    opensAt: at(open),
    closesAt: at(close),
    pickUpStartsAt: `${evening}T16:30`,
    pickUpEndsAt: `${evening}T20:00`,
  }
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const [paired, listings] = await Promise.all([
    api(listPairedCompounds, { params: { coopId: coop.scopeId } }, { token }),
    allListings(coop.scopeId, token),
  ])
  const { items } = dataOrError(listings, event)
  const active = items.filter(({ state }) => state === 'active')
  const compounds = dataOrError(paired, event).items
  const from = event.url.searchParams.get('from')
  const known = { coopId: coop.scopeId, listings: items, paired: compounds, now: instant(Date.now()) }
  const again = from === null ? undefined : await againFrom(from, known)
  if (from !== null && again === undefined) {
    error(404, { message: sentenceOf('NOT_FOUND', event.locals.lang), code: 'NOT_FOUND' })
  }
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    again,
    groupBuyId: randomUUID(),
    compounds,
    listings: active.map((listing) => ({
      listingId: listing.listingId,
      name: listing.name,
      picture: listing.picture,
      saleUnit: listing.saleUnit,
      price: yuanInput(listing.priceFen),
    })),
    times: usualTimes(Date.now()),
  }
}

/** Everything that was typed, by field; nothing is lost when the form comes back. */
type Typed = Readonly<Record<string, string>>

function readTyped(form: FormData): Typed {
  const names = [...new Set(form.keys())].filter((name) => !['compoundId', 'listingId'].includes(name))
  return Object.fromEntries(names.map((name) => [name, String(form.get(name)).trim()]))
}

/** Made from the form's own ids, so that the same form sent again asks for the very same offers. */
function offerIdOf(groupBuyId: string, listingId: string): string {
  return `o-${createHash('sha256').update(`${groupBuyId}/${listingId}`).digest('hex').slice(0, 20)}`
}

/** As many steps as the form showed; a row that was left empty is none. */
function readSteps(typed: Typed, listingId: string) {
  const rows = Array.from({ length: stepsShown(typed, listingId) }, (_, at) => ({
    from: typed[stepField('stepFrom', listingId, at)] ?? '',
    price: typed[stepField('stepPrice', listingId, at)] ?? '',
  })).filter(({ from, price }) => from !== '' || price !== '')
  const steps = rows.flatMap(({ from, price }) => {
    const [fromPortions, priceFen] = [wholeNumber(from), fenFromText(price)]
    return fromPortions === undefined || !priceFen ? [] : [{ fromPortions, priceFen }]
  })
  return { steps, wrong: steps.length < rows.length }
}

const minimums = {
  portions: (text: string) => wholeNumber(text),
  households: (text: string) => wholeNumber(text),
  amount: fenFromText,
}

function wholeNumber(text: string): number | undefined {
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined
}

function readSuccess(typed: Typed, lang: Lang) {
  const kind = successKinds.find((each) => each === typed['successKind'])
  if (kind === undefined) return { fields: {} }
  const minimum = minimums[kind](typed['successMinimum'] ?? '')
  if (!minimum) return { fields: { success: say(coopWords, lang).badMinimum } }
  return { success: { kind, minimum }, fields: {} }
}

function readOffers(groupBuyId: string, listingIds: readonly string[], typed: Typed, lang: Lang) {
  const t = say(coopWords, lang)
  const fields: Record<string, string> = {}
  const count = (name: string) => (/^[1-9]\d{0,6}$/.test(typed[name] ?? '') ? Number(typed[name]) : undefined)
  const offers = listingIds.map((listingId) => {
    const priceFen = fenFromText(typed[`price:${listingId}`] ?? '')
    const stock = count(`stock:${listingId}`)
    const limit = count(`limit:${listingId}`)
    if (!priceFen) fields[`price:${listingId}`] = t.badPrice
    if (stock === undefined) fields[`stock:${listingId}`] = t.badNumber
    if (limit === undefined) fields[`limit:${listingId}`] = t.badNumber
    const { steps, wrong } = readSteps(typed, listingId)
    if (wrong) fields[`stepFrom:${listingId}`] = t.badStep
    return {
      offerId: offerIdOf(groupBuyId, listingId),
      listingId,
      priceFen: priceFen ?? 0,
      stock: stock ?? 0,
      perHouseholdLimit: limit ?? 1,
      ...(steps.length > 0 ? { priceSteps: steps } : {}),
    }
  })
  return { offers, fields }
}

/** The API names an offer by its place; the form names its fields by the listing. */
function atTheirFields<P extends { readonly fields?: Readonly<Record<string, string>> | undefined }>(
  problem: P,
  listingIds: readonly string[],
): P {
  const fields = Object.entries(problem.fields ?? {}).map(([name, text]): [string, string] => {
    const at = /^offers\.(\d+)\.priceSteps$/.exec(name)?.[1]
    return [at === undefined ? name : `stepFrom:${listingIds[Number(at)] ?? ''}`, text]
  })
  return { ...problem, fields: Object.fromEntries(fields) }
}

async function isOf(groupBuyId: string, coopId: string): Promise<boolean> {
  const found = await api(getGroupBuy, { params: { groupBuyId } }, { token: undefined })
  return found.ok && found.data.coopId === coopId
}

async function open(event: RequestEvent) {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const { lang } = event.locals
  const t = say(coopWords, lang)
  const form = await event.request.formData()
  const typed = readTyped(form)
  const compoundIds = form.getAll('compoundId').map(String)
  const listingIds = form.getAll('listingId').map(String)
  const kept = { typed, compoundIds, listingIds }
  const groupBuyId = typed['groupBuyId'] ?? randomUUID()
  const { offers, fields } = readOffers(groupBuyId, listingIds, typed, lang)
  const { success, fields: wrongRule } = readSuccess(typed, lang)
  Object.assign(fields, wrongRule)
  const moments = Object.fromEntries(times.map((name) => [name, fromLocalInput(typed[name] ?? '') ?? '']))
  for (const name of times) if (moments[name] === '') fields[name] = t.badTime
  if (compoundIds.length === 0) fields['compoundIds'] = t.chooseCompounds
  if (listingIds.length === 0) fields['offers'] = t.chooseOffers
  if (Object.keys(fields).length > 0) {
    return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', kept)
  }
  const body = {
    coopId: coop.scopeId,
    title: typed['title'] ?? '',
    compoundIds,
    opensAt: moments['opensAt'] ?? '',
    closesAt: moments['closesAt'] ?? '',
    pickUpStartsAt: moments['pickUpStartsAt'] ?? '',
    pickUpEndsAt: moments['pickUpEndsAt'] ?? '',
    ...(success === undefined ? {} : { success }),
    shortageRule: shortageRules.find((rule) => rule === typed['shortageRule']) ?? DEFAULT_SHORTAGE_RULE,
    offers,
  }
  const opened = await api(openGroupBuy, { params: { groupBuyId }, body }, { token })
  const coopQuery = event.url.searchParams.has('coop') ? `&coop=${coop.scopeId}` : ''
  // The very same form again is answered as the first time. A changed one after a lost answer is not: the group buy exists
  // as it was first sent, and its member has to see that instead of hearing that somebody took the number.
  if (!opened.ok && opened.problem.code === 'GROUP_BUY_EXISTS' && (await isOf(groupBuyId, coop.scopeId))) {
    redirect(303, `/coop/group-buys?opened=before${coopQuery}`)
  }
  if (!opened.ok) return failed(atTheirFields(opened.problem, listingIds), lang, kept)
  redirect(303, `/coop/group-buys?opened=1${coopQuery}`)
}

export const actions: Actions = { default: open }
