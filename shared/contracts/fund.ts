import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { rateBpsSchema } from '../kernel/quantity.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * The two balanced sets: within each, postings of one entry add up to zero.
 *
 * What the fund owns: `sales` is the source (minus what was ever posted), `others` the source of what came another way,
 * `clawback` a debt to the donors (never above zero). Where the cash is: `settled` and `brought` are the sources, `due` is
 * owed to the host charity (below zero: the charity holds more than has stayed settled), `cash` is at the charity, `paid` has
 * left it.
 */
export const fundAccounts = ['sales', 'pending', 'available', 'reserved', 'clawback', 'spent', 'others'] as const
export const cashAccounts = ['settled', 'due', 'cash', 'paid', 'brought'] as const
export const accounts = [...fundAccounts, ...cashAccounts] as const
export type Account = (typeof accounts)[number]
/** Accounts that most funds never use: a balance of 0 is left out, so that their ledgers read as they always did. */
export const lateAccounts = ['spent', 'others', 'brought'] as const
export type LateAccount = (typeof lateAccounts)[number]

/** Entries that a sale makes, and movements: what people decide, each with its evidence kept outside the ledger. */
export const saleEntryKinds = ['sale', 'reversal', 'settlement'] as const
export const movementKinds = [
  /** 划转: settled gifts of one donor arrived at the host charity. */
  'remittance',
  /** 预留 · 释放 · 拨付: for a decided project. */
  'reservation',
  'release',
  'disbursement',
  /** 期初: what the fund held before the market began; once. */
  'opening',
  /** 更正: the books were wrong. */
  'correction',
  /** 实物捐赠: goods that are used at once, at their stated value. */
  'in-kind',
] as const
export const entryKinds = [...saleEntryKinds, ...movementKinds] as const
export type SaleEntryKind = (typeof saleEntryKinds)[number]
export type MovementKind = (typeof movementKinds)[number]
export type EntryKind = (typeof entryKinds)[number]

/** 公益服务 · 环境提升 · 设施维护 · 困难帮扶: what a fund may be spent on, and nothing else. */
export const purposes = ['public-service', 'environment', 'facilities', 'hardship'] as const
export type Purpose = (typeof purposes)[number]

export const sumsSchema = z.strictObject({
  /** Sales before reversals; net sales are `salesFen − reversedFen`. */
  salesFen: z.int(),
  reversedFen: z.int(),
  /** What moved into the fund; falls when sales are reversed. */
  postedFen: z.int(),
  /** Sales alone, whether reversed later or not. */
  saleCount: z.int(),
})

export const fundSchema = z.strictObject({
  fundId: idSchema,
  compoundName: z.string(),
  communityName: z.string(),
  /** Sequence number of the last entry in this view (the ETag begins with the fund's), and that entry's hash: the root. */
  seq: z.int(),
  hash: z.string(),
  /** `live` for the community's workers; `closed-days` for everybody else: only `today` is of now. */
  view: z.enum(['live', 'closed-days']),
  /** Everything but `today` is as of the end of this Shanghai day; in the live view it is today. */
  asOfDay: shanghaiDaySchema,
  balances: z.strictObject({
    pendingFen: z.int(),
    availableFen: z.int(),
    reservedFen: z.int(),
    spentFen: z.int(),
    clawbackFen: z.int(),
    settledFen: z.int(),
    dueFen: z.int(),
    cashFen: z.int(),
    paidFen: z.int(),
    /** What came another way than by sales: opening balance, corrections, gifts in kind. It is no inflow. */
    othersFen: z.int(),
  }),
  /** Σ over donors of what is not a whole fen yet, in 1/10,000 fen. */
  carryE4Fen: z.int(),
  /** Today, by the time of posting, now. */
  today: sumsSchema,
  /** The week (from Monday) and the month that hold `asOfDay`. */
  week: sumsSchema,
  month: sumsSchema,
  /** Since the fund began. */
  total: sumsSchema,
  /** By village, co-op and group buy: of the month that holds `asOfDay`. */
  byVillage: z.array(z.strictObject({ villageId: idSchema, name: z.string(), ...sumsSchema.shape })),
  byCoop: z.array(z.strictObject({ coopId: idSchema, name: z.string(), ...sumsSchema.shape })),
  byGroupBuy: z.array(z.strictObject({ groupBuyId: idSchema, title: z.string(), ...sumsSchema.shape })),
  /** The last days, oldest first, for the inflow chart. */
  byDay: z.array(z.strictObject({ day: shanghaiDaySchema, ...sumsSchema.shape })),
  /** Sales without a donation agreement in force: they post 0 and are counted here. */
  withoutAgreement: z.strictObject({ saleCount: z.int(), salesFen: z.int() }),
})
export type FundView = z.infer<typeof fundSchema>

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/)
/** Names that are printed, hashed and put into spreadsheets: never a formula, a quote or a line break. */
const ledgerNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/)

/**
 * One line of the ledger as it is hashed and exported; keys that do not apply are left out.
 * `amountFen` is by how much net sales change: plus a sale, minus a reversal, 0 for everything else, so that
 * Σ amountFen × rateBps over all lines of a donor is exactly what the donor owes, in 1/10,000 fen.
 */
export const ledgerEntrySchema = z.strictObject({
  v: z.literal(1),
  fundId: idSchema,
  seq: z.int().min(1),
  postedAt: instantSchema,
  occurredAt: instantSchema,
  kind: z.enum(entryKinds),
  eventId: ledgerNameSchema,
  saleId: ledgerNameSchema.optional(),
  channel: z.enum(['group-buy', 'fair']).optional(),
  groupBuyId: idSchema.optional(),
  fairId: idSchema.optional(),
  villageId: idSchema.optional(),
  coopId: idSchema.optional(),
  agreementId: idSchema.optional(),
  agreementVersion: z.int().min(1).optional(),
  /** Of reservations, releases and disbursements. */
  proposalId: idSchema.optional(),
  /** Of these and of gifts in kind. */
  purpose: z.enum(purposes).optional(),
  amountFen: z.int(),
  /** Basis points of the sale, also on its reversals and its settlement. */
  rateBps: rateBpsSchema,
  /** What of the donor's exact sum is not a whole fen after this line: 0 to 9,999, in 1/10,000 fen. */
  donorCarryAfter: z.int().min(0).max(9_999),
  /** Only what moves, in the fixed order of the accounts; sums to zero in each of the two balanced sets. */
  postings: z.array(z.strictObject({ account: z.enum(accounts), deltaFen: z.int() })),
  prevHash: hashSchema,
  hash: hashSchema,
})
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

/** Signed whole fen per account: the sum of all postings to it. */
export const balancesSchema = z.strictObject({
  sales: z.int(),
  pending: z.int(),
  available: z.int(),
  reserved: z.int(),
  clawback: z.int(),
  settled: z.int(),
  due: z.int(),
  cash: z.int(),
  paid: z.int(),
  spent: z.int().optional(),
  others: z.int().optional(),
  brought: z.int().optional(),
} satisfies Record<Account, z.ZodInt | z.ZodOptional<z.ZodInt>>)

/** Exact sums of one donor in 1/10,000 fen: accrued (net sales × rate), and what of it belongs to settled sales. */
export const donorSumsSchema = z.strictObject({
  agreementId: idSchema,
  coopId: idSchema,
  accruedE4Fen: z.int().min(0),
  settledE4Fen: z.int().min(0),
  /** Whole fen of it that arrived at the host charity; left out while 0. What is due is ⌊settled⌋ minus this. */
  remittedFen: z.int().optional(),
})

/** The last line of an export: the fund after the last entry before it. Every field follows from the entries. */
export const ledgerHeadSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('head'),
  fundId: idSchema,
  seq: z.int().min(0),
  hash: hashSchema,
  balances: balancesSchema,
  /** Ordered by agreement, then by co-op, in code units. */
  donors: z.array(donorSumsSchema),
})
export type LedgerHead = z.infer<typeof ledgerHeadSchema>

const fundParams = z.strictObject({ compoundId: idSchema })

export const getFund = route({
  name: 'getFund',
  summary:
    "A compound's fund: live for workers of its community, up to the last closed Shanghai day for everybody. ETag: seq, day and view.",
  method: 'GET',
  path: '/api/funds/{compoundId}',
  access: 'anyone',
  params: fundParams,
  output: fundSchema,
})

/**
 * Which entries are wanted; they are all of it at once. `account`: what has moved it. `agreement`: of sales that none was in
 * force for. `minFen`, `maxFen`: of the sum that an entry is about (a sale's price, what was given back of it, what a movement
 * moved), in whole fen and never below zero.
 */
export const entryFilterShape = {
  kind: z.enum(entryKinds).optional(),
  account: z.enum(accounts).optional(),
  villageId: idSchema.optional(),
  coopId: idSchema.optional(),
  groupBuyId: idSchema.optional(),
  channel: z.enum(['group-buy', 'fair']).optional(),
  proposalId: idSchema.optional(),
  agreementId: idSchema.optional(),
  // A word of its own beside the id: an agreement may be called anything, also `none`.
  agreement: z.literal('none').optional(),
  /** Shanghai days of posting, both included. */
  fromDay: shanghaiDaySchema.optional(),
  toDay: shanghaiDaySchema.optional(),
  minFen: z.coerce.number().int().min(0).optional(),
  maxFen: z.coerce.number().int().min(0).optional(),
}

export const listEntries = route({
  name: 'listEntries',
  summary:
    'Entries, newest first, by number (`seq`: that one and those before it), sale or filter. With a filter a page may be short, or empty, and still have more after it: a look reads some thousands of entries at most.',
  method: 'GET',
  path: '/api/funds/{compoundId}/entries',
  access: 'anyone',
  params: fundParams,
  query: z.strictObject({
    saleId: z.string().max(80).optional(),
    seq: z.coerce.number().int().min(1).max(999_999_999_999).optional(),
    ...entryFilterShape,
    ...pageQuery,
  }),
  output: page(ledgerEntrySchema),
})

/**
 * An export is one answer up to about 4 MB (some 5,000 entries). A longer one goes on with `fromSeq`, named in the header
 * `link: <…>; rel="next"`; the last page of a .jsonl ends with the head line, and the pages together are one file.
 */
const exportQuery = z.strictObject({ fromSeq: z.coerce.number().int().min(1).optional() })

export const exportLedgerJsonl = route({
  name: 'exportLedgerJsonl',
  summary: 'The ledger as JSON lines in canonical form (RFC 8785); the last line is the head.',
  method: 'GET',
  path: '/api/funds/{compoundId}/ledger.jsonl',
  access: 'anyone',
  params: fundParams,
  query: exportQuery,
  output: z.string(),
  media: 'application/x-ndjson',
})

export const exportLedgerCsv = route({
  name: 'exportLedgerCsv',
  summary: 'The ledger as CSV for a spreadsheet.',
  method: 'GET',
  path: '/api/funds/{compoundId}/ledger.csv',
  access: 'anyone',
  params: fundParams,
  query: exportQuery,
  output: z.string(),
  media: 'text/csv',
})

export const reconcileFund = route({
  name: 'reconcileFund',
  summary:
    'Checks the fund against the recorded sales by key, posts what is missing, and recomputes chain and balances. An answer that is not done says where to go on.',
  method: 'POST',
  path: '/api/funds/{compoundId}/reconciliation',
  access: ['worker', 'admin'],
  params: fundParams,
  /** `fromDay` of an answer that was not done: goes on after that day. */
  body: z.strictObject({ fromDay: shanghaiDaySchema.optional() }),
  output: z.strictObject({
    /** False: the time ran out. Ask again with `fromDay`, or from the beginning when there is none. */
    done: z.boolean(),
    fromDay: shanghaiDaySchema.optional(),
    /** Nothing is wrong in what this answer covers. */
    ok: z.boolean(),
    events: z.int(),
    posted: z.int(),
    problems: z.array(z.strictObject({ invariant: z.string(), what: z.string() })).max(100),
  }),
})

export const fundRoutes = [getFund, listEntries, exportLedgerJsonl, exportLedgerCsv, reconcileFund] as const
export type FundSums = z.infer<typeof sumsSchema>
