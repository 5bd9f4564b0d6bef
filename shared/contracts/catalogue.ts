import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
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

export const listingBodySchema = z.strictObject({
  name: z.string().trim().min(1, '请写品名').max(40, '品名太长'),
  nameEn: z.string().trim().max(60).optional(),
  category: z.enum(categories),
  /** Key of our own drawing: tomato, leaf, pear … */
  picture: z.string().regex(/^[a-z-]{1,20}$/),
  grade: z.string().trim().max(20).optional(),
  saleUnit,
  /** Price of one portion. */
  priceFen: positiveFenSchema,
  /** Where the price comes from when it is a sample: 样本价 北京新发地 2016. */
  priceSource: z.string().trim().max(60).optional(),
  temperatureZone: z.enum(temperatureZones),
  note: z.string().trim().max(200).optional(),
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
  refusals: { LISTING_CHANGED: 409, TOO_MANY_LISTINGS: 409 },
})

export const catalogueRoutes = [listListings, saveListing] as const
