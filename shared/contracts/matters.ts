import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { publicLine, publicLines } from '../kernel/public-text.ts'
import { instantSchema } from '../kernel/time.ts'
import { bodyKinds } from './places-bodies.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * A matter 诉求 (有事来聊): what a resident asks for, from the first word to how content they are. Residents say it, the branch
 * sorts and assigns it, a body does it in time, the branch looks whether it was done, residents rate it. *Answered* (the body
 * says so), *verified* (the branch looked) and *satisfied* (residents say so) are three things.
 *
 * 待受理 · 待交办 · 待接单 · 待裁定 · 办理中 · 待核实 · 待评价 · 已办结 · 已结未解决 · 不受理 · 已合并 · 已转提案 · 已撤回
 */
export const matterStates = [
  'collected',
  'triaged',
  'assigned',
  'disputed',
  'handling',
  'answered',
  'verified',
  'closed',
  'unsolved',
  'declined',
  'merged',
  'proposed',
  'withdrawn',
] as const
export type MatterState = (typeof matterStates)[number]

/** 停车 · 环境卫生 · 设施维修 · 消防安全 · 噪音扰民 · 物业服务 · 水电气暖 · 养老助残 · 邻里 · 其他 */
export const categories = [
  'parking',
  'environment',
  'facility',
  'safety',
  'noise',
  'property',
  'utilities',
  'care',
  'neighbours',
  'other',
] as const
export type Category = (typeof categories)[number]

/** 咨询 · 求助 · 投诉 · 建议 */
export const matterKinds = ['inquiry', 'help', 'complaint', 'suggestion'] as const
export type MatterKind = (typeof matterKinds)[number]

/** How it was said: in the app by its own resident, or to a clerk who filed it for them. */
export const channels = ['app', 'visit', 'phone', 'paper', 'hotline-12345'] as const
export type Channel = (typeof channels)[number]

export const MATTER_TITLE_MAX = 30
export const MATTER_TEXT_MAX = 500
export const MATTER_NOTE_MAX = 300
export const MATTER_PHOTOS_MAX = 4
export const HELPERS_MAX = 4
/** A legal term may be longer than the default, but every matter has one. */
export const TERM_DAYS_MAX = 60
export const EXTENSION_DAYS_MAX = 20
export const MERGED_MAX = 20
const STEP_NUMBER_MAX = 999
const WITHHELD_MAX = 100

const title = publicLine(z.string().trim().min(4, '至少四个字').max(MATTER_TITLE_MAX, `最多 ${MATTER_TITLE_MAX} 个字`))
const where = publicLine(z.string().trim().min(2, '请写明地点').max(40, '最多 40 个字'))
/** Only its reporter and those who work on it read it: it may name people. */
const told = z
  .string()
  .trim()
  .min(5, '请写清楚，至少五个字')
  .max(MATTER_TEXT_MAX, `最多 ${MATTER_TEXT_MAX} 个字`)
  .regex(/^(?:[^<>\p{Cc}\p{Cf}]|\n)*$/u, '只能是纯文本')
const publicText = publicLines(
  z.string().trim().min(5, '至少五个字').max(MATTER_TEXT_MAX, `最多 ${MATTER_TEXT_MAX} 个字`),
)
const note = publicLines(z.string().trim().min(2, '请写明').max(MATTER_NOTE_MAX, `最多 ${MATTER_NOTE_MAX} 个字`))
const photoIds = z
  .array(clientIdSchema)
  .max(MATTER_PHOTOS_MAX, `最多 ${MATTER_PHOTOS_MAX} 张照片`)
  .refine((ids) => new Set(ids).size === ids.length, '同一张照片选了两次')
const termDays = z.int('请写天数').min(1).max(TERM_DAYS_MAX, `最多 ${TERM_DAYS_MAX} 个工作日`)

export const matterContentSchema = z.strictObject({
  category: z.enum(categories),
  where: z.string().trim().min(2, '请写明地点').max(40, '最多 40 个字'),
  text: told,
  photoIds,
  /** Whoever does the work may know in which room the reporter lives. */
  sharesAddress: z.boolean(),
})
export type MatterContent = z.infer<typeof matterContentSchema>

/** What everybody reads: the branch's wording, without persons. `private`: counted, and told to nobody else. */
const publishedShape = {
  visibility: z.enum(['public', 'private']),
  title,
  where,
  text: publicText,
  photoIds,
}

const assignedTo = { leadId: idSchema, termDays }

/** What the body says it did. 已办好 · 已说明（有计划） · 办不了（有理由） */
export const outcomes = ['done', 'explained', 'cannot'] as const
export type Outcome = (typeof outcomes)[number]

const matterAct = {
  /** The reporter says more. */
  add: z.strictObject({ act: z.literal('add'), text: told, photoIds }),
  withdraw: z.strictObject({ act: z.literal('withdraw') }),
  triage: z.strictObject({ act: z.literal('triage'), kind: z.enum(matterKinds), ...publishedShape }),
  /**
   * Another wording, fewer photos, or not public any more. `withheld`: numbers of steps whose words tell of somebody's private
   * life; absent: those that were withheld before.
   */
  redact: z.strictObject({
    act: z.literal('redact'),
    ...publishedShape,
    withheld: z.array(z.int().min(1).max(STEP_NUMBER_MAX)).max(WITHHELD_MAX).optional(),
  }),
  /** Not ours: with the reason, and who it is for. */
  decline: z.strictObject({ act: z.literal('decline'), note, tellWhere: note }),
  /** The same as another one of this compound: whoever raised or follows this one belongs to that one. */
  merge: z.strictObject({ act: z.literal('merge'), into: clientIdSchema }),
  assign: z.strictObject({
    act: z.literal('assign'),
    ...assignedTo,
    helperIds: z.array(idSchema).max(HELPERS_MAX),
    /** Why the term is longer than the rule's. */
    basis: note.optional(),
  }),
  accept: z.strictObject({ act: z.literal('accept') }),
  dispute: z.strictObject({ act: z.literal('dispute'), note }),
  /** About a dispute. Upheld: it is another body's, whose clock begins anew. */
  rule: z.strictObject({
    act: z.literal('rule'),
    upheld: z.boolean(),
    note,
    leadId: idSchema.optional(),
    termDays: termDays.optional(),
  }),
  report: z.strictObject({ act: z.literal('report'), text: note, photoIds }),
  extend: z.strictObject({
    act: z.literal('extend'),
    note,
    days: z.int('请写天数').min(1).max(EXTENSION_DAYS_MAX, `最多 ${EXTENSION_DAYS_MAX} 个工作日`),
  }),
  allow: z.strictObject({ act: z.literal('allow') }),
  deny: z.strictObject({ act: z.literal('deny'), note }),
  answer: z.strictObject({ act: z.literal('answer'), outcome: z.enum(outcomes), text: note, photoIds }),
  verify: z.strictObject({ act: z.literal('verify'), solved: z.boolean(), note, photoIds }),
  'send-back': z.strictObject({ act: z.literal('send-back'), note }),
  reopen: z.strictObject({ act: z.literal('reopen'), note }),
  escalate: z.strictObject({ act: z.literal('escalate'), note }),
  /** The supervisor's word on what was escalated; it may go to another body. */
  supervise: z.strictObject({
    act: z.literal('supervise'),
    note,
    leadId: idSchema.optional(),
    termDays: termDays.optional(),
  }),
  /** It needs the fund's money: it goes on as a proposal of the same compound. If that one comes to nothing, it is here again. */
  'link-proposal': z.strictObject({ act: z.literal('link-proposal'), proposalId: clientIdSchema }),
} as const

export const matterActSchema = z.discriminatedUnion('act', [
  matterAct.add,
  matterAct.withdraw,
  matterAct.triage,
  matterAct.redact,
  matterAct.decline,
  matterAct.merge,
  matterAct.assign,
  matterAct.accept,
  matterAct.dispute,
  matterAct.rule,
  matterAct.report,
  matterAct.extend,
  matterAct.allow,
  matterAct.deny,
  matterAct.answer,
  matterAct.verify,
  matterAct['send-back'],
  matterAct.reopen,
  matterAct.escalate,
  matterAct.supervise,
  matterAct['link-proposal'],
])
export type MatterAct = z.infer<typeof matterActSchema>
export const matterActs = matterActSchema.options.map((option) => option.shape.act.value)

/** `follow` and `rate` are routes of their own. */
export type PossibleMatterAct = MatterAct['act'] | 'follow' | 'unfollow' | 'rate'
const possible = [...matterActs, 'follow', 'unfollow', 'rate'] as const

/** Who somebody acts as. `resident`: who raised it, or one of theirs; `neighbour`: another resident of the compound. */
export const matterActors = ['resident', 'neighbour', 'worker', 'body', 'supervisor', 'system'] as const
export type MatterActor = (typeof matterActors)[number]

/** A body as it was called when it was asked. */
export const bodyNameSchema = z.strictObject({ bodyId: idSchema, name: z.string(), kind: z.enum(bodyKinds) })
export type BodyName = z.infer<typeof bodyNameSchema>

/** What was said about it by residents: three separate answers. */
export const ratingSumsSchema = z.strictObject({
  count: z.int(),
  /** They were answered in time. */
  answered: z.int(),
  solved: z.int(),
  /** How many gave 1, 2, 3, 4, 5. */
  scores: z.array(z.int()).length(5),
})
export type RatingSums = z.infer<typeof ratingSumsSchema>

const summaryShape = {
  matterId: clientIdSchema,
  compoundId: idSchema,
  compoundName: z.string(),
  state: z.enum(matterStates),
  category: z.enum(categories),
  kind: z.enum(matterKinds).optional(),
  /** The published one; before it is published the first words of what was told, for those who may read them. */
  title: z.string(),
  where: z.string(),
  raisedAt: instantSchema,
  /** When the state has to be another one. */
  dueAt: instantSchema.optional(),
  isPublic: z.boolean(),
  lead: bodyNameSchema.optional(),
  extended: z.boolean(),
  /** More time was asked for, and the branch has not said yet. */
  extensionAsked: z.boolean(),
  /** Waits for the supervisor's word. */
  escalated: z.boolean(),
  reopened: z.int(),
  followers: z.int(),
}
export const matterSummarySchema = z.strictObject(summaryShape)
export type MatterSummary = z.infer<typeof matterSummarySchema>

const saidSchema = z.strictObject({
  at: instantSchema,
  /** The number of the step, from one; its place in `history`. */
  step: z.int(),
  text: z.string(),
  photoIds: z.array(clientIdSchema),
})

export const matterSchema = z.strictObject({
  ...summaryShape,
  communityId: idSchema,
  channel: z.enum(channels),
  /** Of the hotline 12345, for those who work on it. */
  ticketNumber: z.string().optional(),
  /** The published wording. Absent before triage, and of a private one for all who may not read it. */
  text: z.string().optional(),
  photoIds: z.array(clientIdSchema),
  /** As it was told: for its reporter and for those who work on it. */
  original: z
    .strictObject({
      where: z.string(),
      text: z.string(),
      photoIds: z.array(clientIdSchema),
      more: z.array(saidSchema),
      /** Building, unit, room: for workers, and for the lead body where the reporter wants it. */
      address: z.string().optional(),
    })
    .optional(),
  declined: z.strictObject({ note: z.string(), tellWhere: z.string() }).optional(),
  /** How many others were merged into this one. */
  mergedFrom: z.int(),
  mergedInto: clientIdSchema.optional(),
  proposalId: clientIdSchema.optional(),
  /** It went on as this proposal, and is here again: that one ended without being carried out, or was not about it. */
  cameBack: z.strictObject({ proposalId: clientIdSchema, proposalEnded: z.boolean() }).optional(),
  helpers: z.array(bodyNameSchema),
  /** The term in working days that the present body was given. */
  termDays: z.int().optional(),
  basis: z.string().optional(),
  /** Until when the lead body may say that it is not theirs. */
  disputeUntil: instantSchema.optional(),
  dispute: z
    .strictObject({ note: z.string(), ruling: z.strictObject({ upheld: z.boolean(), note: z.string() }).optional() })
    .optional(),
  extension: z
    .strictObject({ note: z.string(), days: z.int(), decided: z.enum(['asked', 'allowed', 'denied']) })
    .optional(),
  reports: z.array(saidSchema),
  answer: z.strictObject({ ...saidSchema.shape, outcome: z.enum(outcomes) }).optional(),
  verification: z.strictObject({ ...saidSchema.shape, solved: z.boolean() }).optional(),
  supervision: z.strictObject({ at: instantSchema, text: z.string() }).optional(),
  /** Until when residents rate it and its reporter may reopen it. */
  rateUntil: instantSchema.optional(),
  /** Told once the time to rate is over. */
  ratings: ratingSumsSchema.optional(),
  /** Working days from being raised to being answered for good. */
  tookDays: z.int().optional(),
  /** What happened, oldest first: no persons. `until`: when what it led to was due. */
  history: z.array(
    z.strictObject({
      at: instantSchema,
      act: z.string(),
      actor: z.enum(matterActors),
      body: z.string().optional(),
      note: z.string().optional(),
      until: instantSchema.optional(),
    }),
  ),
  /** Steps whose words are not public, for those who read them all the same. */
  withheld: z.array(z.int()).optional(),
  mayDo: z.array(z.enum(possible)),
  mine: z.boolean(),
  following: z.boolean(),
  myRating: z.strictObject({ answered: z.boolean(), solved: z.boolean(), score: z.int() }).optional(),
})
export type MatterView = z.infer<typeof matterSchema>

const params = z.strictObject({ matterId: clientIdSchema })

export const raiseMatter = route({
  name: 'raiseMatter',
  summary:
    'A resident raises a matter, or a worker files it for somebody. The client makes the id: the same id with the same words is the same matter.',
  method: 'PUT',
  path: '/api/matters/{matterId}',
  access: ['resident', 'worker'],
  params,
  body: z.strictObject({
    compoundId: idSchema,
    /** Other channels than the app are a worker's. */
    channel: z.enum(channels),
    /** Whose matter it is, if a worker files it and knows it; the household then reads and rates it. */
    householdId: idSchema.optional(),
    ...matterContentSchema.shape,
  }),
  output: matterSchema,
  refusals: {
    MATTER_ID_REUSED: 409,
    TOO_MANY_MATTERS: 409,
    UNKNOWN_HOUSEHOLD: 422,
    UNKNOWN_PHOTO: 422,
  },
})

export const matterRefusals = {
  /** The matter stands elsewhere. */
  NOT_NOW: 409,
  /** The person has another part in this matter already. */
  FOUR_EYES: 409,
  NOT_VERIFIED: 409,
  /** Neighbours follow it: it is not only theirs who raised it. */
  FOLLOWED: 409,
  /** A body says only once that a matter is not theirs. */
  DISPUTED_ONCE: 409,
  EXTENDED_ONCE: 409,
  BASIS_MISSING: 422,
  UNKNOWN_BODY: 422,
  UNKNOWN_MATTER: 422,
  UNKNOWN_PROPOSAL: 422,
  UNKNOWN_PHOTO: 422,
  TOO_MANY: 409,
} as const

export const actOnMatter = route({
  name: 'actOnMatter',
  summary:
    'One act on a matter; who may do which, and when, is told by `mayDo`. The same act sent again changes nothing.',
  method: 'POST',
  path: '/api/matters/{matterId}/acts',
  access: ['resident', 'worker', 'body', 'supervisor'],
  params,
  body: matterActSchema,
  output: matterSchema,
  refusals: matterRefusals,
})

export const getMatter = route({
  name: 'getMatter',
  summary: 'One matter with everything that happened to it, and what the caller may do now.',
  method: 'GET',
  path: '/api/matters/{matterId}',
  access: 'anyone',
  params,
  output: matterSchema,
})

export const followMatter = route({
  name: 'followMatter',
  summary: 'A resident of the compound has the same trouble: they follow the matter and may rate it.',
  method: 'PUT',
  path: '/api/matters/{matterId}/following',
  access: ['resident'],
  params,
  body: z.strictObject({ following: z.boolean() }),
  output: matterSchema,
  refusals: { NOT_NOW: 409, NOT_VERIFIED: 409 },
})

export const rateMatter = route({
  name: 'rateMatter',
  summary:
    'How content somebody is, in three answers: one per household; it can be changed until the time is over. A worker writes down what was said on the telephone for whom they filed it.',
  method: 'PUT',
  path: '/api/matters/{matterId}/rating',
  access: ['resident', 'worker'],
  params,
  body: z.strictObject({ answered: z.boolean(), solved: z.boolean(), score: z.int().min(1).max(5) }),
  output: matterSchema,
  refusals: { NOT_NOW: 409, NOT_VERIFIED: 409, FOUR_EYES: 409 },
})

export const listMatters = route({
  name: 'listMatters',
  summary: 'Public matters of a compound, or those that went on as a proposal, newest first, without persons.',
  method: 'GET',
  path: '/api/matters',
  access: 'public',
  query: z
    .strictObject({ compoundId: idSchema.optional(), proposalId: clientIdSchema.optional(), ...pageQuery })
    .refine((query) => (query.compoundId === undefined) !== (query.proposalId === undefined), {
      message: 'ask by compoundId or by proposalId',
      path: ['compoundId'],
    }),
  output: page(matterSummarySchema),
})

export const listMyMatters = route({
  name: 'listMyMatters',
  summary: 'What the caller raised, or follows, newest first.',
  method: 'GET',
  path: '/api/matters/mine',
  access: ['resident'],
  query: z.strictObject({ which: z.enum(['raised', 'followed']), ...pageQuery }),
  output: page(matterSummarySchema),
})

export const listMattersOfBody = route({
  name: 'listMattersOfBody',
  summary: 'The inbox of a body: what it leads or helps with and has not answered yet, the next deadline first.',
  method: 'GET',
  path: '/api/matters/inbox',
  access: ['body'],
  query: z.strictObject({ bodyId: idSchema, ...pageQuery }),
  output: page(matterSummarySchema),
})

const COMPOUNDS_LISTED_CHARACTERS_MAX = 6_000

export const listOpenMatters = route({
  name: 'listOpenMatters',
  summary:
    "The branch's board: matters of a community that wait for somebody, the next deadline first; or those of some of its compounds. Of some it is read on until they are found, and so far at most: a page may have fewer than there are, or none, and says by `nextCursor` that there is more to read.",
  method: 'GET',
  path: '/api/matters/board',
  access: ['worker', 'supervisor', 'admin'],
  query: z.strictObject({
    communityId: idSchema,
    /** Ids with commas between. */
    compoundIds: z
      .string()
      .max(COMPOUNDS_LISTED_CHARACTERS_MAX)
      .regex(/^[a-z0-9][a-z0-9.-]{0,63}(?:,[a-z0-9][a-z0-9.-]{0,63})*$/, 'ids with commas between')
      .optional(),
    ...pageQuery,
  }),
  output: page(matterSummarySchema),
})

/** Of one compound and Shanghai month; sums only. */
export const matterFiguresSchema = z.strictObject({
  /** `2026-11`. */
  month: z.string().regex(/^\d{4}-\d{2}$/),
  raised: z.int(),
  /** By the month in which they ended. */
  solved: z.int(),
  unsolved: z.int(),
  declined: z.int(),
  proposed: z.int(),
  /** Σ of working days from being raised to the answer that held, of what ended solved or not. */
  tookDays: z.int(),
  /** Deadlines that passed. */
  overdue: z.int(),
  reopened: z.int(),
  /** Tickets of the citizens' hotline 12345. */
  hotline: z.int(),
  ratings: ratingSumsSchema,
})
export type MatterFigures = z.infer<typeof matterFiguresSchema>
export const FIGURE_MONTHS_MAX = 24

export const getMatterFigures = route({
  name: 'getMatterFigures',
  summary: 'What a compound raised, what was done, how long it took and how people rated it, by month, newest first.',
  method: 'GET',
  path: '/api/matters/figures',
  access: 'public',
  query: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({ items: z.array(matterFiguresSchema).max(FIGURE_MONTHS_MAX) }),
})

export const getMatterPhoto = route({
  name: 'getMatterPhoto',
  summary:
    'A photo of a matter as WebP, base64: published ones for everybody, the others for who raised it and who works on it.',
  method: 'GET',
  path: '/api/matters/{matterId}/photos/{photoId}',
  access: 'anyone',
  params: z.strictObject({ matterId: clientIdSchema, photoId: clientIdSchema }),
  output: z.strictObject({ photo: z.string() }),
})

export const mattersRoutes = [
  getMatterPhoto,
  listMatters,
  listMyMatters,
  listMattersOfBody,
  listOpenMatters,
  getMatterFigures,
  getMatter,
  raiseMatter,
  actOnMatter,
  followMatter,
  rateMatter,
] as const
