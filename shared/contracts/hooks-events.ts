import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { rankingMovedV1 } from './rankings-events.ts'
import { disclosureMovedV1 } from './sunshine-events.ts'
import { matterMovedV1, proposalMovedV1, saleRecordedV1, saleReversedV1, saleSettledV1 } from './events.ts'

/**
 * What hooks tell, one entry for each type; a new type is an entry here, and how its event becomes `data` in
 * `shared/domain/hooks/news.ts`. Payloads are thin: ids, and the path of the API where details can be read by who may. They
 * hold no household, no order and no free text: what has left the system cannot be erased any more. The only sums are what is
 * paid for a project, in the question of a check and in the step that paid; they are public.
 */
const path = z.string().regex(/^\/api\/[A-Za-z0-9/?=&.%_-]{1,400}$/)

const ofSale = {
  saleId: saleRecordedV1.shape.saleId,
  compoundId: idSchema,
  path,
}

/** Absent only where the sale itself could not be read any more. */
const sellers = { communityId: idSchema.optional(), villageId: idSchema.optional(), coopId: idSchema.optional() }

const saleExample = {
  saleId: '0b0f2a5e-6a52-4f0e-9d0e-3f9d3c1e7a10',
  compoundId: 'c-371502001001-01',
  communityId: '371502001001',
  villageId: '371502100265',
  coopId: 'coop-371502100265',
}
const salePath = `/api/funds/${saleExample.compoundId}/entries?saleId=${saleExample.saleId}`
const at = '2026-11-27T04:00:00.000Z'

export const hookEvents = {
  'sale.recorded.v1': {
    summary: 'A sale was paid, or made at a fair: its share of the fund is on its way.',
    data: z.strictObject({
      ...ofSale,
      communityId: idSchema,
      villageId: idSchema,
      coopId: idSchema,
      channel: saleRecordedV1.shape.channel,
      groupBuyId: idSchema.optional(),
      fairId: idSchema.optional(),
    }),
    example: {
      timestamp: at,
      data: { ...saleExample, channel: 'group-buy', groupBuyId: 'gb-tomatoes', path: salePath },
    },
  },
  'sale.reversed.v1': {
    summary: 'Money of a sale goes back, wholly or in part.',
    data: z.strictObject({ ...ofSale, ...sellers, reversalId: saleReversedV1.shape.reversalId }),
    example: {
      timestamp: at,
      data: { ...saleExample, reversalId: '5c3e8f0a-7a0d-4f5e-8a76-2f0f5c9f1b22.1', path: salePath },
    },
  },
  'sale.settled.v1': {
    summary: 'The after-sales time of a sale is over: its share of the fund is due to the charity.',
    data: z.strictObject({ ...ofSale, ...sellers, saleId: saleSettledV1.shape.saleId }),
    example: { timestamp: at, data: { ...saleExample, path: salePath } },
  },
  'proposal.moved.v1': {
    summary: 'A proposal for the fund took a step: it stands here now.',
    data: z.strictObject({
      ...{ proposalId: clientIdSchema, compoundId: idSchema, communityId: idSchema, path },
      step: proposalMovedV1.shape.step,
      state: proposalMovedV1.shape.state,
      payment: proposalMovedV1.shape.payment,
    }),
    example: {
      timestamp: at,
      data: {
        ...{ proposalId: '9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77', compoundId: saleExample.compoundId },
        ...{ communityId: saleExample.communityId, step: 5, state: 'voting' },
        path: '/api/proposals/9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77',
      },
    },
  },
  'matter.moved.v1': {
    summary: 'A matter that a resident raised took a step: it stands here now. Who may not read it learns no more.',
    data: z.strictObject({
      ...{ matterId: clientIdSchema, compoundId: idSchema, communityId: idSchema, path },
      step: matterMovedV1.shape.step,
      state: matterMovedV1.shape.state,
    }),
    example: {
      timestamp: at,
      data: {
        ...{ matterId: '2b6d8f14-7a3c-4e5d-9b1a-8c7e6f5d4a3b', compoundId: saleExample.compoundId },
        ...{ communityId: saleExample.communityId, step: 3, state: 'assigned' },
        path: '/api/matters/2b6d8f14-7a3c-4e5d-9b1a-8c7e6f5d4a3b',
      },
    },
  },
  'ranking.moved.v1': {
    summary: 'A red-black list of a community took a step: frozen for its preview, appealed against, published, final.',
    data: z.strictObject({
      ...{ rankingId: rankingMovedV1.shape.rankingId, communityId: idSchema, path },
      step: rankingMovedV1.shape.step,
      state: rankingMovedV1.shape.state,
    }),
    example: {
      timestamp: at,
      data: {
        ...{ rankingId: `2026-q3.${saleExample.communityId}`, communityId: saleExample.communityId },
        ...{ step: 2, state: 'published', path: `/api/rankings/2026-q3.${saleExample.communityId}` },
      },
    },
  },
  'disclosure.moved.v1': {
    summary:
      'Accounts of a compound’s quarter took a step: awaited, late, published, objected to, answered, corrected.',
    data: z.strictObject({
      ...{ disclosureId: disclosureMovedV1.shape.disclosureId, compoundId: idSchema, communityId: idSchema, path },
      book: disclosureMovedV1.shape.book,
      quarter: disclosureMovedV1.shape.quarter,
      step: disclosureMovedV1.shape.step,
      state: disclosureMovedV1.shape.state,
    }),
    example: {
      timestamp: at,
      data: {
        disclosureId: `property.2026-q3.${saleExample.compoundId}`,
        ...{ compoundId: saleExample.compoundId, communityId: saleExample.communityId },
        ...{ book: 'property', quarter: '2026-q3', step: 2, state: 'displayed' },
        path: `/api/sunshine/disclosures/property.2026-q3.${saleExample.compoundId}`,
      },
    },
  },
  'hook.tested.v1': {
    summary: 'Somebody pressed the test button. It is sent once, and to this subscription only.',
    data: z.strictObject({ hookId: clientIdSchema, path }),
    example: {
      timestamp: at,
      data: { hookId: '7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e01', path: '/api/hooks/7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e01' },
    },
  },
  'disbursement.check.v1': {
    summary:
      'A question: may the host charity’s payment of a project be written to the fund’s ledger? It is no event: only its own answer in time counts, and only a clear yes is one.',
    data: z.strictObject({
      questionId: z.string().regex(/^msg_[0-9a-f]{32}$/),
      ...{ checkId: clientIdSchema, proposalId: clientIdSchema, compoundId: idSchema, communityId: idSchema },
      amountFen: z.int().min(1),
      /** Of a project that is paid in several: which one this sum is of, and of how many. */
      milestone: z.int().min(1).optional(),
      milestones: z.int().min(1).optional(),
      paidOn: shanghaiDaySchema,
      /** Asked to try the check: whatever is answered pays nothing. */
      test: z.boolean(),
      path,
    }),
    example: {
      timestamp: at,
      data: {
        questionId: 'msg_0f9d3c1e7a104f5e8a762f0f5c9f1b22',
        checkId: '3e5b7a90-1c2d-4e3f-9a4b-5c6d7e8f9a0b',
        ...{ proposalId: '9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77', compoundId: saleExample.compoundId },
        ...{ communityId: saleExample.communityId, amountFen: 110_000, paidOn: '2026-11-27', test: false },
        path: '/api/proposals/9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77',
      },
    },
  },
} as const satisfies Readonly<Record<string, { summary: string; data: z.ZodType; example: object }>>

/**
 * What answers a question. It says again what was asked: which question, of which project, about how much. An answer that was
 * made for another question, or by somebody who did not read this one, fits none.
 */
export const checkAnswerSchema = z.object({
  allow: z.boolean(),
  questionId: z.string(),
  proposalId: z.string(),
  amountFen: z.int(),
  /** Said again where the question named one. */
  milestone: z.int().nullish(),
  /** Why not, for everybody to read. */
  reason: z.string().nullish(),
})

/** Yes to the question of the example. */
export const checkAnswerExample = {
  allow: true,
  questionId: hookEvents['disbursement.check.v1'].example.data.questionId,
  proposalId: hookEvents['disbursement.check.v1'].example.data.proposalId,
  amountFen: hookEvents['disbursement.check.v1'].example.data.amountFen,
}

export type HookEventType = keyof typeof hookEvents
export type HookData<T extends HookEventType> = z.output<(typeof hookEvents)[T]['data']>

/** What one can subscribe to: all but the test, which comes when it is asked for. */
export const hookTypes = [
  'sale.recorded.v1',
  'sale.reversed.v1',
  'sale.settled.v1',
  'proposal.moved.v1',
  'matter.moved.v1',
  'ranking.moved.v1',
  'disclosure.moved.v1',
] as const
export type HookType = (typeof hookTypes)[number]
export const TEST_TYPE = 'hook.tested.v1'
/** What is delivered to subscriptions. */
export const hookEventTypes = [...hookTypes, TEST_TYPE] as const satisfies readonly HookEventType[]
/** Asked of a check, and delivered to no subscription. */
export const CHECK_TYPE = 'disbursement.check.v1'
export const outgoingTypes = [...hookEventTypes, CHECK_TYPE] as const satisfies readonly HookEventType[]

/** The body of a request, as it is sent and signed. */
export function hookPayloadSchema(type: HookEventType) {
  return z.strictObject({ type: z.literal(type), timestamp: instantSchema, data: hookEvents[type].data })
}

/** As Standard Webhooks recommends. */
export const PAYLOAD_BYTES_MAX = 20_000
