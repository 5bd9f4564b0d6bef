import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { FEN_MAX } from '../kernel/money.ts'
import { publicLines } from '../kernel/public-text.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { quarterSchema } from './rankings.ts'
import { route } from './route.ts'
import { sunshineCategories, sunshineEntrySchema } from './sunshine-book.ts'

/**
 * Sunshine accounts 阳光物业: what is published when, of the owners' common revenue that a property company keeps (公共收益账) and
 * of the compound's charity fund. Two books that never mix: nothing here moves money, or knows how to.
 */
export const sunshineBooks = ['property', 'fund'] as const
export type SunshineBook = (typeof sunshineBooks)[number]

/** Of one book, compound and quarter. 待公布 · 逾期未公布 · 公示中 · 公示期满 */
export const disclosureStates = ['awaited', 'late', 'displayed', 'done'] as const
export type DisclosureState = (typeof disclosureStates)[number]

/** 待答复 · 已答复 · 不认可，待社区裁定 · 成立 · 不成立 · 已了结 */
export const objectionStates = ['asked', 'answered', 'insisted', 'upheld', 'dismissed', 'settled'] as const
export type ObjectionState = (typeof objectionStates)[number]

/** `property.2026-q3.<compound>`: its id says what it is of, so that there is one. */
export const disclosureIdSchema = z
  .string()
  .regex(/^(?:property|fund)\.20\d\d-q[1-4]\.[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/)

export const OBJECTION_MAX = 500
const words = publicLines(
  z.string().trim().min(10, '请写清楚，至少十个字').max(OBJECTION_MAX, `最多 ${OBJECTION_MAX} 个字`),
)
const note = publicLines(z.string().trim().min(4, '请写明原因').max(200, '最多 200 个字'))

/** Fen of one category; below zero where more was taken back than came. */
const categorySum = z.strictObject({ category: z.enum(sunshineCategories), amountFen: z.int() })

export const sunshineFiguresSchema = z.strictObject({
  openingFen: z.int(),
  income: z.array(categorySum),
  expense: z.array(categorySum),
  incomeFen: z.int(),
  expenseFen: z.int(),
  closingFen: z.int(),
})
export type SunshineFigures = z.infer<typeof sunshineFiguresSchema>

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** What everybody reads, frozen when it was published: the lines of its file before the one with the hash. */
export const snapshotSchema = z.strictObject({
  disclosureId: disclosureIdSchema,
  book: z.enum(sunshineBooks),
  version: z.int().min(1),
  compoundId: idSchema,
  compoundName: z.string(),
  keeperName: z.string(),
  quarter: quarterSchema,
  fromDay: shanghaiDaySchema,
  toDay: shanghaiDaySchema,
  publishedAt: instantSchema,
  figures: sunshineFiguresSchema,
  /** Of the property company's book: what the bank says on the last day, and why it is not what the book says. */
  bankFen: z.int().min(0).max(FEN_MAX).optional(),
  differenceNote: z.string().optional(),
  /** Of the fund: its last entry in the quarter, and where the money was when it ended. */
  ledger: z
    .strictObject({
      seq: z.int(),
      hash,
      pendingFen: z.int(),
      availableFen: z.int(),
      reservedFen: z.int(),
      clawbackFen: z.int(),
      dueFen: z.int(),
      cashFen: z.int(),
    })
    .optional(),
  /** Of a correction: what is corrected, and why. */
  note: z.string().optional(),
  /** The publication that this one replaces. */
  replacesSha256: hash.optional(),
  /** By day; the balance runs from the opening one. None of the fund: its ledger is public. */
  entries: z.array(sunshineEntrySchema),
})
export type Snapshot = z.infer<typeof snapshotSchema>

const summaryShape = {
  disclosureId: disclosureIdSchema,
  book: z.enum(sunshineBooks),
  compoundId: idSchema,
  compoundName: z.string(),
  communityId: idSchema,
  keeperId: idSchema,
  keeperName: z.string(),
  quarter: quarterSchema,
  state: z.enum(disclosureStates),
  dueAt: instantSchema,
  /** The first one; whether it was in time is told from it and `dueAt`. */
  firstPublishedAt: instantSchema.optional(),
  publishedAt: instantSchema.optional(),
  displayUntil: instantSchema.optional(),
  /** 0: nothing is published. More than 1: corrected. */
  version: z.int().min(0),
  /** Objections without an end. */
  openObjections: z.int().min(0),
  /** An objection was upheld: a correction is due by then. */
  correctBy: instantSchema.optional(),
  openingFen: z.int().optional(),
  incomeFen: z.int().optional(),
  expenseFen: z.int().optional(),
  closingFen: z.int().optional(),
}
export const disclosureSummarySchema = z.strictObject(summaryShape)
export type DisclosureSummary = z.infer<typeof disclosureSummarySchema>

const said = z.strictObject({ at: instantSchema, text: z.string() })

/** Who objected is told to nobody. */
export const objectionSchema = z.strictObject({
  number: z.int().min(1),
  version: z.int().min(1),
  /** The number of the entry that it is about. */
  seq: z.int().min(1).optional(),
  at: instantSchema,
  text: z.string(),
  state: z.enum(objectionStates),
  answerBy: instantSchema,
  /** The clock found that nobody had answered in time. */
  answerLate: z.boolean(),
  answer: said.optional(),
  insistBy: instantSchema.optional(),
  insisted: said.optional(),
  ruleBy: instantSchema.optional(),
  ruleLate: z.boolean(),
  ruling: z.strictObject({ ...said.shape, upheld: z.boolean() }).optional(),
  mine: z.boolean(),
  mayAnswer: z.boolean(),
  mayInsist: z.boolean(),
  mayRule: z.boolean(),
})
export type ObjectionView = z.infer<typeof objectionSchema>

export const disclosureSchema = z.strictObject({
  ...summaryShape,
  fromDay: shanghaiDaySchema,
  toDay: shanghaiDaySchema,
  /** The one that was asked for, else the last one. */
  publication: snapshotSchema.optional(),
  sha256: hash.optional(),
  versions: z.array(
    z.strictObject({ version: z.int(), publishedAt: instantSchema, sha256: hash, note: z.string().optional() }),
  ),
  objections: z.array(objectionSchema),
  mayObject: z.boolean(),
  mayCorrect: z.boolean(),
})
export type DisclosureView = z.infer<typeof disclosureSchema>

/** Of one compound: two books, ten years. */
export const DISCLOSURES_MAX = 80

export const listDisclosures = route({
  name: 'listDisclosures',
  summary:
    "The publication calendar of a compound: the property company's book and the charity fund, newest quarter first.",
  method: 'GET',
  path: '/api/sunshine/compounds/{compoundId}',
  access: 'anyone',
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({
    compoundId: idSchema,
    compoundName: z.string(),
    communityId: idSchema,
    communityName: z.string(),
    /** Who keeps the owners' common revenue; absent while the community has opened no book. */
    keeperName: z.string().optional(),
    /** What that book began with, and what it rests on. */
    opening: z.strictObject({ quarter: quarterSchema, openingFen: z.int(), openingNote: z.string() }).optional(),
    /** The caller keeps it. */
    isKeeper: z.boolean(),
    items: z.array(disclosureSummarySchema).max(DISCLOSURES_MAX),
  }),
})

const params = z.strictObject({ disclosureId: disclosureIdSchema })

export const getDisclosure = route({
  name: 'getDisclosure',
  summary:
    'One quarter of one book: what is published, every version of it, objections with their answers and rulings.',
  method: 'GET',
  path: '/api/sunshine/disclosures/{disclosureId}',
  access: 'anyone',
  params,
  query: z.strictObject({ version: z.coerce.number().int().min(1).max(99).optional() }),
  output: disclosureSchema,
})

export const exportPublication = route({
  name: 'exportPublication',
  summary:
    'A publication as JSON lines (RFC 8785). The last line is the SHA-256 of the bytes of all lines before it, line ends included.',
  method: 'GET',
  path: '/api/sunshine/disclosures/{disclosureId}/publications/{version}/lines.jsonl',
  access: 'public',
  params: z.strictObject({ disclosureId: disclosureIdSchema, version: z.coerce.number().int().min(1).max(99) }),
  output: z.string(),
  media: 'application/x-ndjson',
})

export const publishAccounts = route({
  name: 'publishAccounts',
  summary:
    'The property company publishes a quarter that is over, or a correction of the last one: frozen as the book is. Sent again it changes nothing.',
  method: 'POST',
  path: '/api/sunshine/disclosures/{disclosureId}/publications',
  access: ['body'],
  params,
  body: z.strictObject({
    /** Which one it is to be: 1 is the first, any more is a correction. */
    version: z.int().min(1).max(99),
    /** The last entry of the book that the preview showed. */
    throughSeq: z.int().min(0),
    bankFen: z.int('请写整数分').min(0).max(FEN_MAX),
    differenceNote: note.optional(),
    /** With a correction. */
    note: note.optional(),
  }),
  output: disclosureSchema,
  refusals: {
    QUARTER_NOT_OVER: 409,
    NOT_THE_NEXT: 409,
    ALREADY_PUBLISHED: 409,
    BOOK_CHANGED: 409,
    CORRECTION_FIRST: 409,
    DIFFERENCE_UNEXPLAINED: 422,
    CORRECTION_UNEXPLAINED: 422,
    NOT_NOW: 409,
    TOO_MANY: 409,
  },
})

export const correctFundAccounts = route({
  name: 'correctFundAccounts',
  summary:
    "The charity explains a published quarter of the fund once more. The figures are the ledger's and stay: what was wrong there is corrected by an entry, which a later quarter shows.",
  method: 'POST',
  path: '/api/sunshine/disclosures/{disclosureId}/corrections',
  access: ['charity'],
  params,
  body: z.strictObject({ version: z.int().min(2).max(99), note }),
  output: disclosureSchema,
  refusals: { NOT_NOW: 409, ALREADY_PUBLISHED: 409, TOO_MANY: 409 },
})

export const objectToDisclosure = route({
  name: 'objectToDisclosure',
  summary: 'A verified household of the compound objects to what is on display. Who it was is told to nobody.',
  method: 'POST',
  path: '/api/sunshine/disclosures/{disclosureId}/objections',
  access: ['resident'],
  params,
  body: z.strictObject({
    version: z.int().min(1).max(99),
    /** The number of the entry that it is about. */
    seq: z.int().min(1).optional(),
    text: words,
  }),
  output: disclosureSchema,
  refusals: { NOT_NOW: 409, UNKNOWN_ENTRY: 422, OBJECTED_ENOUGH: 409, INTERESTED: 409, TOO_MANY: 409 },
})

const ofObjection = z.strictObject({
  disclosureId: disclosureIdSchema,
  number: z.coerce.number().int().min(1).max(999),
})

export const answerDisclosureObjection = route({
  name: 'answerDisclosureObjection',
  summary: 'Who keeps the book answers an objection: in three days, or later where everybody sees that it is late.',
  method: 'POST',
  path: '/api/sunshine/disclosures/{disclosureId}/objections/{number}/answer',
  access: ['body', 'charity'],
  params: ofObjection,
  body: z.strictObject({ text: words }),
  output: disclosureSchema,
  refusals: { NOT_NOW: 409, UNKNOWN_OBJECTION: 422 },
})

export const insistOnObjection = route({
  name: 'insistOnObjection',
  summary: 'The household is not content with the answer, within three days: the branch decides.',
  method: 'POST',
  path: '/api/sunshine/disclosures/{disclosureId}/objections/{number}/insistence',
  access: ['resident'],
  params: ofObjection,
  body: z.strictObject({ text: words }),
  output: disclosureSchema,
  refusals: { NOT_NOW: 409, UNKNOWN_OBJECTION: 422 },
})

export const ruleOnDisclosureObjection = route({
  name: 'ruleOnDisclosureObjection',
  summary:
    'A worker of the community who is not interested decides an objection that the household insists on, or that nobody answered in time: upheld (a correction is due) or not.',
  method: 'POST',
  path: '/api/sunshine/disclosures/{disclosureId}/objections/{number}/ruling',
  access: ['worker', 'admin'],
  params: ofObjection,
  body: z.strictObject({ upheld: z.boolean(), text: words }),
  output: disclosureSchema,
  refusals: { NOT_NOW: 409, UNKNOWN_OBJECTION: 422, INTERESTED: 409, FOUR_EYES: 409 },
})

export const sunshineTodos = ['publish', 'answer', 'correct', 'rule'] as const

export const listSunshineTasks = route({
  name: 'listSunshineTasks',
  summary:
    'What is to be done, the first deadline first: for a body that keeps books, for the charity, or for the workers of a community.',
  method: 'GET',
  path: '/api/sunshine/tasks',
  access: ['body', 'charity', 'worker', 'admin'],
  query: z.strictObject({
    bodyId: idSchema.optional(),
    communityId: idSchema.optional(),
    cursor: z.string().max(1024).optional(),
  }),
  output: z.strictObject({
    items: z.array(
      z.strictObject({
        disclosureId: disclosureIdSchema,
        book: z.enum(sunshineBooks),
        compoundId: idSchema,
        compoundName: z.string(),
        quarter: quarterSchema,
        todo: z.enum(sunshineTodos),
        by: instantSchema,
      }),
    ),
    nextCursor: z.string().optional(),
  }),
})

export const sunshineRoutes = [
  listDisclosures,
  listSunshineTasks,
  getDisclosure,
  exportPublication,
  publishAccounts,
  correctFundAccounts,
  objectToDisclosure,
  answerDisclosureObjection,
  insistOnObjection,
  ruleOnDisclosureObjection,
] as const
