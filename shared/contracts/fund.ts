import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { page, pageQuery, route } from './route.ts'

export const accounts = [
  'sales',
  'pending',
  'available',
  'reserved',
  'clawback',
  'settled',
  'due',
  'cash',
  'paid',
] as const
export const entryKinds = ['sale', 'reversal', 'settlement'] as const

const sums = z.strictObject({
  /** Net sales (sales − reversals) and what of it was posted to the fund. */
  salesFen: z.int(),
  reversedFen: z.int(),
  postedFen: z.int(),
  saleCount: z.int(),
})

export const fundSchema = z.strictObject({
  fundId: idSchema,
  compoundName: z.string(),
  communityName: z.string(),
  /** Sequence number of the last entry in this view; the ETag. */
  seq: z.int(),
  /** `live` for the worker, `closed-days` for the public: entries up to `asOfDay`, sums for today. */
  view: z.enum(['live', 'closed-days']),
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
  }),
  carryE4Fen: z.int(),
  today: sums,
  week: sums,
  month: sums,
  total: sums,
  byVillage: z.array(z.strictObject({ villageId: idSchema, name: z.string(), ...sums.shape })),
  byCoop: z.array(z.strictObject({ coopId: idSchema, name: z.string(), ...sums.shape })),
  byGroupBuy: z.array(z.strictObject({ groupBuyId: idSchema, title: z.string(), ...sums.shape })),
  /** The last days, oldest first, for the inflow chart. */
  byDay: z.array(z.strictObject({ day: shanghaiDaySchema, ...sums.shape })),
  /** Sales without a donation agreement in force: they post 0 and are counted here. */
  withoutAgreement: z.strictObject({ saleCount: z.int(), salesFen: z.int() }),
})
export type FundView = z.infer<typeof fundSchema>

/** One line of the ledger as it is hashed and exported; keys that do not apply are left out. */
export const ledgerEntrySchema = z.strictObject({
  v: z.literal(1),
  fundId: idSchema,
  seq: z.int().min(1),
  postedAt: instantSchema,
  occurredAt: instantSchema,
  kind: z.enum(entryKinds),
  eventId: z.string(),
  saleId: z.string().optional(),
  channel: z.enum(['group-buy', 'fair']).optional(),
  groupBuyId: idSchema.optional(),
  fairId: idSchema.optional(),
  villageId: idSchema.optional(),
  coopId: idSchema.optional(),
  agreementId: idSchema.optional(),
  agreementVersion: z.int().optional(),
  amountFen: z.int(),
  rateBps: z.int(),
  donorCarryAfter: z.int(),
  postings: z.array(z.strictObject({ account: z.string(), deltaFen: z.int() })),
  prevHash: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

const fundParams = z.strictObject({ compoundId: idSchema })

export const getFund = route({
  name: 'getFund',
  summary:
    "A compound's fund: live for workers of its community, up to the last closed Shanghai day for everybody. ETag = seq.",
  method: 'GET',
  path: '/api/funds/{compoundId}',
  access: 'anyone',
  params: fundParams,
  output: fundSchema,
})

export const listEntries = route({
  name: 'listEntries',
  summary: 'Entries, newest first.',
  method: 'GET',
  path: '/api/funds/{compoundId}/entries',
  access: 'anyone',
  params: fundParams,
  query: z.strictObject({ saleId: z.string().max(80).optional(), ...pageQuery }),
  output: page(ledgerEntrySchema),
})

/** Exports are paged by `fromSeq`, so that a long ledger never outgrows an answer; the last page ends with the head line. */
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
    'Checks the fund against the recorded sales by key, posts what is missing, and recomputes chain and balances.',
  method: 'POST',
  path: '/api/funds/{compoundId}/reconciliation',
  access: ['worker', 'admin'],
  params: fundParams,
  output: z.strictObject({
    ok: z.boolean(),
    events: z.int(),
    posted: z.int(),
    problems: z.array(z.strictObject({ invariant: z.string(), what: z.string() })).max(100),
  }),
})

export const fundRoutes = [getFund, listEntries, exportLedgerJsonl, exportLedgerCsv, reconcileFund] as const
export type FundSums = z.infer<typeof sums>
