import { FOOD_FACT_MAX, type Listing } from '#shared/contracts/catalogue.ts'
import {
  categoryNames,
  type SheetColumn,
  sheetColumns,
  stateNames,
  zoneNames,
} from '#shared/domain/catalogue/listing-sheet.ts'
import { gramsText } from '../format/weight.ts'
import type { SheetCell, SheetMade } from './sheets/xlsx-file.ts'

const columns = Object.keys(sheetColumns) as SheetColumn[]
const WIDTHS: Readonly<Partial<Record<SheetColumn, number>>> = {
  name: 18,
  note: 30,
  provenance: 30,
  certificate: 20,
  listingId: 30,
  nameEn: 18,
  priceSource: 18,
}

/** What the header of each column asks for, in the template and nowhere else. */
const asks: Readonly<Partial<Record<SheetColumn, string>>> = { name: '*', saleUnit: '*', priceFen: '（元）*' }
export const templateHeader = columns.map((key) => sheetColumns[key].title + (asks[key] ?? ''))

const explanations: Readonly<Record<SheetColumn, string>> = {
  name: '必填，最多 40 个字',
  saleUnit: '必填。按重量写 500克、2斤、1.5公斤；按件写 个、箱、把',
  priceFen: '必填，一份的价格，例如 3.20',
  grade: '例如 一级',
  category: Object.values(categoryNames).join('、'),
  temperatureZone: Object.values(zoneNames).join('、'),
  weighed: '是、否。按重量卖的才填：每份到货后单独称，多了不加钱，少了退差价',
  boxPortions: '一箱装几份，例如 20；采购单会算出几箱几份',
  note: '最多 200 个字',
  provenance: `例如 朱庄村东头大棚，农家肥；最多 ${FOOD_FACT_MAX.provenance} 个字`,
  harvest: `例如 每天清晨、11月中旬；最多 ${FOOD_FACT_MAX.harvest} 个字`,
  certificate: '承诺达标合格证的编号，有就填',
  nameEn: '',
  priceSource: '样本价写明来源',
  state: Object.values(stateNames).join('、'),
  listingId: '新商品空着；改品名、等级或一份时，从“现有商品”里带过来',
}

type Wire = Omit<Listing, 'priceFen'> & { readonly priceFen: number }

function cellOf(listing: Wire, key: SheetColumn): SheetCell {
  switch (key) {
    case 'saleUnit':
      return listing.saleUnit.by === 'weight' ? gramsText(listing.saleUnit.portionGrams) : listing.saleUnit.pieceLabel
    case 'priceFen':
      return { yuan: listing.priceFen }
    case 'category':
      return categoryNames[listing.category]
    case 'temperatureZone':
      return zoneNames[listing.temperatureZone]
    case 'state':
      return stateNames[listing.state]
    case 'weighed':
      if (listing.saleUnit.by === 'piece') return ''
      return listing.saleUnit.weighed === true ? '是' : '否'
    case 'boxPortions':
      return listing.boxPortions === undefined ? '' : { count: listing.boxPortions }
    default:
      return listing[key] ?? ''
  }
}

/** The sheet that co-ops fill in, empty or with what they have, and a second one that explains it. */
export function listingSheets(listings: readonly Wire[]): SheetMade[] {
  const rows = listings.map((listing) => columns.map((key) => cellOf(listing, key)))
  return [
    {
      name: '商品',
      rows: [templateHeader.map((head) => ({ head })), ...rows],
      widths: columns.map((key) => WIDTHS[key] ?? 12),
      sticky: 1,
    },
    {
      name: '填写说明',
      rows: [
        [{ head: '列' }, { head: '怎么填' }],
        ...columns.map((key) => [sheetColumns[key].title, explanations[key]]),
        ['', ''],
        ['空着的格', '新商品按常用的来，已有的商品不改这一项'],
        ['同一件商品', '品名、等级、一份都一样的就是同一件；只改价格不会多出一件'],
        ['例', '番茄 | 1斤 | 5.90 | 一级 | 茄果'],
      ],
      widths: [16, 60],
      sticky: 1,
    },
  ]
}
