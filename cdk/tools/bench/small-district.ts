import { saveListing } from '../../../shared/contracts/catalogue.ts'
import { openGroupBuy } from '../../../shared/contracts/group-buys.ts'
import { claimHousehold, getMe } from '../../../shared/contracts/places.ts'
import { importPlaces, type ImportRow } from '../../../shared/contracts/places-import.ts'
import { eachOf, must } from '../demo/http-client.ts'
import type { Mint } from './tokens.ts'

/**
 * The least that can sell: one community with some compounds, one village with one co-op, one agreement. Made through
 * the API like everything else, in a second instead of the real district's half minute.
 */
export type SmallDistrict = {
  readonly url: string
  readonly mint: Mint
  readonly admin: string
  readonly communityId: string
  readonly compoundIds: readonly string[]
  readonly coopId: string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const COMMUNITY = 'community-1'
const TOWN = { townId: 'town-1', townName: '示例街道' }
const VILLAGE = { villageId: 'village-1', villageName: '示例村', townName: '示例镇' }
const COOP = 'coop-one'
const AT_ONCE = 32
export const RATE_BPS = 200

export async function makeDistrict(url: string, mint: Mint, compounds: number): Promise<SmallDistrict> {
  const admin = await mint('admin-1')
  await must(url, getMe, { token: admin })
  const compoundIds = Array.from({ length: compounds }, (_none, at) => `c-${at + 1}`)
  const { results } = await must(url, importPlaces, { token: admin, body: { rows: rowsOf(compoundIds) } })
  const bad = results.find(({ outcome }) => outcome === 'invalid' || outcome === 'refused')
  if (bad !== undefined) throw new Error(`row ${bad.row} of the small district: ${JSON.stringify(bad)}`)
  return { url, mint, admin, communityId: COMMUNITY, compoundIds, coopId: COOP }
}

function rowsOf(compoundIds: readonly string[]): ImportRow[] {
  const year = new Date().getUTCFullYear()
  const term = { fromDay: `${year}-01-01`, toDay: `${year + 2}-12-31` }
  const community = { communityId: COMMUNITY, communityName: '示例社区' }
  return [
    { kind: 'district', districtId: 'district-1', name: '示例区' },
    { kind: 'town', townId: 'town-1', name: '示例街道', districtId: 'district-1' },
    { kind: 'town', townId: 'town-2', name: '示例镇', districtId: 'district-1' },
    { kind: 'community', communityId: COMMUNITY, name: '示例社区', ...TOWN },
    { kind: 'village', villageId: VILLAGE.villageId, name: '示例村', townId: 'town-2', townName: '示例镇' },
    ...compoundIds.map((compoundId, at): ImportRow => ({
      kind: 'compound',
      compoundId,
      name: `示例小区${at + 1}`,
      type: 'old',
      ...community,
      ...TOWN,
      synthetic: true,
    })),
    ...compoundIds.map((compoundId): ImportRow => ({
      kind: 'pick-up-point',
      pickUpPointId: `p-${compoundId}`,
      compoundId,
      name: '自提点',
      address: '大门内（示例）',
      hours: '16:00–19:00',
      contact: '值守员（示例）',
      temperatureZones: ['ambient'],
      capacityOrders: 100_000,
    })),
    { kind: 'coop', coopId: COOP, name: '示例合作社', ...VILLAGE },
    {
      kind: 'pairing',
      pairingId: 'pairing-1',
      ...community,
      ...VILLAGE,
      ...term,
      synthetic: true,
      agreement: {
        ...{ agreementId: 'agreement-1', version: 1, rateBps: RATE_BPS, base: 'net-sales', ...term },
        purposes: ['公益服务'],
        signedDay: term.fromDay,
        signedBy: {
          donor: { organisation: '示例合作社', signatory: '理事长（示例）' },
          charity: { organisation: '示例慈善总会', signatory: '会长（示例）' },
        },
        text: '示例捐赠协议',
      },
    },
    { kind: 'membership', subject: 'worker-1', role: 'worker', scopeId: COMMUNITY },
    { kind: 'membership', subject: 'coop-1', role: 'coop', scopeId: COOP },
  ]
}

export type OfferWanted = {
  readonly priceFen: number
  readonly stock: number
  readonly limit: number
  readonly buckets?: number
  readonly priceSteps?: readonly { readonly fromPortions: number; readonly priceFen: number }[]
  /** Grams of a portion that is weighed when it arrives. */
  readonly weighedGrams?: number
}
export type Opened = { readonly groupBuyId: string; readonly offerIds: readonly string[] }

/** Opens a group buy of the co-op for all compounds, for three days unless asked otherwise; offers are named after it. */
export async function openOffers(
  district: SmallDistrict,
  groupBuyId: string,
  wanted: readonly OfferWanted[],
  closesInMs = 3 * DAY_MS,
): Promise<Opened> {
  const { url, admin: token, coopId } = district
  const offers = wanted.map((offer, at) => ({
    ...offer,
    offerId: `${groupBuyId}.${at + 1}`,
    listingId: offer.weighedGrams === undefined ? `listing-${at + 1}` : `listing-${at + 1}-weighed`,
  }))
  await eachOf(offers, AT_ONCE, async ({ listingId, weighedGrams }) => {
    const body = {
      version: 0,
      name: '示例番茄',
      category: 'solanaceous' as const,
      picture: 'tomato',
      saleUnit:
        weighedGrams === undefined
          ? { by: 'weight' as const, portionGrams: 500 }
          : { by: 'weight' as const, portionGrams: weighedGrams, weighed: true as const },
      priceFen: 500,
      temperatureZone: 'ambient' as const,
      state: 'active' as const,
    }
    await must(url, saveListing, { params: { coopId, listingId }, token, body }).catch((error: unknown) => {
      if (!String(error).includes('LISTING_CHANGED')) throw error // there already
    })
  })
  const at = (ms: number) => new Date(Math.floor((Date.now() + ms) / 1_000) * 1_000).toISOString()
  const body = {
    coopId,
    title: '示例团购',
    compoundIds: [...district.compoundIds],
    opensAt: at(-60_000),
    closesAt: at(closesInMs),
    pickUpStartsAt: at(closesInMs + DAY_MS),
    pickUpEndsAt: at(closesInMs + DAY_MS + 3 * HOUR_MS),
    offers: offers.map(({ offerId, listingId, priceFen, stock, limit, buckets, priceSteps }) => ({
      ...{ offerId, listingId, priceFen, stock, perHouseholdLimit: limit },
      ...(buckets === undefined ? {} : { buckets }),
      ...(priceSteps === undefined ? {} : { priceSteps: [...priceSteps] }),
    })),
  }
  await must(url, openGroupBuy, { params: { groupBuyId }, token, body })
  return { groupBuyId, offerIds: offers.map(({ offerId }) => offerId) }
}

export type Household = { readonly token: string; readonly compoundId: string }

const ROOMS_A_BUILDING = 100

/** So many residents, each of a household of their own, spread over the compounds. */
export async function settleIn(district: SmallDistrict, count: number): Promise<Household[]> {
  const { url, mint, compoundIds } = district
  const first = await mint('resident-1')
  const { currentConsentVersion: consentVersion } = await must(url, getMe, { token: first })
  const households: Household[] = []
  await eachOf(Array.from({ length: count }), AT_ONCE, async (_none, at) => {
    const token = await mint(`resident-${at + 1}`)
    const compoundId = compoundIds[at % compoundIds.length] ?? ''
    const building = String(Math.floor(at / ROOMS_A_BUILDING) + 1)
    const room = String((at % ROOMS_A_BUILDING) + 1)
    await must(url, claimHousehold, { token, body: { compoundId, building, unit: '1', room, consentVersion } })
    households[at] = { token, compoundId }
  })
  return households
}
