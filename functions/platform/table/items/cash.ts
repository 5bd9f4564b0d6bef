import * as z from 'zod'
import { cashReceivers, cashSumsSchema } from '#shared/contracts/cash.ts'
import { cashKinds, OVER_SHORT_DAYS } from '#shared/kernel/cash-book.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** A community's desk: what its drawer has to hold. `version` numbers the lines of its book and is its lock. */
export const cashTillItem = stored('cashTill', {
  communityId: idSchema,
  balanceFen: z.int(),
  version: z.int().min(1),
  startedAt: instantSchema,
  lastAt: instantSchema,
  lastCount: z
    .object({
      seq: z.int(),
      at: instantSchema,
      by: z.string(),
      day: shanghaiDaySchema,
      countId: clientIdSchema,
      countedFen: z.int().min(0).optional(),
      differenceFen: z.int().optional(),
    })
    .optional(),
  lastBanked: z.object({ seq: z.int(), at: instantSchema }).optional(),
  overShort: z
    .array(z.object({ day: shanghaiDaySchema, overFen: z.int().min(0), shortFen: z.int().min(0) }))
    .max(OVER_SHORT_DAYS)
    .optional(),
})
export type CashTillItem = z.infer<typeof cashTillItem>

/** A day of a till’s book: what it began with, its sums, what it ended with. Days without a movement have none. */
export const cashDayItem = stored('cashDay', {
  ...cashSumsSchema.shape,
  communityId: idSchema,
  day: shanghaiDaySchema,
  openingFen: z.int(),
  closingFen: z.int(),
  moveCount: z.int(),
  countCount: z.int(),
  lastSeq: z.int(),
  countedBy: z.array(z.string()),
})
export type CashDayItem = z.infer<typeof cashDayItem>

/** A line of the book; never changed. */
export const cashMoveItem = stored('cashMove', {
  moveId: clientIdSchema,
  communityId: idSchema,
  day: shanghaiDaySchema,
  seq: z.int(),
  kind: z.enum(cashKinds),
  deltaFen: z.int(),
  balanceFen: z.int(),
  at: instantSchema,
  by: z.string(),
  byName: z.string(),
  orderId: clientIdSchema.optional(),
  refundId: z.string().optional(),
  receivedBy: z.enum(cashReceivers).optional(),
  bankReference: z.string().optional(),
  bankedOn: shanghaiDaySchema.optional(),
  words: z.string().optional(),
})
export type CashMoveItem = z.infer<typeof cashMoveItem>

/** A count of the drawer; never changed. What differed is a movement beside it. */
export const cashCountItem = stored('cashCount', {
  countId: clientIdSchema,
  communityId: idSchema,
  day: shanghaiDaySchema,
  seq: z.int(),
  at: instantSchema,
  by: z.string(),
  byName: z.string(),
  countedFen: z.int(),
  expectedFen: z.int(),
  words: z.string().optional(),
})
export type CashCountItem = z.infer<typeof cashCountItem>

/** A movement or a count by the id that a client made: where it stands in which book, and what was asked for. */
export const cashIdItem = stored('cashId', {
  communityId: idSchema,
  day: shanghaiDaySchema,
  seq: z.int(),
  what: z.enum(['move', 'count']),
  hash: z.string(),
})
export type CashIdItem = z.infer<typeof cashIdItem>
