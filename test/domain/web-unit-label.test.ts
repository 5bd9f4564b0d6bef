import { describe, expect, it } from 'vitest'
import { unitLabel as storedLabel } from '#shared/domain/catalogue/unit-label.ts'
import type { SaleUnit } from '#shared/contracts/catalogue.ts'
import { listingSheets } from '#web/lib/server/listing-sheet.ts'
import { unitLabel, unitText } from '#web/lib/shop/unit-label.ts'

const weighed = { by: 'weight', portionGrams: 2500, weighed: true } as const

describe('what one portion is, as residents read it', () => {
  it.each<[SaleUnit, string, string]>([
    [{ by: 'weight', portionGrams: 500 }, '1 斤（500 克）', '500 g'],
    [{ by: 'weight', portionGrams: 350 }, '350 克', '350 g'],
    [weighed, '约 5 斤（2500 克）', 'about 2.5 kg'],
    [{ ...weighed, portionGrams: 800 }, '约 800 克', 'about 800 g'],
    [{ by: 'piece', pieceLabel: '个' }, '1 个', '1 piece'],
  ])('%j', (unit, zh, en) => {
    expect([unitLabel(unit, 'zh'), unitLabel(unit, 'en')]).toEqual([zh, en])
  })

  it.each<[SaleUnit, string]>([
    [weighed, 'about 2.5 kg'],
    [{ by: 'weight', portionGrams: 500 }, '500 g'],
    [{ by: 'piece', pieceLabel: '棵（约 5 斤）' }, 'head (about 2.5 kg)'],
  ])('%j as orders keep it', (unit, en) => {
    const label = storedLabel(unit)
    expect([unitText(label, 'zh'), unitText(label, 'en')]).toEqual([label, en])
  })
})

describe('the sheet of a co-op’s listings', () => {
  it('says of goods sold by weight whether each portion is weighed', () => {
    const listing = {
      ...({ listingId: 'l', coopId: 'c', version: 1, name: '冬瓜', category: 'melon', picture: 'melon' } as const),
      ...({ priceFen: 1000, temperatureZone: 'ambient', state: 'active' } as const),
    }
    const units: SaleUnit[] = [weighed, { by: 'weight', portionGrams: 500 }, { by: 'piece', pieceLabel: '个' }]
    const [sheet] = listingSheets(units.map((saleUnit) => ({ ...listing, saleUnit })))
    const [head = [], ...rows] = sheet?.rows ?? []
    const at = head.findIndex((cell) => JSON.stringify(cell).includes('称重'))
    expect(rows.map((row) => row[at])).toEqual(['是', '否', ''])
  })
})
