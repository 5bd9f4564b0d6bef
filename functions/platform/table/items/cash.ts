import * as z from 'zod'
import { cashDayStates, cashMoveSchema } from '#shared/contracts/cash.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { fenSumSchema } from '#shared/kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** Cash over the counter, once; never changed. */
export const cashMoveItem = stored('cashMove', {
  ...cashMoveSchema.shape,
  communityId: idSchema,
  day: shanghaiDaySchema,
  refundId: z.string().optional(),
  by: z.string(),
})
export type CashMoveItem = z.infer<typeof cashMoveItem>

/** Beside the day, so that a movement is found by its id alone: which day it belongs to. */
export const cashMoveIdItem = stored('cashMoveId', { communityId: idSchema, day: shanghaiDaySchema, at: instantSchema })

/** Sums of a desk's day; `version` counts everything that happened to it and is its lock. */
export const cashDayItem = stored('cashDay', {
  communityId: idSchema,
  day: shanghaiDaySchema,
  state: z.enum(cashDayStates),
  takenFen: fenSumSchema,
  handedBackFen: fenSumSchema,
  moveCount: z.int(),
  version: z.int(),
  countedFen: z.int().optional(),
  countedAt: instantSchema.optional(),
  countedBy: z.string().optional(),
  countedWords: z.string().optional(),
  bankReference: z.string().optional(),
  bankedOn: shanghaiDaySchema.optional(),
  bankedAt: instantSchema.optional(),
  bankedBy: z.string().optional(),
})
export type CashDayItem = z.infer<typeof cashDayItem>
