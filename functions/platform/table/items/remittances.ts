import * as z from 'zod'
import {
  REMITTANCE_STEPS_MAX,
  remittanceLineSchema,
  remittanceStates,
  remittanceSteps,
} from '#shared/contracts/fund-remittances.ts'
import { clientIdSchema } from '#shared/kernel/ids.ts'
import { fenSumSchema } from '#shared/kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** `version` is its lock. Persons are kept beside the steps and never shown. */
export const remittanceItem = stored('remittance', {
  remittanceId: clientIdSchema,
  version: z.int().min(1),
  state: z.enum(remittanceStates),
  charityName: z.string(),
  throughDay: shanghaiDaySchema,
  sinceDay: shanghaiDaySchema.optional(),
  totalFen: fenSumSchema,
  fundCount: z.int().min(0),
  lineCount: z.int().min(0),
  postedCount: z.int().min(0),
  preparedAt: instantSchema,
  preparedBy: z.string(),
  recordedBy: z.string().optional(),
  transfer: z.object({ bankReference: z.string(), transferredOn: shanghaiDaySchema }).optional(),
  receipt: z.object({ receiptNumber: z.string(), receivedOn: shanghaiDaySchema }).optional(),
  steps: z
    .array(
      z.object({
        step: z.enum(remittanceSteps),
        at: instantSchema,
        /** Absent: the clock. */
        personId: z.string().optional(),
        words: z.string().optional(),
      }),
    )
    .max(REMITTANCE_STEPS_MAX),
})
export type RemittanceItem = z.infer<typeof remittanceItem>

/** Written once with the list; `posted` and the receipt in the very transaction that posts it to its fund. */
export const remittanceLineItem = stored('remittanceLine', {
  remittanceId: clientIdSchema,
  charityName: z.string(),
  throughDay: shanghaiDaySchema,
  ...remittanceLineSchema.shape,
  receiptNumber: z.string().optional(),
  receivedOn: shanghaiDaySchema.optional(),
})
export type RemittanceLineItem = z.infer<typeof remittanceLineItem>

/** Whoever holds this is the one remittance under way. */
export const openRemittanceItem = stored('openRemittance', { remittanceId: clientIdSchema })

/** Up to the end of this day everything that was due has been sent. */
export const lastRemittanceItem = stored('lastRemittance', {
  remittanceId: clientIdSchema,
  throughDay: shanghaiDaySchema,
})

export const receiptItem = stored('receipt', { remittanceId: clientIdSchema })
