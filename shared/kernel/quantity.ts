import * as z from 'zod'

/** 1 斤 = 500 g. */
export const GRAMS_PER_JIN = 500
export const GRAMS_PER_KG = 1000

/** The weight of one portion: 1 g to 50 kg. */
export const portionGramsSchema = z.int().min(1).max(50_000)

/** How many portions of one offer a basket may ask for. */
export const PORTIONS_MAX = 999
export const portionsSchema = z.int().min(1).max(PORTIONS_MAX)

/** How many portions an offer may have for sale. */
export const STOCK_MAX = 1_000_000
export const stockSchema = z.int().min(0).max(STOCK_MAX)

/** The donation rate of an agreement in basis points: 200 is 2 %. At most 10 %: more is a typing mistake. */
export const RATE_BPS_MAX = 1_000
export const rateBpsSchema = z.int().min(0).max(RATE_BPS_MAX)
