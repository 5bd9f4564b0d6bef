import * as z from 'zod'
import { bankReferenceSchema } from '../kernel/bank-reference.ts'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { positiveFenSchema } from '../kernel/money.ts'
import { shanghaiDaySchema } from '../kernel/time.ts'
import { checkVerdicts, milestoneSchema } from './governance.ts'
import { route } from './route.ts'

/** A project 项目 is what a decided proposal is to the fund: money kept for it, and paid out for it. */
export const payProject = route({
  name: 'payProject',
  summary:
    'Records that the host charity paid for a project, or for the milestone that is named: the sum of its receipts leaves the fund. What is left over when all is paid is free again. One ledger transaction.',
  method: 'POST',
  path: '/api/funds/{compoundId}/projects/{proposalId}/payment',
  access: ['charity'],
  params: z.strictObject({ compoundId: idSchema, proposalId: clientIdSchema }),
  body: z.strictObject({
    /** Typed once more from the bank's slip. */
    amountFen: positiveFenSchema,
    bankReference: bankReferenceSchema,
    paidOn: shanghaiDaySchema,
    /** Which one is paid, of a project that is paid in several. */
    milestone: milestoneSchema.optional(),
  }),
  output: z.strictObject({
    paidFen: z.int(),
    /** Kept for the project and not needed; 0 while a milestone is still to come. */
    releasedFen: z.int(),
    /** Of the ledger's entry. */
    seq: z.int(),
  }),
  refusals: {
    NOT_NOW: 409,
    FOUR_EYES: 409,
    INTERESTED: 409,
    TYPED_AMOUNT_DIFFERS: 409,
    DAY_WRONG: 422,
    MILESTONE_DIFFERS: 409,
    CASH_SHORT: 409,
    BANK_REFERENCE_USED: 409,
    /** A check 拨付前核验 says that it must not be paid. */
    CHECK_SAID_NO: 409,
    /** A check gave no answer that counts: it is tried again, or two persons override it. */
    CHECK_SILENT: 409,
  },
})

/** 先核验，再转账: what was transferred already cannot be stopped any more. */
export const askPaymentChecks = route({
  name: 'askPaymentChecks',
  summary:
    'Asks every check as the payment will, before the charity transfers anything: a stop is recorded, nothing is paid, and the payment asks again.',
  method: 'POST',
  path: '/api/funds/{compoundId}/projects/{proposalId}/payment/checks',
  access: ['charity'],
  params: payProject.params,
  body: payProject.body.omit({ bankReference: true }),
  output: z.strictObject({
    /** All said yes, or some are overridden. Absent: there is none to ask. */
    checks: z.enum(checkVerdicts).optional(),
  }),
  refusals: {
    NOT_NOW: 409,
    FOUR_EYES: 409,
    INTERESTED: 409,
    TYPED_AMOUNT_DIFFERS: 409,
    DAY_WRONG: 422,
    MILESTONE_DIFFERS: 409,
    CHECK_SAID_NO: 409,
    CHECK_SILENT: 409,
  },
})

/** Of one sale, by the rule 先进先出: the money that came first is spent first. */
export const traceSale = route({
  name: 'traceSale',
  summary:
    'What the gift of a sale was spent on, first in first out: parts of projects, and what is not spent yet. Sales that are not settled have moved nothing.',
  method: 'GET',
  path: '/api/funds/{compoundId}/sales/{saleId}/projects',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema, saleId: z.string().min(1).max(80) }),
  output: z.strictObject({
    /** What the sale brought by its settlement and did not go back since, in whole fen. */
    broughtFen: z.int(),
    parts: z.array(
      z.strictObject({
        proposalId: idSchema,
        amountFen: z.int(),
        /** Of the entry that paid. */
        seq: z.int(),
      }),
    ),
    /** What corrections of the fund took of it. */
    correctedFen: z.int(),
    unspentFen: z.int(),
  }),
})

export const projectRoutes = [payProject, askPaymentChecks, traceSale] as const
