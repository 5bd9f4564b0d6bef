import type { ListingBody } from '#shared/contracts/catalogue.ts'
import type { openGroupBuy } from '#shared/contracts/group-buys.ts'
import type { ImportRow } from '#shared/contracts/places-import.ts'
import type { Body } from '#shared/contracts/route.ts'
import type { DistrictContent, GroupBuySeed, ListingSeed, PersonSeed } from './types.ts'

function membershipRow(person: PersonSeed): ImportRow {
  return {
    kind: 'membership',
    subject: person.subject,
    role: person.role,
    ...(person.scopeId === undefined ? {} : { scopeId: person.scopeId }),
    ...person.household,
  }
}

/** All rows of the places' import, each after the rows it names. Cut into requests of `IMPORT_ROWS_MAX` by the sender. */
export function importRowsOf(content: DistrictContent): ImportRow[] {
  const { districtId, name, charityName } = content.district
  return [
    { kind: 'district', districtId, name, charityName },
    ...content.towns.map((town): ImportRow => ({ kind: 'town', townId: town.townId, name: town.name, districtId })),
    ...content.communities.map((place): ImportRow => ({
      kind: 'community',
      communityId: place.communityId,
      name: place.name,
      townId: place.townId,
      townName: place.townName,
    })),
    ...content.villages.map((place): ImportRow => ({
      kind: 'village',
      villageId: place.villageId,
      name: place.name,
      townId: place.townId,
      townName: place.townName,
    })),
    ...content.compounds.map((compound): ImportRow => ({ kind: 'compound', ...compound })),
    ...content.buildings.map((building): ImportRow => ({ kind: 'building', ...building })),
    ...content.households.map((household): ImportRow => ({ kind: 'household', ...household })),
    ...content.pickUpPoints.map((point): ImportRow => ({ kind: 'pick-up-point', ...point })),
    ...content.coops.map((coop): ImportRow => ({ kind: 'coop', ...coop })),
    ...content.bodies.map((body): ImportRow => ({ kind: 'body', districtId, ...body })),
    ...content.pairings.map((pairing): ImportRow => ({ kind: 'pairing', ...pairing })),
    ...content.grids.map((grid): ImportRow => ({ kind: 'grid', ...grid })),
    ...content.people.map(membershipRow),
    ...content.posts.map((post): ImportRow => ({ kind: 'grid-post', ...post })),
  ]
}

/** What the co-op's listing form would send; the note tells the season, the quoted day and any repair of the price. */
export function listingBodyOf(listing: ListingSeed): ListingBody {
  const notes = [`当地应季：${listing.seasonNote}`, `行情日 ${listing.priceDay}`, listing.repaired ?? '']
  return {
    name: listing.name,
    nameEn: listing.nameEn,
    category: listing.category,
    picture: listing.icon,
    grade: listing.grade,
    saleUnit:
      listing.saleUnit === 'weight'
        ? { by: 'weight', portionGrams: listing.portionGrams }
        : { by: 'piece', pieceLabel: listing.pieceLabel },
    priceFen: listing.priceFen,
    priceSource: listing.priceSource,
    temperatureZone: listing.temperatureZone,
    note: notes.filter((note) => note !== '').join('；'),
    state: 'active',
  }
}

/** The body of `openGroupBuy`; its id goes into the path. */
export function groupBuyBodyOf(groupBuy: GroupBuySeed): Body<typeof openGroupBuy> {
  const { groupBuyId: _id, weekId: _week, villageId: _village, communityIds: _communities, ...body } = groupBuy
  return body
}
