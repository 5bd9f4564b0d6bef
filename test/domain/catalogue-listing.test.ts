import { describe, expect, it } from 'vitest'
import { LISTINGS_PER_COOP_MAX, type Listing, type ListingBody } from '#shared/contracts/catalogue.ts'
import { decideSaveListing } from '#shared/domain/catalogue/save-listing.ts'
import { unitLabel } from '#shared/domain/catalogue/unit-label.ts'
import { fen } from '#shared/kernel/money.ts'

const body: ListingBody = {
  name: '番茄',
  category: 'solanaceous',
  picture: 'tomato',
  saleUnit: { by: 'weight', portionGrams: 500 },
  priceFen: fen(590),
  temperatureZone: 'ambient',
  state: 'active',
}
const existing: Listing = { listingId: 'l', coopId: 'c', version: 3, ...body }
const decide = (version: number, more: Partial<ListingBody>, stored: Listing | undefined, listingCount = 1) =>
  decideSaveListing({
    coopId: 'c',
    listingId: 'l',
    version,
    body: { ...body, ...more },
    existing: stored,
    listingCount,
  })

describe('saving a listing', () => {
  it('writes the version after the one that was read', () => {
    expect(decide(0, {}, undefined)).toMatchObject({ kind: 'saved', listing: { version: 1 } })
    expect(decide(3, { name: '新名' }, existing)).toMatchObject({
      kind: 'saved',
      listing: { version: 4, name: '新名' },
    })
  })

  it('a change back to what it was is a change, and not the same save again', () => {
    expect(decide(3, {}, existing)).toMatchObject({ kind: 'saved', listing: { version: 4 } })
  })

  it('knows its own save when it comes again', () => {
    expect(decide(2, {}, existing)).toEqual({ kind: 'unchanged', listing: existing })
  })

  it.each<[string, Partial<ListingBody>]>([
    ['name', { name: '别的' }],
    ['nameEn', { nameEn: 'tomato' }],
    ['category', { category: 'fruit' }],
    ['picture', { picture: 'apple' }],
    ['grade', { grade: '一级' }],
    ['portion', { saleUnit: { by: 'weight', portionGrams: 501 } }],
    ['weighing', { saleUnit: { by: 'weight', portionGrams: 500, weighed: true } }],
    ['unit', { saleUnit: { by: 'piece', pieceLabel: '个' } }],
    ['price', { priceFen: fen(591) }],
    ['price source', { priceSource: '样本价' }],
    ['temperature', { temperatureZone: 'frozen' }],
    ['note', { note: '好吃' }],
    ['origin', { provenance: '村东大棚' }],
    ['harvest', { harvest: '每天清晨' }],
    ['certificate', { certificate: 'HG-1' }],
    ['box', { boxPortions: 20 }],
    ['state', { state: 'paused' }],
  ])('another %s under a version that is gone is somebody else’s edit', (_field, more) => {
    expect(decide(2, more, existing)).toMatchObject({ kind: 'refused', code: 'LISTING_CHANGED' })
  })

  it.each([
    [1, existing],
    [4, existing],
    [0, existing],
    [1, undefined],
  ])('version %i is not the one that is there', (version, stored) => {
    expect(decide(version, { name: '新名' }, stored)).toMatchObject({ kind: 'refused', code: 'LISTING_CHANGED' })
  })

  it('keeps the cap for new listings only', () => {
    expect(decide(0, {}, undefined, LISTINGS_PER_COOP_MAX)).toMatchObject({
      kind: 'refused',
      code: 'TOO_MANY_LISTINGS',
    })
    expect(decide(0, {}, undefined, LISTINGS_PER_COOP_MAX - 1).kind).toBe('saved')
    expect(decide(3, { name: '新名' }, existing, LISTINGS_PER_COOP_MAX).kind).toBe('saved')
  })
})

describe('what one portion is called', () => {
  it.each([
    [{ by: 'weight', portionGrams: 500 }, '500 克'],
    [{ by: 'weight', portionGrams: 1000 }, '1 千克'],
    [{ by: 'weight', portionGrams: 2500 }, '2.5 千克'],
    [{ by: 'weight', portionGrams: 1250 }, '1250 克'],
    [{ by: 'weight', portionGrams: 2500, weighed: true }, '约 2.5 千克'],
    [{ by: 'piece', pieceLabel: '个' }, '个'],
  ] as const)('%j is %s', (saleUnit, label) => expect(unitLabel(saleUnit)).toBe(label))
})
