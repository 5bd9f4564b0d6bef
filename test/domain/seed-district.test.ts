import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openGroupBuy } from '#shared/contracts/group-buys.ts'
import { importRowSchema } from '#shared/contracts/places-import.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { shanghaiClock } from '#shared/kernel/time.ts'
import { buildDistrictSeed } from '../../cdk/tools/seed/district.ts'
import { matchVillages } from '../../cdk/tools/seed/pairings.ts'
import { readSeedTexts } from '../../cdk/tools/seed/read-data.ts'
import { groupBuyBodyOf, importRowsOf } from '../../cdk/tools/seed/requests.ts'
import { spread, spreadSubset } from '../../cdk/tools/seed/spread.ts'
import type { DistrictSeed } from '../../cdk/tools/seed/types.ts'

const texts = readSeedTexts()
const day = '2026-11-23'
const seed = buildDistrictSeed(texts, day)
const homes = seed.compounds.filter((compound) => seed.homeCompoundIds.includes(compound.compoundId))

const counts = (keys: readonly string[]): number[] => [...Map.groupBy(keys, (key) => key).values()].map((k) => k.length)
const villagesPairedWith = (communityId: string): string[] =>
  seed.pairings.filter((pairing) => pairing.communityId === communityId).map((pairing) => pairing.villageId)

describe('the compounds', () => {
  it('are 561 over all 109 communities, 5 or 6 in each, of four types', () => {
    expect(seed.compounds).toHaveLength(561)
    const perCommunity = counts(seed.compounds.map((compound) => compound.communityId))
    expect(perCommunity).toHaveLength(109)
    expect(new Set(perCommunity)).toEqual(new Set([5, 6]))
    const perType = counts(seed.compounds.map((compound) => compound.type))
    expect(perType).toHaveLength(4)
    expect(Math.min(...perType)).toBeGreaterThan(120)
  })

  it('are plainly synthetic and have names of their own within their town', () => {
    for (const compound of seed.compounds) {
      expect(compound.name).toContain('示例')
      expect(compound.synthetic).toBe(true)
    }
    expect(new Set(seed.compounds.map((compound) => `${compound.townName} ${compound.name}`)).size).toBe(561)
  })

  it('have each one pick-up point with room for every household', () => {
    expect(seed.pickUpPoints.map((point) => point.compoundId)).toEqual(seed.compounds.map((each) => each.compoundId))
    for (const point of seed.pickUpPoints) {
      expect(point.temperatureZones).toEqual(['ambient', 'chilled'])
      expect(point.capacityOrders).toBeGreaterThanOrEqual(seed.homeCompoundIds.includes(point.compoundId) ? 600 : 60)
      expect(`${point.contact}${point.address}`).not.toMatch(/\d{3}/)
    }
  })
})

describe('the eight compounds with households', () => {
  it('have 60 each: 3 buildings of 2 units of 10 rooms, no room twice', () => {
    expect(homes).toHaveLength(8)
    expect(seed.buildings).toHaveLength(24)
    const rooms = seed.households.map((home) => `${home.compoundId}/${home.building}/${home.unit}/${home.room}`)
    expect(new Set(rooms).size).toBe(480)
    expect(counts(seed.households.map((home) => home.compoundId))).toEqual(Array(8).fill(60))
    expect(counts(seed.households.map((home) => `${home.compoundId}/${home.building}`))).toEqual(Array(24).fill(20))
    expect(counts(seed.households.map((home) => `${home.compoundId}/${home.building}/${home.unit}`))).toEqual(
      Array(48).fill(10),
    )
    for (const home of seed.households) {
      const building = seed.buildings.find(
        (each) => each.compoundId === home.compoundId && each.label === home.building,
      )
      expect(building?.units).toContain(home.unit)
    }
  })

  it('lie in seven towns, are of all four types, and two share a community', () => {
    expect(new Set(homes.map((home) => home.townId)).size).toBe(7)
    expect(new Set(homes.map((home) => home.communityId)).size).toBe(7)
    expect(new Set(homes.map((home) => home.type)).size).toBe(4)
  })

  it('see each at least 3 open group buys of different villages, of at least 8 offers each', () => {
    for (const { compoundId } of homes) {
      const seen = seed.groupBuys.filter((groupBuy) => groupBuy.compoundIds.includes(compoundId))
      expect(new Set(seen.map((groupBuy) => groupBuy.villageId)).size, compoundId).toBeGreaterThanOrEqual(3)
      for (const groupBuy of seen) expect(groupBuy.offers.length).toBeGreaterThanOrEqual(8)
    }
  })
})

describe('the pairings', () => {
  it('give each community 2 to 4 villages, and each village at most 3 communities', () => {
    const perCommunity = seed.communities.map((community) => new Set(villagesPairedWith(community.communityId)).size)
    expect(new Set(perCommunity)).toEqual(new Set([2, 3, 4]))
    expect(seed.pairings).toHaveLength(perCommunity.reduce((sum, count) => sum + count, 0))
    expect(Math.max(...counts(seed.pairings.map((pairing) => pairing.villageId)))).toBe(3)
  })

  it('go round the rural towns by code', () => {
    const ruralTowns = seed.towns.filter((town) => town.kind === 'town').map((town) => town.name)
    expect(seed.pairings.slice(0, 26).map((pairing) => pairing.townName)).toEqual([...ruralTowns, ...ruralTowns])
    expect(new Set(seed.pairings.map((pairing) => pairing.townName))).toEqual(new Set(ruralTowns))
  })

  it('are marked synthetic and carry an agreement of 200 basis points, in force on the day and after the pick-up', () => {
    for (const pairing of seed.pairings) {
      expect(pairing.synthetic).toBe(true)
      expect(pairing.agreement).toMatchObject({
        version: 1,
        rateBps: 200,
        fromDay: pairing.fromDay,
        toDay: pairing.toDay,
      })
      expect(pairing.fromDay <= day && '2028-01-01' <= pairing.toDay).toBe(true)
      expect(pairing.agreement?.purposes).toEqual(['公益服务', '环境整治', '设施维护', '困难住户帮扶'])
    }
  })

  it('carry an agreement that says all it has to, signed beforehand by nobody real, in words that are its terms', () => {
    const texts = seed.pairings.map(({ agreement, villageName, communityName }) => {
      const { text = '', signedBy, signedDay = '', fromDay = '', toDay = '', base } = agreement ?? {}
      expect(base).toBe('net-sales')
      expect(signedDay <= fromDay && signedDay !== '').toBe(true)
      const said = [signedBy?.donor, signedBy?.charity].flatMap((side) => [side?.organisation, side?.signatory])
      for (const words of said) expect(words).toContain('示例')
      expect(signedBy?.donor.organisation).toBe(`${villageName}果蔬专业合作社（示例）`)
      expect(signedBy?.charity.organisation).toBe(seed.district.charityName)
      expect(text.split('\n')[0]).toContain('示例')
      const stated = [communityName, '2%', '货款净额', fromDay, toDay, signedDay, ...(agreement?.purposes ?? [])]
      for (const words of [...said, ...stated]) expect(text).toContain(words)
      return text
    })
    expect(new Set(texts).size).toBe(seed.pairings.length)
    expect(buildDistrictSeed(readSeedTexts(), day).pairings).toEqual(seed.pairings)
  })

  it('are in force also when the first start falls on the last day of a year', () => {
    for (const pairing of buildDistrictSeed(texts, '2027-12-31').pairings) {
      expect(pairing.fromDay <= '2027-12-31' && '2029-12-31' <= pairing.toDay).toBe(true)
    }
  })

  it('are refused when the villages do not suffice', () => {
    const { communities, villages, towns } = seed
    const four = villages.filter((village) => village.townName === '侯营镇').slice(0, 4)
    const matches = matchVillages(communities.slice(0, 3), four, towns)
    const pairs = matches.map(({ community, village }) => `${community.communityId} ${village.villageId}`)
    expect(pairs).toHaveLength(9)
    expect(new Set(pairs).size).toBe(9)
    // Four villages have twelve places, and 4 + 3 + 2 + 4 are thirteen.
    expect(() => matchVillages(communities.slice(0, 4), four, towns)).toThrow('no village is left')
    expect(() => matchVillages(communities, [], towns)).toThrow('no village is left')
  })
})

describe('co-ops and group buys', () => {
  it('has one co-op, plainly synthetic, for each village that supplies, and none besides', () => {
    expect(new Set(seed.coops.map((coop) => coop.villageId))).toEqual(
      new Set(seed.pairings.map((pairing) => pairing.villageId)),
    )
    expect(new Set(seed.coops.map((coop) => coop.coopId)).size).toBe(seed.coops.length)
    for (const coop of seed.coops) expect(coop.name).toBe(`${coop.villageName}果蔬专业合作社（示例）`)
  })

  it('lets each co-op list 8 to 14 goods, one or two of them fruit, none twice', () => {
    for (const { coopId } of seed.coops) {
      const listings = seed.listings.filter((listing) => listing.coopId === coopId)
      expect(listings.length).toBeGreaterThanOrEqual(8)
      expect(listings.length).toBeLessThanOrEqual(14)
      expect(new Set(listings.map((listing) => listing.listingKey)).size).toBe(listings.length)
      expect([1, 2]).toContain(listings.filter((listing) => listing.category === 'fruit').length)
    }
    expect(new Set(seed.listings.map((listing) => listing.listingKey)).size).toBe(72)
  })

  it('opens one group buy for each co-op, only for compounds of communities paired with its village, and for all of them', () => {
    expect(seed.groupBuys.map((groupBuy) => groupBuy.coopId)).toEqual(seed.coops.map((coop) => coop.coopId))
    for (const groupBuy of seed.groupBuys) {
      const paired = seed.compounds.filter((compound) =>
        villagesPairedWith(compound.communityId).includes(groupBuy.villageId),
      )
      expect([...groupBuy.compoundIds].sort()).toEqual(paired.map((compound) => compound.compoundId))
      expect(new Set(groupBuy.communityIds)).toEqual(new Set(paired.map((compound) => compound.communityId)))
    }
  })

  it("offers the co-op's own listings at their prices, with stock and a limit a household can reach", () => {
    const listings = new Map(seed.listings.map((listing) => [listing.listingId, listing]))
    for (const groupBuy of seed.groupBuys) {
      for (const offer of groupBuy.offers) {
        const listing = listings.get(offer.listingId)
        expect(listing?.coopId).toBe(groupBuy.coopId)
        expect(offer.priceFen).toBe(listing?.priceFen)
        expect(offer.perHouseholdLimit).toBeGreaterThan(0)
        expect(offer.stock).toBeGreaterThanOrEqual(100)
        expect(offer.stock).toBeGreaterThan(offer.perHouseholdLimit)
      }
    }
  })

  it('opens at midnight of the day in Shanghai, closes on the third day after at 20:00, hands out on the fifth from 16:00 to 19:00', () => {
    for (const groupBuy of seed.groupBuys) {
      expect(shanghaiClock(groupBuy.opensAt)).toEqual({ day: '2026-11-23', time: '00:00' })
      expect(shanghaiClock(groupBuy.closesAt)).toEqual({ day: '2026-11-26', time: '20:00' })
      expect(shanghaiClock(groupBuy.pickUpStartsAt)).toEqual({ day: '2026-11-28', time: '16:00' })
      expect(shanghaiClock(groupBuy.pickUpEndsAt)).toEqual({ day: '2026-11-28', time: '19:00' })
    }
    expect(seed.groupBuys[0]?.opensAt).toBe('2026-11-22T16:00:00.000Z')
  })
})

describe('the people', () => {
  const person = (subject: string): DistrictSeed['people'][number] => {
    const found = seed.people.find((each) => each.subject === subject)
    if (found === undefined) throw new Error(`no ${subject}`)
    return found
  }
  const communityOf = (compoundId: string | undefined): string | undefined =>
    seed.compounds.find((compound) => compound.compoundId === compoundId)?.communityId

  it('are the accounts of the local sign-in, plainly synthetic, with numbers no network gives out', () => {
    expect(seed.people.map(({ subject, role }) => [subject, role])).toEqual([
      ['resident-1', 'resident'],
      ['resident-2', 'resident'],
      ['coop-1', 'coop'],
      ['coop-2', 'coop'],
      ['worker-1', 'worker'],
      ['worker-2', 'worker'],
      ['admin-1', 'admin'],
      ['admin-2', 'admin'],
      ['charity-1', 'charity'],
      ['committee-1', 'committee'],
      ['committee-2', 'committee'],
      ['committee-3', 'committee'],
      ['committee-4', 'committee'],
      ['committee-5', 'committee'],
      ['supervisor-1', 'supervisor'],
      ['resident-3', 'resident'],
      ['property-1', 'body'],
      ['office-1', 'body'],
    ])
    for (const { name, phone } of seed.people) {
      expect(name).toMatch(/^示例/)
      expect(phone).toMatch(/^000\d{8}$/)
    }
  })

  it('have the residents in two compounds of two communities, in rooms that exist, each with its worker', () => {
    const [one, two] = [person('resident-1').household, person('resident-2').household]
    expect(seed.households).toContainEqual(one)
    expect(seed.households).toContainEqual(two)
    expect(communityOf(one?.compoundId)).not.toBe(communityOf(two?.compoundId))
    expect(person('worker-1').scopeId).toBe(communityOf(one?.compoundId))
    expect(person('worker-2').scopeId).toBe(communityOf(two?.compoundId))
  })

  it('have two co-ops, the first supplying the first community, the second the second and not the first', () => {
    const supplied = (coopSubject: string): readonly string[] =>
      seed.groupBuys.find((groupBuy) => groupBuy.coopId === person(coopSubject).scopeId)?.communityIds ?? []
    expect(supplied('coop-1')).toContain(person('worker-1').scopeId)
    expect(supplied('coop-2')).toContain(person('worker-2').scopeId)
    expect(supplied('coop-2')).not.toContain(person('worker-1').scopeId)
  })
})

describe('the whole seed', () => {
  it('has ids of [a-z0-9.-] that occur once', () => {
    const ids = [
      seed.district.districtId,
      ...seed.towns.map((each) => each.townId),
      ...seed.communities.map((each) => each.communityId),
      ...seed.villages.map((each) => each.villageId),
      ...seed.compounds.map((each) => each.compoundId),
      ...seed.buildings.map((each) => each.buildingId),
      ...seed.pickUpPoints.map((each) => each.pickUpPointId),
      ...seed.coops.map((each) => each.coopId),
      ...seed.pairings.flatMap((each) => [each.pairingId, each.agreement?.agreementId ?? '']),
      ...seed.listings.map((each) => each.listingId),
      ...seed.groupBuys.flatMap((each) => [each.groupBuyId, ...each.offers.map((offer) => offer.offerId)]),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !idSchema.safeParse(id).success)).toEqual([])
  })

  it('fits the contracts: every import row and every group buy', () => {
    const rows = importRowsOf(seed)
    expect(rows.map((row) => importRowSchema.parse(row))).toEqual(rows)
    for (const groupBuy of seed.groupBuys) {
      const body = groupBuyBodyOf(groupBuy)
      expect(openGroupBuy.body.parse(body)).toEqual(body)
    }
  })

  it('sends each import row after the places it names', () => {
    const order = [...new Set(importRowsOf(seed).map((row) => row.kind))]
    expect(order).toEqual([
      'district',
      'town',
      'community',
      'village',
      'compound',
      'building',
      'household',
      'pick-up-point',
      'coop',
      'body',
      'pairing',
      'grid',
      'membership',
      'grid-post',
    ])
  })

  it('is the same for the same day', () => {
    expect(buildDistrictSeed(readSeedTexts(), day)).toEqual(seed)
  })

  it('changes nothing but times and group-buy ids on another day of the same year', () => {
    const withoutDay = (from: DistrictSeed): unknown => ({
      ...from,
      day: undefined,
      groupBuys: from.groupBuys.map((groupBuy) => ({
        ...groupBuy,
        groupBuyId: groupBuy.groupBuyId.replace(groupBuy.weekId, ''),
        weekId: undefined,
        opensAt: undefined,
        closesAt: undefined,
        pickUpStartsAt: undefined,
        pickUpEndsAt: undefined,
        offers: groupBuy.offers.map((offer) => ({ ...offer, offerId: offer.offerId.replace(groupBuy.weekId, '') })),
      })),
    })
    const other = buildDistrictSeed(texts, '2026-11-27')
    expect(withoutDay(other)).toEqual(withoutDay(seed))
    const ids = new Set(seed.groupBuys.map((groupBuy) => groupBuy.groupBuyId))
    // The same calendar week, after the first windows have closed: new ids, so that a second opening does not meet the first.
    expect(other.groupBuys.filter((groupBuy) => ids.has(groupBuy.groupBuyId))).toEqual([])
  })

  it('refuses a day that is not one', () => {
    for (const wrong of ['2026-02-30', '20261123', '']) expect(() => buildDistrictSeed(texts, wrong)).toThrow()
  })
})

describe('scattering', () => {
  it('gives a known number for a text, on every machine', () => {
    expect([spread(''), spread('a'), spread('合作社')]).toEqual([2872998923, 444641715, 3955566492])
  })

  it('picks the asked number of different elements in their order', () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.integer()), fc.nat(20), (text, all, count) => {
        const chosen = spreadSubset(text, all, count)
        expect(chosen).toEqual(all.filter((element) => chosen.includes(element)))
        expect(chosen).toHaveLength(Math.min(count, all.length))
      }),
    )
  })
})
