import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { publicLines } from '../kernel/public-text.ts'
import { instantSchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * The red-black list 红黑榜 of property companies in a community and quarter: computed by a published formula, frozen with a
 * hash, shown to who is on it first, appealed against, then shown to everybody. It recommends; it never dismisses anybody.
 *
 * 预公布 · 公示 · 生效
 */
export const rankingStates = ['preview', 'published', 'final'] as const
export type RankingState = (typeof rankingStates)[number]

/** 红榜 · 黑榜 · 榜上 · 样本不足 · 申诉未决: published while nobody has decided the appeal against it. */
export const rankingMarks = ['red', 'black', 'plain', 'unranked', 'withheld'] as const
export type RankingMark = (typeof rankingMarks)[number]

/** `2026-q3`, in Shanghai. */
export const quarterSchema = z.string().regex(/^20\d\d-q[1-4]$/, '写成 2026-q3')
/** `2026-q3.<community>`: its id says what a list is of, so that there is one. */
export const rankingIdSchema = z.string().regex(/^20\d\d-q[1-4]\.[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/)

const count = z.int('请写整数').min(0, '不能小于 0').max(1_000_000)

/** What a score is computed from, of one body in one compound and quarter. */
export const rankingCountsSchema = z.strictObject({
  /** Matters that the body was given. */
  assigned: count,
  /**
   * Of them, what left the body without its answer and before it was late: given to another body, withdrawn, gone on as a
   * proposal. Absent from lists by the first formula, which knew nothing of it.
   */
  left: count.optional(),
  /** Terms that passed while the body had the matter. */
  overdue: count,
  /** Matters that ended, seen to be solved or not. */
  solved: count,
  unsolved: count,
  /** Households' ratings, and how many of them gave four or five of five. */
  ratings: count,
  content: count,
  /** Tickets of the hotline 12345 from the compound, whoever they were about. */
  hotline: count,
  /** Verified households of the compound when the list was frozen. */
  households: count,
})
export type RankingCounts = z.infer<typeof rankingCountsSchema>
export const countNames = Object.keys(rankingCountsSchema.shape) as (keyof RankingCounts)[]

const basisPoints = z.int().min(0).max(10_000)

/** The formula as data: with it and the counts of a row anybody computes the row's score again. */
export const rankingFormulaSchema = z.strictObject({
  version: z.int(),
  /** z of Wilson's interval, in hundredths. */
  zHundredths: z.int().min(1),
  /** Whole weights of the four figures; they add up to 100. */
  weights: z.strictObject({ inTime: z.int(), solved: z.int(), content: z.int(), hotline: z.int() }),
  /** Basis points that one hotline ticket for each hundred households takes from 10,000. */
  hotlineStep: z.int(),
  /** Fewer than any of these: not ranked. `assigned` by the first formula; from the second on without what left. */
  floors: z.strictObject({ assigned: z.int(), closed: z.int(), ratings: z.int(), households: z.int() }),
  /** Red: a score from here on, and a place in the best `redOneIn`th of who is ranked. */
  redFrom: basisPoints,
  redOneIn: z.int().min(1),
  /** Black: a score below the first, where even the upper bounds give less than the second. */
  blackBelow: basisPoints,
  blackUpperBelow: basisPoints,
})
export type RankingFormula = z.infer<typeof rankingFormulaSchema>

/** Basis points, rounded down (the upper ones up). */
export const rankingFiguresSchema = z.strictObject({
  inTime: basisPoints,
  solved: basisPoints,
  content: basisPoints,
  hotline: basisPoints,
})
export type RankingFigures = z.infer<typeof rankingFiguresSchema>

export const rankingSubjectSchema = z.strictObject({
  bodyId: idSchema,
  bodyName: z.string(),
  compoundId: idSchema,
  compoundName: z.string(),
  counts: rankingCountsSchema,
})
export type RankingSubject = z.infer<typeof rankingSubjectSchema>

export const rankingRowSchema = z.strictObject({
  ...rankingSubjectSchema.shape,
  mark: z.enum(rankingMarks),
  /** Absent, as all below, where the sample is too small, or the row is withheld. Who has the same score has the same place. */
  place: z.int().min(1).optional(),
  score: basisPoints.optional(),
  /** What the score would be by the upper bounds. */
  upperScore: basisPoints.optional(),
  lower: rankingFiguresSchema.optional(),
  upper: rankingFiguresSchema.optional(),
})
export type RankingRow = z.infer<typeof rankingRowSchema>

export const RANKING_NOTE_MAX = 500
const note = publicLines(
  z.string().trim().min(10, '请写清楚，至少十个字').max(RANKING_NOTE_MAX, `最多 ${RANKING_NOTE_MAX} 个字`),
)

const rowOf = { bodyId: idSchema, compoundId: idSchema }
/** The counts that are corrected, with what they should be. */
export const correctedCountsSchema = rankingCountsSchema.partial()
export type CorrectedCounts = z.infer<typeof correctedCountsSchema>

const summaryShape = {
  rankingId: rankingIdSchema,
  communityId: idSchema,
  communityName: z.string(),
  quarter: quarterSchema,
  state: z.enum(rankingStates),
  frozenAt: instantSchema,
  /** Until when who is on the list may appeal; nobody else sees it before. */
  previewUntil: instantSchema,
  publishedAt: instantSchema.optional(),
  /** Until when it is on public notice. */
  noticeUntil: instantSchema.optional(),
  finalAt: instantSchema.optional(),
  /** How many appeals nobody has decided yet; told to who sees the whole list. */
  openAppeals: z.int().optional(),
}
export const rankingSummarySchema = z.strictObject(summaryShape)
export type RankingSummary = z.infer<typeof rankingSummarySchema>

const changeSchema = z.strictObject({
  at: instantSchema,
  ...rowOf,
  bodyName: z.string(),
  compoundName: z.string(),
  note: z.string(),
  counts: correctedCountsSchema.optional(),
})

export const rankingActs = ['appeal', 'decide', 'correct'] as const
export type RankingAct = (typeof rankingActs)[number]

export const rankingSchema = z.strictObject({
  ...summaryShape,
  formula: rankingFormulaSchema,
  /** The hotline of some month was not known: who froze it said that there was nothing. */
  withoutHotline: z.boolean(),
  /** SHA-256 of the frozen lines of `rows.jsonl`. */
  hash: z.string(),
  /** True where the caller sees their own rows only. */
  ownRowsOnly: z.boolean(),
  /** As they are now: the frozen ones with all corrections. */
  rows: z.array(rankingRowSchema),
  appeals: z.array(
    z.strictObject({
      ...changeSchema.omit({ counts: true }).shape,
      decideBy: instantSchema,
      decision: z
        .strictObject({
          at: instantSchema,
          upheld: z.boolean(),
          note: z.string(),
          counts: correctedCountsSchema.optional(),
        })
        .optional(),
    }),
  ),
  /** After publication. */
  corrections: z.array(changeSchema),
  /** Black in two quarters in a row: a motion to the owners, who alone decide. */
  motions: z.array(
    z.strictObject({
      at: instantSchema,
      ...rowOf,
      bodyName: z.string(),
      compoundName: z.string(),
      quarters: z.array(quarterSchema).length(2),
      /** A correction took one of the two away. */
      lapsedAt: instantSchema.optional(),
    }),
  ),
  mayDo: z.array(z.enum(rankingActs)),
  /** Of the caller's bodies. */
  ownBodyIds: z.array(idSchema),
})
export type RankingView = z.infer<typeof rankingSchema>

const params = z.strictObject({ rankingId: rankingIdSchema })

export const freezeRanking = route({
  name: 'freezeRanking',
  summary:
    'Freezes the list of a community for a quarter that is over, from the sums as they are: once. Nobody of a ranked body does it. Refused while the hotline of a month is not known in a compound on the list, neither by a ticket nor by a number.',
  method: 'PUT',
  path: '/api/rankings/{rankingId}',
  access: ['admin'],
  params,
  /** The months of which nothing is known had no ticket: said by who freezes it, and told on the list. */
  body: z.strictObject({ withoutHotline: z.boolean().optional() }),
  output: rankingSchema,
  refusals: {
    QUARTER_NOT_OVER: 409,
    ALREADY_FROZEN: 409,
    NOTHING_TO_RANK: 409,
    HOTLINE_MISSING: 409,
    INTERESTED: 409,
    FOUR_EYES: 409,
  },
})

export const listRankings = route({
  name: 'listRankings',
  summary: 'Lists of a community, newest first: the published ones, and for who oversees it those in preview.',
  method: 'GET',
  path: '/api/rankings',
  access: 'anyone',
  query: z.strictObject({ communityId: idSchema, ...pageQuery }),
  output: z.strictObject({ ...page(rankingSummarySchema).shape, communityName: z.string() }),
})

export const listRankingsOfBody = route({
  name: 'listRankingsOfBody',
  summary: 'Lists on which a body is, newest first, those in preview included: for who acts for it.',
  method: 'GET',
  path: '/api/rankings/of-body',
  access: ['body'],
  query: z.strictObject({ bodyId: idSchema, ...pageQuery }),
  output: page(rankingSummarySchema),
})

export const getRanking = route({
  name: 'getRanking',
  summary:
    'One list with every figure, appeal and correction. In preview who is on it sees their own rows, who oversees the community all of them, and for anybody else it does not exist.',
  method: 'GET',
  path: '/api/rankings/{rankingId}',
  access: 'anyone',
  params,
  output: rankingSchema,
})

export const appealRanking = route({
  name: 'appealRanking',
  summary:
    'A body appeals against one of its own rows while the list is in preview: once. Sent again it changes nothing.',
  method: 'POST',
  path: '/api/rankings/{rankingId}/appeals',
  access: ['body'],
  params,
  body: z.strictObject({ ...rowOf, note }),
  output: rankingSchema,
  refusals: { NOT_NOW: 409, APPEALED_ONCE: 409, UNKNOWN_ROW: 422 },
})

export const decideAppeal = route({
  name: 'decideAppeal',
  summary:
    'Somebody who is of no ranked body, and did not freeze the list, decides an appeal: upheld with the counts that were wrong (without any if the row was corrected since), or refused; each with a reason.',
  method: 'POST',
  path: '/api/rankings/{rankingId}/decisions',
  access: ['supervisor', 'admin'],
  params,
  body: z.strictObject({
    ...rowOf,
    upheld: z.boolean(),
    note,
    /** With an upheld appeal. */
    counts: correctedCountsSchema.optional(),
  }),
  output: rankingSchema,
  refusals: {
    NOT_NOW: 409,
    INTERESTED: 409,
    FOUR_EYES: 409,
    UNKNOWN_ROW: 422,
    NOTHING_CORRECTED: 422,
    FIGURES_WRONG: 422,
  },
})

export const correctRanking = route({
  name: 'correctRanking',
  summary: 'Corrects counts of a row after publication, with a reason that everybody reads. Nothing is edited.',
  method: 'POST',
  path: '/api/rankings/{rankingId}/corrections',
  access: ['supervisor', 'admin'],
  params,
  body: z.strictObject({ ...rowOf, note, counts: correctedCountsSchema }),
  output: rankingSchema,
  refusals: {
    NOT_NOW: 409,
    INTERESTED: 409,
    FOUR_EYES: 409,
    UNKNOWN_ROW: 422,
    NOTHING_CORRECTED: 422,
    FIGURES_WRONG: 422,
    TOO_MANY: 409,
  },
})

export const exportRanking = route({
  name: 'exportRanking',
  summary:
    'A list as JSON lines (RFC 8785). Every line before the one of kind `hash` is as it was frozen, before any appeal: it is the SHA-256 of their bytes, line ends included. Changes of counts follow in the order in which they were made, then the rows as they are now.',
  method: 'GET',
  path: '/api/rankings/{rankingId}/rows.jsonl',
  access: 'anyone',
  params,
  output: z.string(),
  media: 'application/x-ndjson',
})

export const rankingsRoutes = [
  listRankings,
  listRankingsOfBody,
  exportRanking,
  getRanking,
  freezeRanking,
  appealRanking,
  decideAppeal,
  correctRanking,
] as const
