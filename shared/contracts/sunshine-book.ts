import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { FEN_MAX, positiveFenSchema } from '../kernel/money.ts'
import { publicLine, publicLines } from '../kernel/public-text.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { purposes } from './fund.ts'
import { quarterSchema } from './rankings.ts'
import { route } from './route.ts'

/**
 * The second book 公共收益账: what the common parts of a compound bring in belongs to the owners, less what is reasonably spent
 * on it (Civil Code art. 282). The property company keeps it; it never meets the charity fund's ledger.
 */
export const incomeCategories = ['parking', 'advertising', 'venue', 'other-income'] as const
export type IncomeCategory = (typeof incomeCategories)[number]
export const expenseCategories = [
  'repair',
  'maintenance-fund',
  'owners-committee',
  'management',
  'tax',
  'other-expense',
] as const
export type ExpenseCategory = (typeof expenseCategories)[number]
export type BookCategory = IncomeCategory | ExpenseCategory
export const bookCategories = [...incomeCategories, ...expenseCategories] as const
/** Beside them those of the fund: what came of sales, what came another way, and what it was spent on. */
export const sunshineCategories = [...bookCategories, 'donated', 'other-inflow', ...purposes] as const
export type SunshineCategory = (typeof sunshineCategories)[number]

export const directions = ['income', 'expense'] as const
export type Direction = (typeof directions)[number]

/**
 * Which quarter an entry counts in. `in-time`: the one of its day. `late` 补记: that one is published, so the one after it.
 * `correction` 更正: the published one, which a corrected publication will then replace.
 */
export const bookings = ['in-time', 'late', 'correction'] as const
export type Booking = (typeof bookings)[number]

const text = publicLine(z.string().trim().min(4, '请写明是什么钱，至少四个字').max(80, '最多 80 个字'))
const voucher = publicLine(z.string().trim().min(1, '请写凭证号').max(40, '最多 40 个字'))

export const sunshineEntrySchema = z.strictObject({
  /** Of the book, from 1, without a gap. */
  seq: z.int().min(1),
  day: shanghaiDaySchema,
  direction: z.enum(directions),
  category: z.enum(bookCategories),
  /** Above zero; of a reversal what it takes back. */
  amountFen: z.int().min(1).max(FEN_MAX),
  text: z.string(),
  voucher: z.string(),
  booking: z.enum(bookings),
  /** The entry that this one takes back. */
  reverses: z.int().min(1).optional(),
  /** After it. */
  balanceFen: z.int(),
})
export type SunshineEntry = z.infer<typeof sunshineEntrySchema>

/** Of one quarter: a publication stays within what an item holds. */
export const ENTRIES_OF_QUARTER_MAX = 400

export const bookQuarterSchema = z.strictObject({
  quarter: quarterSchema,
  entries: z.int().min(0),
  openingFen: z.int(),
  closingFen: z.int(),
  isOver: z.boolean(),
  isPublished: z.boolean(),
})

const summaryShape = {
  compoundId: idSchema,
  compoundName: z.string(),
  communityId: idSchema,
  bodyId: idSchema,
  bodyName: z.string(),
  firstQuarter: quarterSchema,
  openingFen: z.int(),
  openingNote: z.string(),
  openedAt: instantSchema,
  /** The number of entries. */
  seq: z.int().min(0),
  balanceFen: z.int(),
  publishedThrough: quarterSchema.optional(),
  /** There are correcting entries that no publication shows yet. */
  correcting: z.boolean(),
}
export const bookSummarySchema = z.strictObject(summaryShape)
export type BookSummary = z.infer<typeof bookSummarySchema>

export const bookSchema = z.strictObject({
  ...summaryShape,
  /** Those that entries can still be of, newest first. */
  quarters: z.array(bookQuarterSchema),
  /** The quarter that is shown, with its entries as they were recorded. */
  quarter: quarterSchema,
  entries: z.array(
    z.strictObject({ ...sunshineEntrySchema.shape, reversedBy: z.int().optional(), mayReverse: z.boolean() }),
  ),
  /** Of the published quarter, how often; the next one is one more. */
  publishedVersion: z.int().min(0),
  /** The caller keeps it. */
  mayRecord: z.boolean(),
})
export type BookView = z.infer<typeof bookSchema>

const params = z.strictObject({ compoundId: idSchema })

export const openBook = route({
  name: 'openBook',
  summary:
    'The community opens the book of a compound: which property company keeps it, from which quarter, with what is there already. Once.',
  method: 'PUT',
  path: '/api/sunshine/books/{compoundId}',
  access: ['worker', 'admin'],
  params,
  body: z.strictObject({
    bodyId: idSchema,
    firstQuarter: quarterSchema,
    openingFen: z.int('请写整数分').min(0).max(FEN_MAX),
    openingNote: publicLines(z.string().trim().min(4, '请写明依据').max(200, '最多 200 个字')),
  }),
  output: bookSummarySchema,
  refusals: { BOOK_EXISTS: 409, NOT_A_PROPERTY_COMPANY: 422, QUARTER_OUT_OF_RANGE: 422, INTERESTED: 409 },
})

export const listBooks = route({
  name: 'listBooks',
  summary: 'Books that a body keeps.',
  method: 'GET',
  path: '/api/sunshine/books',
  access: ['body'],
  query: z.strictObject({ bodyId: idSchema }),
  output: z.strictObject({ items: z.array(bookSummarySchema) }),
})

export const getBook = route({
  name: 'getBook',
  summary: 'A book with the entries of one quarter: for who keeps it, and who oversees the community.',
  method: 'GET',
  path: '/api/sunshine/books/{compoundId}',
  access: ['body', 'worker', 'admin'],
  params,
  query: z.strictObject({ quarter: quarterSchema.optional() }),
  output: bookSchema,
})

const booking = z.enum(bookings)
const ofEntry = z.strictObject({ compoundId: idSchema, entryId: clientIdSchema })

export const recordEntry = route({
  name: 'recordEntry',
  summary: 'Records money that came or went. It is never changed; sent again it is the same entry.',
  method: 'PUT',
  path: '/api/sunshine/books/{compoundId}/entries/{entryId}',
  access: ['body'],
  params: ofEntry,
  body: z.strictObject({
    day: shanghaiDaySchema,
    category: z.enum(bookCategories, '请选一项'),
    amountFen: positiveFenSchema,
    text,
    voucher,
    booking,
  }),
  output: sunshineEntrySchema,
  refusals: {
    ENTRY_ID_REUSED: 409,
    DAY_TO_COME: 422,
    BEFORE_THE_BOOK: 422,
    QUARTER_PUBLISHED: 409,
    NOT_CORRECTABLE: 409,
    TOO_MANY: 409,
  },
})

export const reverseEntry = route({
  name: 'reverseEntry',
  summary: 'Takes an entry back by another one that names it: once.',
  method: 'PUT',
  path: '/api/sunshine/books/{compoundId}/reversals/{entryId}',
  access: ['body'],
  params: ofEntry,
  body: z.strictObject({ quarter: quarterSchema, seq: z.int().min(1), text, booking }),
  output: sunshineEntrySchema,
  refusals: {
    ENTRY_ID_REUSED: 409,
    UNKNOWN_ENTRY: 422,
    REVERSED_ONCE: 409,
    NOT_REVERSIBLE: 422,
    QUARTER_PUBLISHED: 409,
    NOT_CORRECTABLE: 409,
    TOO_MANY: 409,
  },
})

export const sunshineBookRoutes = [listBooks, getBook, openBook, recordEntry, reverseEntry] as const
