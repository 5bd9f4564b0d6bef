import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { positiveFenSchema } from '../kernel/money.ts'
import { portionGramsSchema } from '../kernel/quantity.ts'
import { temperatureZones } from './places.ts'
import { page, pageQuery, route } from './route.ts'

export const listingStates = ['active', 'paused'] as const

export const categories = [
  'leaf',
  'root',
  'melon',
  'solanaceous',
  'bean',
  'mushroom',
  'allium',
  'herb',
  'fruit',
  'other',
] as const

/**
 * Sold by weight (a portion has grams, so 元/斤 and 元/kg can be shown) or by piece (a portion has a label: 个, 箱).
 * `weighed`: a portion has about these grams (a melon); each is weighed, and who gets less pays less.
 */
const saleUnit = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('weight'),
    portionGrams: portionGramsSchema,
    weighed: z.literal(true).optional(),
  }),
  z.strictObject({ by: z.literal('piece'), pieceLabel: z.string().trim().min(1).max(10) }),
])
export type SaleUnit = z.infer<typeof saleUnit>
export const saleUnitSchema = saleUnit

export const BOX_PORTIONS_MAX = 1_000

/** What is told of where food comes from: plain text, as long as this and no longer. */
export const FOOD_FACT_MAX = { provenance: 120, harvest: 40, certificate: 60 } as const

export const listingBodySchema = z.strictObject({
  name: z.string().trim().min(1, '请写品名').max(40, '品名太长'),
  nameEn: z.string().trim().max(60).optional(),
  category: z.enum(categories),
  /** Key of our own drawing: tomato, leaf, pear … */
  picture: z.string().regex(/^[a-z-]{1,20}$/),
  /** A photo of the goods, sent before; shown instead of the drawing. */
  photoId: clientIdSchema.optional(),
  grade: z.string().trim().max(20).optional(),
  saleUnit,
  /** Price of one portion. */
  priceFen: positiveFenSchema,
  /** Where the price comes from when it is a sample: 样本价 北京新发地 2016. */
  priceSource: z.string().trim().max(60).optional(),
  /** How many portions fill one box: the purchase order counts full boxes. */
  boxPortions: z.int().min(2).max(BOX_PORTIONS_MAX).optional(),
  temperatureZone: z.enum(temperatureZones),
  note: z.string().trim().max(200).optional(),
  /** 产地说明: the field or greenhouse, and how it was grown. */
  provenance: z.string().trim().max(FOOD_FACT_MAX.provenance, '产地说明太长').optional(),
  /** 采收时间 or the season: 每天清晨, 11 月中旬. */
  harvest: z.string().trim().max(FOOD_FACT_MAX.harvest, '采收时间太长').optional(),
  /** Number of the 承诺达标合格证 that the co-op issues with its goods. */
  certificate: z.string().trim().max(FOOD_FACT_MAX.certificate, '合格证编号太长').optional(),
  state: z.enum(listingStates),
})
export type ListingBody = z.infer<typeof listingBodySchema>

export const listingSchema = z.strictObject({
  listingId: idSchema,
  coopId: idSchema,
  version: z.int().min(1),
  ...listingBodySchema.shape,
})
export type Listing = z.infer<typeof listingSchema>

export const LISTINGS_PER_COOP_MAX = 500

export const listListings = route({
  name: 'listListings',
  summary: "A co-op's own listings.",
  method: 'GET',
  path: '/api/catalogue/coops/{coopId}/listings',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  query: z.strictObject({ ...pageQuery }),
  output: page(listingSchema),
})

export const saveListing = route({
  name: 'saveListing',
  summary:
    'Adds or changes a listing. `version` is the one that was read (0 for a new one): two editors do not overwrite each other.',
  method: 'PUT',
  path: '/api/catalogue/coops/{coopId}/listings/{listingId}',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema, listingId: idSchema }),
  body: z.strictObject({ version: z.int().min(0), ...listingBodySchema.shape }),
  output: listingSchema,
  refusals: { LISTING_CHANGED: 409, TOO_MANY_LISTINGS: 409, UNKNOWN_PHOTO: 422 },
})

export const IMPORT_ROWS_MAX = 500
const SHEET_ROW_MAX = 100_000

/** One row of a sheet of listings. What is left out stays as it is, or is the usual for a new listing. */
export const importedListingSchema = z
  .strictObject({
    /** Its place in the sheet, counted from one: faults are told by it. */
    row: z.int().min(1).max(SHEET_ROW_MAX),
    listingId: idSchema.optional(),
    // A sheet has no photos: those that there are stay.
    ...listingBodySchema.omit({ photoId: true }).partial().required({ name: true, saleUnit: true, priceFen: true })
      .shape,
    /** Whether each portion is weighed: a column of its own, so that a sheet without it leaves that as it is. */
    weighed: z.boolean().optional(),
  })
  .refine(({ saleUnit, weighed }) => weighed !== true || saleUnit.by === 'weight', {
    message: '按件卖的不称重',
    path: ['weighed'],
  })
export type ImportedListing = z.infer<typeof importedListingSchema>

export const importOutcomes = ['added', 'changed', 'unchanged', 'refused'] as const

export const importResultSchema = z.strictObject({
  row: z.int(),
  name: z.string(),
  outcome: z.enum(importOutcomes),
  listingId: idSchema.optional(),
  /** What changed, by field, as a person would write it. */
  changes: z.array(z.strictObject({ field: z.string(), from: z.string(), to: z.string() })),
  code: z
    .enum(['UNKNOWN_LISTING', 'AMBIGUOUS_LISTING', 'DUPLICATE_ROW', 'TOO_MANY_LISTINGS', 'LISTING_CHANGED'])
    .optional(),
  field: z.string().optional(),
  detail: z.string().optional(),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const importListings = route({
  name: 'importListings',
  summary:
    'Adds and changes many listings, row by row. The same rows again change nothing. As long as a row is refused nothing is written; `check` only tells what would be done.',
  method: 'POST',
  path: '/api/catalogue/coops/{coopId}/listings/import',
  access: ['coop', 'admin'],
  params: z.strictObject({ coopId: idSchema }),
  body: z.strictObject({
    check: z.boolean(),
    rows: z
      .array(importedListingSchema)
      .min(1)
      .max(IMPORT_ROWS_MAX)
      .refine((rows) => new Set(rows.map(({ row }) => row)).size === rows.length, 'each row once'),
  }),
  output: z.strictObject({ written: z.boolean(), results: z.array(importResultSchema).max(IMPORT_ROWS_MAX) }),
})

export const catalogueRoutes = [listListings, saveListing, importListings] as const
