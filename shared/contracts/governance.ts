import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { positiveFenSchema } from '../kernel/money.ts'
import { publicLine, publicLines } from '../kernel/public-text.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { purposes } from './fund.ts'
import {
  confirmOwnersSchema,
  ownersDifferSchema,
  ownersListSchema,
  ownersSchema,
  recordOwnersSchema,
  type OwnersAct,
  type OwnersFacts,
} from './governance-owners.ts'
import { compoundTypes } from './places.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * A proposal 提案: what residents want the compound's fund to pay for, from the first word to the rating. Everything that
 * happens to it is an act of one person, kept for good; where it stands follows from its acts.
 *
 * 待受理 · 已退回 · 待协商 · 待询价 · 公示中 · 表决中 · 已通过 · 已预留 · 实施中 · 待验收 · 待批付 · 待付款 · 已付款 · 已办结 · 已撤回 · 未通过 ·
 * 已失效 · 正在退款 · 已中止; of an emergency 应急支出: 待签字 · 追认公示 · 追认表决 · 未获追认
 */
export const proposalStates = [
  'submitted',
  'returned',
  'triaged',
  'deliberated',
  'noticed',
  'voting',
  'decided',
  'reserved',
  'executing',
  'finished',
  'accepted',
  'approved',
  'disbursed',
  'closed',
  'withdrawn',
  'rejected',
  'lapsed',
  'releasing',
  'abandoned',
  'signing',
  'urgent',
  'ratifying',
  'unratified',
] as const
export type ProposalState = (typeof proposalStates)[number]

export const TITLE_MAX = 40
export const WORDS_MAX = 1_000
export const NOTE_MAX = 200
export const BUDGET_LINES_MAX = 20
export const QUOTES_MAX = 10
export const RECEIPTS_MAX = 30
/** 分期: a project is paid at once, or in so many milestones. */
export const MILESTONES_MIN = 2
export const MILESTONES_MAX = 4
export const OBJECTIONS_MAX = 50
/** Photos of the receipts and of what was done, each time that work is finished. */
export const PROJECT_PHOTOS_MAX = 6
/** Of one proposal, everything counted. */
export const STEPS_MAX = 250

const title = publicLine(z.string().trim().min(4, '至少四个字').max(TITLE_MAX, `最多 ${TITLE_MAX} 个字`))
const words = publicLines(z.string().trim().min(10, '请写清楚，至少十个字').max(WORDS_MAX, `最多 ${WORDS_MAX} 个字`))
const note = publicLines(z.string().trim().min(2, '请写明').max(NOTE_MAX, `最多 ${NOTE_MAX} 个字`))
const organisation = publicLine(z.string().trim().min(2, '请写明单位').max(40, '最多 40 个字'))
const what = publicLine(z.string().trim().min(2, '请写明').max(40, '最多 40 个字'))

/** What an emergency 应急支出 says beside what every proposal says: its danger, and the one who will do the work. */
export const emergencySchema = z.strictObject({
  danger: note,
  from: organisation,
  termDays: z.int().min(1, '至少一天').max(30, '最多 30 天'),
})
export type Emergency = z.infer<typeof emergencySchema>

/** What a proposal is beside the usual: its way is another one. */
export const proposalVariants = ['emergency'] as const
export type ProposalVariant = (typeof proposalVariants)[number]

export const proposalContentSchema = z.strictObject({
  title,
  purpose: z.enum(purposes),
  /** What is wrong, what is to be done, for whom. */
  why: words,
  lines: z
    .array(z.strictObject({ what, amountFen: positiveFenSchema }))
    .min(1, '至少写一项')
    .max(BUDGET_LINES_MAX),
  /** There only of an emergency. */
  emergency: emergencySchema.optional(),
  /** Of aid to a household: the slip that two of the committee approved, as it is listed for everybody. */
  aidSlip: z
    .strictObject({ slipId: clientIdSchema, approvedOn: shanghaiDaySchema, amountFen: z.int().min(1) })
    .optional(),
})
export type ProposalContent = z.infer<typeof proposalContentSchema>

/** How somebody is bound to whoever does the work or gains by it. */
export const interests = ['bidder', 'employed', 'relative', 'other'] as const
export type Interest = (typeof interests)[number]

/** Which milestone is meant; there only of a project that is paid in several. */
export const milestoneSchema = z.int().min(1).max(MILESTONES_MAX)

/** Why a photo was taken off the page: a kind, and no words that could tell once more what it showed. */
export const withholdReasons = ['name', 'number', 'face', 'wrong', 'other'] as const
export type WithholdReason = (typeof withholdReasons)[number]

export const choices = ['yes', 'no', 'abstain'] as const
export type Choice = (typeof choices)[number]

const act = {
  withdraw: z.strictObject({ act: z.literal('withdraw') }),
  return: z.strictObject({ act: z.literal('return'), note }),
  /** `ownersItem`: the work touches common parts, and the owners decide too under this number of art. 278. */
  triage: z.strictObject({ act: z.literal('triage'), ownersItem: z.int().min(1).max(9).optional() }),
  /** Somebody finds it out later: until the money is set aside, and for good. */
  'ask-owners': z.strictObject({ act: z.literal('ask-owners'), ownersItem: z.int().min(1).max(9), note }),
  /** The meeting 有事来聊: who was due, who came, what was said, who thought otherwise. */
  deliberate: z.strictObject({
    act: z.literal('deliberate'),
    heldOn: shanghaiDaySchema,
    expected: z.int().min(1).max(10_000),
    attended: z.int().min(1).max(10_000),
    minutes: words,
    dissent: note.optional(),
  }),
  cost: z.strictObject({
    act: z.literal('cost'),
    quotes: z
      .array(z.strictObject({ from: organisation, amountFen: positiveFenSchema }))
      .min(1, '至少一份报价')
      .max(QUOTES_MAX),
    /** Position of the chosen quote. */
    chosen: z.int().min(0),
    /** Asked for when the chosen one is not the cheapest. */
    why: note.optional(),
    termDays: z.int().min(1).max(730),
    /** What is to be done and paid one after another, of the chosen quote; absent: all at once. */
    milestones: z
      .array(
        z.strictObject({
          what,
          /** By what whoever accepts it sees that it is done. */
          shows: note,
          amountFen: positiveFenSchema,
        }),
      )
      .min(MILESTONES_MIN, `至少分 ${MILESTONES_MIN} 期；不分期就不填`)
      .max(MILESTONES_MAX, `最多分 ${MILESTONES_MAX} 期`)
      .optional(),
  }),
  object: z.strictObject({ act: z.literal('object'), objectionId: clientIdSchema, text: note }),
  answer: z.strictObject({
    act: z.literal('answer'),
    objectionId: clientIdSchema,
    text: note,
    /** The objection is right: the proposal goes back. */
    upheld: z.boolean(),
  }),
  insist: z.strictObject({ act: z.literal('insist'), objectionId: clientIdSchema, text: note }),
  rule: z.strictObject({
    act: z.literal('rule'),
    objectionId: clientIdSchema,
    text: note,
    upheld: z.boolean(),
  }),
  opine: z.strictObject({ act: z.literal('opine'), text: note }),
  /** One of two who let an emergency begin; types the sum. */
  sign: z.strictObject({ act: z.literal('sign'), amountFen: positiveFenSchema }),
  /** No emergency, or not by this way. */
  decline: z.strictObject({ act: z.literal('decline'), note }),
  start: z.strictObject({ act: z.literal('start'), note: note.optional() }),
  report: z.strictObject({ act: z.literal('report'), text: note, percent: z.int().min(0).max(100) }),
  finish: z.strictObject({
    act: z.literal('finish'),
    milestone: milestoneSchema.optional(),
    text: note,
    receipts: z
      .array(
        z.strictObject({
          from: organisation,
          /** For staff alone. */
          number: z
            .string()
            .trim()
            .regex(/^[0-9A-Za-z-]{4,40}$/, '只写发票号码：数字、字母和短横'),
          amountFen: positiveFenSchema,
          issuedOn: shanghaiDaySchema,
        }),
      )
      .min(1, '至少一张票据')
      .max(RECEIPTS_MAX),
    /** Of the receipts and of what was done; who oversees sees them, and everybody those that are shown. */
    photoIds: z
      .array(clientIdSchema)
      .max(PROJECT_PHOTOS_MAX, `最多 ${PROJECT_PHOTOS_MAX} 张照片`)
      .refine((ids) => new Set(ids).size === ids.length, '同一张照片选了两次')
      .optional(),
  }),
  /** One photo becomes public, itself or a copy on which something is covered: each of them has to be looked at. */
  'show-photo': z.strictObject({
    act: z.literal('show-photo'),
    photoId: clientIdSchema,
    /** Sent by whoever shows it. */
    coveredId: clientIdSchema.optional(),
    /** No name, number, account or face of anybody is to be seen on it. */
    looked: z.literal(true, '请先看清楚，再勾选'),
  }),
  /** A photo that is public is so no more, from this moment on; `photoId` as everybody sees it. */
  'withhold-photo': z.strictObject({
    act: z.literal('withhold-photo'),
    photoId: clientIdSchema,
    reason: z.enum(withholdReasons),
  }),
  accept: z.strictObject({ act: z.literal('accept'), milestone: milestoneSchema.optional(), note: note.optional() }),
  refuse: z.strictObject({ act: z.literal('refuse'), milestone: milestoneSchema.optional(), note }),
  /** Types the sum once more. */
  approve: z.strictObject({
    act: z.literal('approve'),
    milestone: milestoneSchema.optional(),
    amountFen: positiveFenSchema,
  }),
  /** A check stopped the payment; two persons let it through, each with a reason that everybody reads. */
  'override-check': z.strictObject({
    act: z.literal('override-check'),
    /** The stop that they have read: its number in `stopped`. */
    stop: z.int().min(1),
    note,
  }),
  abandon: z.strictObject({ act: z.literal('abandon'), note }),
  suspend: z.strictObject({ act: z.literal('suspend'), note }),
  resume: z.strictObject({ act: z.literal('resume'), note }),
  declare: z.strictObject({
    act: z.literal('declare'),
    interest: z.enum(interests),
    /** Another person's, named by the supervisor. */
    memberId: idSchema.optional(),
  }),
  /** The supervisor looks at work that residents rated low. */
  review: z.strictObject({ act: z.literal('review'), text: note }),
} as const

const actsBefore = [
  act.withdraw,
  act.return,
  act.triage,
  act['ask-owners'],
  act.deliberate,
  act.cost,
  act.object,
  act.answer,
  act.insist,
  act.rule,
  act.opine,
  act.sign,
  act.decline,
] as const
const actsAfter = [
  act.start,
  act.report,
  act.finish,
  act['show-photo'],
  act['withhold-photo'],
  act.accept,
  act.refuse,
  act.approve,
  act['override-check'],
  act.abandon,
  act.suspend,
  act.resume,
  act.declare,
  act.review,
] as const

export const actSchema = z.discriminatedUnion('act', [
  ...actsBefore,
  recordOwnersSchema,
  confirmOwnersSchema,
  ...actsAfter,
])
export type Act = z.infer<typeof actSchema>

/** Acts that are kept as they were said: all but those that bring a list of owners, of which the figures alone are kept. */
export const plainActSchema = z.discriminatedUnion('act', [...actsBefore, ...actsAfter])
export type KeptAct = Exclude<Act, OwnersAct> | OwnersFacts

/** What let a payment past a check: its own yes, or two persons. */
export const checkVerdicts = ['allowed', 'overridden'] as const
export type CheckVerdict = (typeof checkVerdicts)[number]

/** What stopped a payment: a no, or no answer that counts. */
export const checkStops = ['said-no', 'silent'] as const
export type CheckStop = (typeof checkStops)[number]

/** Who somebody acts as: roles of the system, and nobody's: a deadline that passed, a vote that was counted. */
export const actors = ['resident', 'worker', 'committee', 'supervisor', 'charity', 'system'] as const
export type Actor = (typeof actors)[number]

export const electorates = ['committee', 'households'] as const
export type Electorate = (typeof electorates)[number]

/** Votes as counted. Those who are recused are no electors. */
export const tallySchema = z.strictObject({
  electors: z.int(),
  yes: z.int(),
  no: z.int(),
  abstain: z.int(),
  passed: z.boolean(),
})
export type Tally = z.infer<typeof tallySchema>

/** Votes of households that came in on paper, and papers that two persons had not entered alike when the vote closed. */
export const paperCountSchema = z.strictObject({ ballots: z.int().min(0), unpaired: z.int().min(0) })
export type PaperCount = z.infer<typeof paperCountSchema>

/** The rule of a vote, fixed when it opens: shares in 1/10,000 of the electors, or of those who took part. */
export const voteRuleSchema = z.strictObject({
  electorate: z.enum(electorates),
  /** Fewer electors cannot decide. */
  electorsMin: z.int().min(1),
  /** At least so many of the electors take part. */
  quorumBps: z.int().min(0).max(10_000),
  /** More than so many say yes … */
  moreThanBps: z.int().min(0).max(10_000),
  /** … of all electors, or of those who took part. */
  of: z.enum(['electors', 'voters']),
})
export type VoteRule = z.infer<typeof voteRuleSchema>

/** How the households of a compound are asked, as it was chosen when the proposal was submitted. */
export const askingSchema = z.strictObject({
  /** The kind of compound that chose; absent: submitted before kinds were told apart. */
  compoundType: z.enum(compoundTypes).optional(),
  noticeDays: z.int().min(1),
  voteDays: z.int().min(1),
  /** From this sum on they vote beside the committee; below it an emergency is possible. */
  householdsFromFen: z.int().min(1),
  /** Of all verified households, in 1/10,000: at least so many take part. */
  quorumBps: z.int().min(0).max(10_000),
})
export type Asking = z.infer<typeof askingSchema>

const objectionSchema = z.strictObject({
  objectionId: clientIdSchema,
  at: instantSchema,
  text: z.string(),
  /** By when it is to be answered. */
  answerBy: instantSchema.optional(),
  answer: z.strictObject({ at: instantSchema, text: z.string(), upheld: z.boolean() }).optional(),
  insisted: z.string().optional(),
  ruling: z.strictObject({ at: instantSchema, text: z.string(), upheld: z.boolean() }).optional(),
  /** The caller's own. */
  mine: z.boolean(),
})

/** Acts that the caller may do now: what a page shows buttons for. Those that are no `Act` are routes of their own. */
export const possibleActs = [
  ...actSchema.options.map((option) => option.shape.act.value),
  'submit',
  'vote',
  'enter-paper',
  'rate',
  'pay',
] as const
export type PossibleAct = Act['act'] | 'submit' | 'vote' | 'enter-paper' | 'rate' | 'pay'

const summaryShape = {
  proposalId: clientIdSchema,
  compoundId: idSchema,
  compoundName: z.string(),
  state: z.enum(proposalStates),
  title: z.string(),
  purpose: z.enum(purposes),
  /** The chosen quote once there is one, else what was asked for. */
  costFen: z.int(),
  submittedAt: instantSchema,
  /** When the state has to be another one. */
  dueAt: instantSchema.optional(),
  suspended: z.boolean(),
  /** Absent: the usual way. */
  variant: z.enum(proposalVariants).optional(),
  /** For who may enter papers, while the households vote: so many are no ballots yet, counted up to a limit. */
  papersWaiting: z.int().optional(),
}
export const proposalSummarySchema = z.strictObject(summaryShape)
export type ProposalSummary = z.infer<typeof proposalSummarySchema>

const receiptsShown = z.array(z.strictObject({ from: z.string(), amountFen: z.int(), issuedOn: shanghaiDaySchema }))

const photosShown = {
  /** Of the receipts and of what was done: those that everybody sees. */
  photoIds: z.array(clientIdSchema),
  /** All that were handed in, for who oversees it: what everybody sees of each, and whether something of it was taken back. */
  photosSent: z
    .array(z.strictObject({ photoId: clientIdSchema, shownAs: clientIdSchema.optional(), withheld: z.boolean() }))
    .optional(),
}

const paymentShown = z.strictObject({
  ...{ paidOn: shanghaiDaySchema, paidFen: z.int(), releasedFen: z.int(), seq: z.int() },
  /** Of the checks that were on: all said yes, or some were overridden. Absent: none was on. */
  checks: z.enum(checkVerdicts).optional(),
})

const heldVoteSchema = z.strictObject({
  opensAt: instantSchema,
  closesAt: instantSchema,
  rules: z.array(voteRuleSchema),
  committeeMembers: z.int(),
  households: z.int(),
  opinion: z.string().optional(),
  /** After closing; by electorate. */
  tallies: z.partialRecord(z.enum(electorates), tallySchema).optional(),
  /** After closing; absent: none came in on paper. */
  paper: paperCountSchema.optional(),
})

export const proposalSchema = z.strictObject({
  ...summaryShape,
  communityId: idSchema,
  why: z.string(),
  lines: z.array(z.strictObject({ what: z.string(), amountFen: z.int() })),
  submittedBy: z.enum(actors),
  /** How the households of this compound are asked about it. */
  asking: askingSchema,
  emergency: z
    .strictObject({
      ...emergencySchema.shape,
      /** Signatures that count; with two the money is set aside and the work may begin. */
      signatures: z.int(),
      work: z.enum(['waiting', 'begun', 'finished']),
      /** What the committee said afterwards; absent: not yet. */
      ratified: z.boolean().optional(),
    })
    .optional(),
  ownersItem: z.int().optional(),
  meeting: z
    .strictObject({
      heldOn: shanghaiDaySchema,
      expected: z.int(),
      attended: z.int(),
      minutes: z.string(),
      dissent: z.string().optional(),
    })
    .optional(),
  costing: z
    .strictObject({
      quotes: z.array(z.strictObject({ from: z.string(), amountFen: z.int() })),
      chosen: z.int(),
      why: z.string().optional(),
      termDays: z.int(),
      /** What the notice showed, and the vote decided: absent, all at once. */
      milestones: z.array(z.strictObject({ what: z.string(), shows: z.string(), amountFen: z.int() })).optional(),
    })
    .optional(),
  noticeUntil: instantSchema.optional(),
  objections: z.array(objectionSchema),
  vote: heldVoteSchema.optional(),
  /** The owners' figures, once two persons have entered the same list. */
  owners: z
    .strictObject({
      ...ownersSchema.shape,
      passed: z.boolean(),
      /** What it was counted from; absent: two persons typed the totals, before lists were entered. */
      list: ownersListSchema.pick({ units: true, hash: true }).optional(),
    })
    .optional(),
  ownersRecorded: z.boolean(),
  /** 清单码, for those who work on it: with it and the paper anybody comes to the hash. */
  ownersListCode: ownersListSchema.shape.code.optional(),
  /** The two lists that were entered last are not the same: for the two who entered them. */
  ownersDiffer: ownersDifferSchema.optional(),
  reports: z.array(z.strictObject({ at: instantSchema, text: z.string(), percent: z.int() })),
  /** What was said when the work was finished. */
  workText: z.string().optional(),
  receipts: receiptsShown,
  ...photosShown,
  /** Σ of the receipts: what is to be paid, or was. */
  actualFen: z.int().optional(),
  acceptedBy: z.array(z.enum(actors)),
  /** The one that ends it: the only one, or that of the last milestone. */
  payment: paymentShown.optional(),
  /** The milestone that is done and paid next, until the last one is paid: work, receipts and acceptance are its own. */
  milestone: milestoneSchema.optional(),
  /** Milestones before that, each with its own work, receipts, acceptance and payment. */
  paidMilestones: z.array(
    z.strictObject({
      ...{ workText: z.string(), receipts: receiptsShown, acceptedBy: z.array(z.enum(actors)), payment: paymentShown },
      ...photosShown,
    }),
  ),
  /** Σ of all payments so far. */
  paidFen: z.int(),
  /** Since it was approved a check has stopped the payment. */
  stopped: z
    .strictObject({
      /** An override names it. */
      number: z.int(),
      at: instantSchema,
      verdict: z.enum(checkStops),
      /** What checks said, a line each. Of 困难帮扶 only for who oversees it: it may tell of a person. */
      note: z.string().optional(),
      /** Who overrides it so far; two let it through. */
      overriddenBy: z.array(z.enum(actors)),
    })
    .optional(),
  resultsUntil: instantSchema.optional(),
  rating: z
    .strictObject({
      until: instantSchema,
      /** Told once the time to rate is over. */
      counts: z.array(z.int()).length(5).optional(),
    })
    .optional(),
  review: z.string().optional(),
  /** What happened, oldest first: no persons. */
  history: z.array(
    z.strictObject({
      ...{ at: instantSchema, act: z.string(), actor: z.enum(actors), note: z.string().optional() },
      /** Why a photo was taken off the page. */
      withheldFor: z.enum(withholdReasons).optional(),
    }),
  ),
  mayDo: z.array(z.enum(possibleActs)),
  /** Persons that a supervisor can name as interested: the committee's numbers, for staff alone. */
  members: z.array(z.strictObject({ memberId: idSchema, interested: z.boolean() })).optional(),
  /** Where the caller's vote would count now. */
  votesAs: z.array(z.enum(electorates)),
  /** Those that the caller, or their household, has cast. */
  myVotes: z.array(z.strictObject({ electorate: z.enum(electorates), choice: z.enum(choices), receipt: z.string() })),
  /** The vote of the caller's household came in on paper; their own takes its place. */
  myPaper: z.boolean(),
  myRating: z.int().optional(),
})
export type ProposalView = z.infer<typeof proposalSchema>

const params = z.strictObject({ proposalId: clientIdSchema })

export const listProposals = route({
  name: 'listProposals',
  summary:
    'Proposals of a compound, newest first; those that are not triaged yet exist for their author and staff alone.',
  method: 'GET',
  path: '/api/proposals',
  access: 'anyone',
  query: z.strictObject({ compoundId: idSchema, ...pageQuery }),
  output: page(proposalSummarySchema),
})

export const listOpenProposals = route({
  name: 'listOpenProposals',
  summary: 'Proposals of a community that wait for somebody, the next deadline first.',
  method: 'GET',
  path: '/api/proposals/open',
  access: ['worker', 'committee', 'supervisor', 'charity', 'admin'],
  query: z.strictObject({ communityId: idSchema, ...pageQuery }),
  output: page(proposalSummarySchema),
})

export const getProposal = route({
  name: 'getProposal',
  summary: 'One proposal with everything that happened to it, and what the caller may do now.',
  method: 'GET',
  path: '/api/proposals/{proposalId}',
  access: 'anyone',
  params,
  output: proposalSchema,
})

/** Why there is no such way now, for this compound or this sum. */
export const emergencyRefusals = {
  /** Only for what keeps the place safe: upkeep and surroundings. */
  EMERGENCY_PURPOSE: 422,
  EMERGENCY_TOO_MUCH: 422,
  /** As many as there may be this quarter. */
  EMERGENCIES_USED: 409,
  /** One was not ratified not long ago. */
  EMERGENCY_SHUT: 409,
  /** Nobody could ratify it afterwards. */
  COMMITTEE_TOO_SMALL: 409,
} as const

export const propose = route({
  name: 'propose',
  summary:
    'Submits a proposal, or one that was returned once more. The same id with the same content is the same proposal.',
  method: 'PUT',
  path: '/api/proposals/{proposalId}',
  access: ['resident', 'worker', 'committee'],
  params,
  body: z.strictObject({ compoundId: idSchema, ...proposalContentSchema.shape }),
  output: proposalSchema,
  refusals: {
    NOT_VERIFIED: 409,
    NOT_NOW: 409,
    PROPOSAL_ID_REUSED: 409,
    TOO_MANY_PROPOSALS: 409,
    AID_SLIP_WRONG: 422,
    AID_SLIP_USED: 409,
    ...emergencyRefusals,
  },
})

export const actRefusals = {
  /** The proposal stands elsewhere, or is suspended. */
  NOT_NOW: 409,
  /** The person has another part in this proposal already. */
  FOUR_EYES: 409,
  /** The person, or one of theirs, would gain. */
  INTERESTED: 409,
  NOT_VERIFIED: 409,
  QUOTES_MISSING: 422,
  WHY_MISSING: 422,
  OVER_APPROVED: 422,
  AMOUNT_DIFFERS: 422,
  /** A row of the list of owners cannot be: `fields` name it, `rows.<n>.<field>`. */
  LIST_WRONG: 422,
  /** Not the list that the other person entered: how many units, and which, is told. Nothing is decided. */
  LISTS_DIFFER: 422,
  FIGURES_WRONG: 422,
  DAY_WRONG: 422,
  UNKNOWN_OBJECTION: 422,
  UNKNOWN_MEMBER: 422,
  RECEIPT_USED: 409,
  /** Another milestone is under way than the one that was meant. */
  MILESTONE_DIFFERS: 409,
  TOO_MANY: 409,
  /** No photo of this work, or none that this person has sent. */
  UNKNOWN_PHOTO: 422,
  /** It was taken off the page, or another copy took its place: only another copy is shown again. */
  PHOTO_WITHHELD: 409,
  /** Of aid to a household no photo is public. */
  PHOTO_NEVER_PUBLIC: 422,
  /** A check has said something else since: another stop is to be overridden. */
  STOP_CHANGED: 409,
  EMERGENCIES_USED: 409,
  EMERGENCY_SHUT: 409,
  COMMITTEE_TOO_SMALL: 409,
} as const

export const actOnProposal = route({
  name: 'actOnProposal',
  summary:
    'One act on a proposal; who may do which, and when, is told by `mayDo`. The same act sent again changes nothing.',
  method: 'POST',
  path: '/api/proposals/{proposalId}/acts',
  access: ['resident', 'worker', 'committee', 'supervisor', 'charity'],
  params,
  body: actSchema,
  output: proposalSchema,
  refusals: actRefusals,
})

export const castVote = route({
  name: 'castVote',
  summary:
    'A vote on a proposal: one per household, one per committee member; it can be changed until the vote closes. The receipt finds it in the export.',
  method: 'PUT',
  path: '/api/proposals/{proposalId}/votes',
  access: ['resident', 'committee'],
  params,
  body: z.strictObject({ electorate: z.enum(electorates), choice: z.enum(choices) }),
  output: z.strictObject({ electorate: z.enum(electorates), choice: z.enum(choices), receipt: z.string() }),
  refusals: { NOT_NOW: 409, NOT_VERIFIED: 409, NO_ELECTOR: 409, INTERESTED: 409 },
})

/** What is hashed (SHA-256, hex) to find one's vote in the export: the receipt itself is not in it. */
export const commitmentText = (receipt: string) => `xianglai-vote-1 ${receipt}`

export const exportVotes = route({
  name: 'exportVotes',
  summary:
    'The votes of a closed vote without voters, one JSON line each, sorted by commitment: counted again by anybody.',
  method: 'GET',
  path: '/api/proposals/{proposalId}/votes.jsonl',
  access: 'public',
  params,
  output: z.string(),
  media: 'application/x-ndjson',
  refusals: { NOT_NOW: 409 },
})

export const getProjectPhoto = route({
  name: 'getProjectPhoto',
  summary:
    'A photo of a project’s receipts or of what was done as WebP, base64: those that are shown for everybody, the others for who oversees it.',
  method: 'GET',
  path: '/api/proposals/{proposalId}/photos/{photoId}',
  access: 'anyone',
  params: z.strictObject({ proposalId: clientIdSchema, photoId: clientIdSchema }),
  output: z.strictObject({ photo: z.string() }),
})

export const rateProposal = route({
  name: 'rateProposal',
  summary: 'How a household is content with what was done, 1 to 5; it can be changed until the time to rate is over.',
  method: 'PUT',
  path: '/api/proposals/{proposalId}/rating',
  access: ['resident'],
  params,
  body: z.strictObject({ score: z.int().min(1).max(5) }),
  output: z.strictObject({ score: z.int() }),
  refusals: { NOT_NOW: 409, NOT_VERIFIED: 409 },
})

export const governanceRoutes = [
  listProposals,
  listOpenProposals,
  getProposal,
  propose,
  actOnProposal,
  castVote,
  exportVotes,
  getProjectPhoto,
  rateProposal,
] as const
