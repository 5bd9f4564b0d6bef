import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { positiveFenSchema } from '../kernel/money.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * Aid to a household in difficulty 困难帮扶. What is asked for is sensitive personal information (PIPL art. 28): it is kept apart
 * from everything else, with a consent of its own (art. 29), for as long as it is needed and no longer (arts. 19, 47). Only what
 * names nobody leaves the case: a slip with a sum (Charity Law art. 82: dignity and privacy of who is helped).
 */

/** The text that who asks agrees to, apart from the privacy notice: web/src/lib/text/aid-consent.ts. */
export const AID_CONSENT_VERSION = '2026-11-28.1'

/** 待上门 · 待审议 · 已同意 · 未同意 · 已撤回 · 已过期 */
export const aidStates = ['raised', 'visited', 'approved', 'refused', 'withdrawn', 'lapsed'] as const
export type AidState = (typeof aidStates)[number]

/** 生病 · 残疾 · 家里有丧事 · 老人独自生活 · 上学 · 受灾 · 其他 */
export const aidCategories = [
  ...(['illness', 'disability', 'bereavement', 'old-age-alone', 'schooling', 'disaster', 'other'] as const),
] as const
export type AidCategory = (typeof aidCategories)[number]

/** How somebody who cannot ask themselves agreed. 当面 · 书面 */
export const consentWays = ['face-to-face', 'in-writing'] as const
export type ConsentWay = (typeof consentWays)[number]

/** Below the sum from which all households vote: no neighbours vote on a person's need. */
export const AID_FEN_MAX = 199_900
export const AID_WHY_MAX = 500
export const AID_PAYEE_MAX = 60
export const AID_REASON_MAX = 200

const PLAIN_LINES = /^(?:[^<>\p{Cc}\p{Cf}]|\n)*$/u
/** Numbers of cards and papers: the case needs none of them, so none is kept. */
const LONG_NUMBER = /\d(?:[\s-]?\d){14}/
function privateLines(text: z.ZodString): z.ZodString {
  return text
    .regex(PLAIN_LINES, '只能是纯文本，不能有 < > 和看不见的字符')
    .refine((lines) => !LONG_NUMBER.test(lines.normalize('NFKC')), '不用写身份证号和银行卡号，请删掉')
}

const words = {
  category: z.enum(aidCategories),
  why: privateLines(z.string().trim().min(10, '请写清楚，至少十个字').max(AID_WHY_MAX, `最多 ${AID_WHY_MAX} 个字`)),
  askedFen: positiveFenSchema.refine((fen) => fen <= AID_FEN_MAX, `一次最多 ${AID_FEN_MAX / 100} 元`),
  /** Who gets it, in words. */
  payee: privateLines(z.string().trim().min(2, '请写明交给谁').max(AID_PAYEE_MAX, `最多 ${AID_PAYEE_MAX} 个字`)),
}

const roomPart = z.string().trim().min(1, '请填写').max(20)
/** Somebody who cannot ask themselves, and how they agreed: said by the worker who writes it down. */
const forOthersSchema = z.strictObject({
  compoundId: idSchema,
  ...{ building: roomPart, unit: roomPart, room: roomPart },
  consentBy: z.enum(consentWays),
})

export const raiseAidSchema = z.strictObject({
  ...words,
  /** The version that was agreed to; without the current one nothing is kept. */
  consentVersion: z.string().max(40).optional(),
  /** It tells of a child under fourteen: then a guardian has agreed (PIPL art. 31). */
  ofChild: z.boolean(),
  guardianAgrees: z.boolean().optional(),
  forOthers: forOthersSchema.optional(),
})
export type RaiseAid = z.infer<typeof raiseAidSchema>

export const aidActSchema = z.discriminatedUnion('act', [
  /** A worker has been there. */
  z.strictObject({ act: z.literal('visit') }),
  /** One of two of the committee, who types the sum. */
  z.strictObject({ act: z.literal('approve'), amountFen: positiveFenSchema }),
  /** For who asked alone. */
  z.strictObject({
    act: z.literal('refuse'),
    reason: privateLines(z.string().trim().min(4, '请写明理由').max(AID_REASON_MAX, `最多 ${AID_REASON_MAX} 个字`)),
  }),
  /** A relative, or otherwise bound to the household: no part in it from here on. */
  z.strictObject({ act: z.literal('recuse') }),
  /** Consent is taken back: what was written is deleted at once. */
  z.strictObject({ act: z.literal('withdraw') }),
])
export type AidAct = z.infer<typeof aidActSchema>

export const aidActNames = ['read', 'visit', 'approve', 'refuse', 'recuse', 'withdraw'] as const
export type AidActName = (typeof aidActNames)[number]
export const aidStepNames = ['raise', ...aidActNames] as const

/** 申请人 · 社区工作人员 · 管委会成员 · 慈善组织 */
export const aidParts = ['applicant', 'worker', 'committee', 'charity'] as const
export type AidPart = (typeof aidParts)[number]

const summaryShape = {
  caseId: clientIdSchema,
  compoundId: idSchema,
  compoundName: z.string(),
  state: z.enum(aidStates),
  raisedAt: instantSchema,
}
export const aidSummarySchema = z.strictObject(summaryShape)
export type AidSummary = z.infer<typeof aidSummarySchema>

export const aidSchema = z.strictObject({
  ...summaryShape,
  /** When what was written is deleted at the latest. */
  wordsUntil: instantSchema,
  /** What was written: for who asked, and in the answer to a reading that is on record. Absent also once deleted. */
  words: z
    .strictObject({
      ...{ category: z.enum(aidCategories), why: z.string(), payee: z.string() },
      askedFen: z.int(),
      /** The household, in words. */
      home: z.string(),
      ofChild: z.boolean(),
      /** There when a worker wrote it down for somebody. */
      consentBy: z.enum(consentWays).optional(),
      /** Why it was refused: for who asked alone. */
      reason: z.string().optional(),
    })
    .optional(),
  approvedFen: z.int().optional(),
  /** What happened, without a word of what is private: with it the record of who has read it 访问记录. */
  steps: z.array(
    z.strictObject({
      at: instantSchema,
      act: z.enum(aidStepNames),
      part: z.enum(aidParts),
      /** The same number is the same person, in this case alone. */
      person: z.int().min(1),
    }),
  ),
  mayDo: z.array(z.enum(aidActNames)),
})
export type AidView = z.infer<typeof aidSchema>

/** What leaves a case: a sum for somebody in the compound. */
export const aidSlipSchema = z.strictObject({
  slipId: clientIdSchema,
  amountFen: z.int().min(1),
  approvedOn: shanghaiDaySchema,
})
export type AidSlip = z.infer<typeof aidSlipSchema>

const params = z.strictObject({ caseId: clientIdSchema })

export const raiseAid = route({
  name: 'raiseAid',
  summary:
    'A verified resident asks for aid for their own household, or a worker for a household that cannot. Refused without the separate consent to its current text. One open case of a household. Sent again it changes nothing.',
  method: 'PUT',
  path: '/api/aid/{caseId}',
  access: ['resident', 'worker'],
  params,
  body: raiseAidSchema,
  output: aidSchema,
  refusals: {
    AID_CONSENT_NEEDED: 422,
    AID_GUARDIAN_NEEDED: 422,
    AID_NOT_VERIFIED: 409,
    AID_ALREADY_OPEN: 409,
    UNKNOWN_BUILDING: 422,
    UNKNOWN_ROOM: 422,
  },
})

export const listMyAid = route({
  name: 'listMyAid',
  summary: 'Cases that the caller asked for, and those that a worker wrote down for their household; newest first.',
  method: 'GET',
  path: '/api/aid/mine',
  access: ['resident'],
  output: z.strictObject({ items: z.array(aidSummarySchema) }),
})

export const listAidToDo = route({
  name: 'listAidToDo',
  summary:
    'Cases of a community that wait for somebody, oldest first, without what is in them: for its workers all before a decision, for its committee those that were visited, for the charity those that were approved; its supervisor sees each of them.',
  method: 'GET',
  path: '/api/aid/to-do',
  access: ['worker', 'committee', 'supervisor', 'charity'],
  query: z.strictObject({ communityId: idSchema, ...pageQuery }),
  output: page(aidSummarySchema),
})

export const listAidSlips = route({
  name: 'listAidSlips',
  summary: 'Sums of aid that were approved in a compound, newest first. Nothing in them names or locates a household.',
  method: 'GET',
  path: '/api/aid/slips',
  access: 'anyone',
  query: z.strictObject({ compoundId: idSchema, ...pageQuery }),
  output: page(aidSlipSchema),
})

export const getAid = route({
  name: 'getAid',
  summary:
    'A case: all of it for who asked. For who works on it, or oversees it, where it stands and what happened, without what was written: reading that is an act of its own. For anybody else it does not exist.',
  method: 'GET',
  path: '/api/aid/{caseId}',
  access: 'signed-in',
  params,
  output: aidSchema,
})

export const readAid = route({
  name: 'readAid',
  summary:
    'Reads what was written. That it was read, by whom and when, is on record before it is shown, for who asked to see. Again within ten minutes it is the same reading.',
  method: 'POST',
  path: '/api/aid/{caseId}/readings',
  access: ['worker', 'committee', 'charity'],
  params,
  output: aidSchema,
  refusals: { NOT_NOW: 409, INTERESTED: 409, AID_TOO_MANY: 409 },
})

export const actOnAid = route({
  name: 'actOnAid',
  summary:
    'An act on a case: a worker has visited; two of the committee, of two households, approve the same sum, or one refuses with a reason; somebody bound to the household steps aside; who asked withdraws, and what was written is deleted.',
  method: 'POST',
  path: '/api/aid/{caseId}/acts',
  access: ['resident', 'worker', 'committee'],
  params,
  body: aidActSchema,
  output: aidSchema,
  refusals: {
    NOT_NOW: 409,
    INTERESTED: 409,
    FOUR_EYES: 409,
    AID_READ_FIRST: 409,
    AID_TOO_MUCH: 422,
    AID_TOO_MANY: 409,
  },
})

export const aidRoutes = [raiseAid, listMyAid, listAidToDo, listAidSlips, getAid, readAid, actOnAid] as const
