import { createHash } from 'node:crypto'
import {
  ledgerEntrySchema,
  ledgerHeadSchema,
  type LedgerEntry,
  type LedgerHead,
} from '../../../shared/contracts/fund.ts'

/**
 * A second reader of the ledger. It shares the format with the system and none of its arithmetic, so that a mistake there
 * is not repeated here.
 */
export type Donor = {
  readonly key: string
  /** Σ amountFen × rateBps, in 1/10,000 fen; of all sales and of settled ones. */
  accruedE4: bigint
  settledE4: bigint
  postedFen: bigint
  lastCarry: number
}

export type SaleFold = {
  readonly amountFen: number
  readonly rateBps: number
  reversedFen: number
  settled: boolean
  reversals: string[]
}

export type Fold = {
  readonly fundId: string
  readonly entries: readonly LedgerEntry[]
  readonly head: LedgerHead | undefined
  readonly balances: Map<string, number>
  readonly donors: Map<string, Donor>
  readonly sales: Map<string, SaleFold>
  readonly salesFen: number
  readonly reversedFen: number
  readonly postedFen: number
  readonly problems: { readonly invariant: string; readonly what: string }[]
}

const FUND = new Set(['sales', 'pending', 'available', 'reserved', 'clawback'])
const CASH = new Set(['settled', 'due', 'cash', 'paid'])
const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** JSON with sorted keys and no spaces: all that RFC 8785 asks of strings and whole numbers. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`
}

/** Reads an export from its text and adds up everything that can be added up. */
export function foldLedger(fundId: string, jsonl: string): Fold {
  const problems: { invariant: string; what: string }[] = []
  const note = (invariant: string, what: string) => problems.push({ invariant, what: `${fundId}: ${what}` })
  const { entries, head } = readLines(fundId, jsonl, note)
  const balances = new Map<string, number>([...FUND, ...CASH].map((account) => [account, 0]))
  const donors = new Map<string, Donor>()
  const sales = new Map<string, SaleFold>()
  const sums = { salesFen: 0, reversedFen: 0 }
  const seen = new Set<string>()
  let previous = sha256(fundId)
  entries.forEach((entry, at) => {
    checkChain(entry, at, previous, note)
    previous = entry.hash
    if (seen.has(entry.eventId)) note('I3', `${entry.eventId} is entered twice`)
    seen.add(entry.eventId)
    move(entry, balances, note)
    followSale(entry, sales, note)
    addToDonor(entry, donors, sales, note)
    if (entry.amountFen >= 0) sums.salesFen += entry.amountFen
    else sums.reversedFen -= entry.amountFen
  })
  return {
    fundId,
    entries,
    head,
    balances,
    donors,
    sales,
    ...sums,
    postedFen: 0 - (balances.get('sales') ?? 0),
    problems,
  }
}

type Note = (invariant: string, what: string) => void

function readLines(fundId: string, jsonl: string, note: Note) {
  const entries: LedgerEntry[] = []
  let head: LedgerHead | undefined
  const lines = jsonl.split('\n')
  if (lines.pop() !== '') note('I8', 'the export does not end with a line break')
  lines.forEach((line, at) => {
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch {
      return note('I8', `line ${at + 1} is not JSON`)
    }
    if (canonical(json) !== line) note('I8', `line ${at + 1} is not canonical`)
    const isHead = typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'head'
    const parsed = (isHead ? ledgerHeadSchema : ledgerEntrySchema).safeParse(json)
    if (!parsed.success) return note('I8', `line ${at + 1}: ${parsed.error.issues[0]?.message ?? 'unknown shape'}`)
    if (parsed.data.fundId !== fundId) note('I8', `line ${at + 1} is of fund ${parsed.data.fundId}`)
    if (head !== undefined) note('I8', `line ${at + 1} comes after the head`)
    if (parsed.data.kind === 'head') head = parsed.data
    else entries.push(parsed.data)
  })
  if (head === undefined) note('I8', 'the export has no head line')
  return { entries, head: head as LedgerHead | undefined }
}

function checkChain(entry: LedgerEntry, at: number, previous: string, note: Note): void {
  if (entry.seq !== at + 1) note('I8', `entry ${at + 1} has the number ${entry.seq}`)
  if (entry.prevHash !== previous) note('I8', `entry ${entry.seq} does not follow the one before`)
  const { hash, ...unsealed } = entry
  if (sha256(canonical(unsealed)) !== hash) note('I8', `the hash of entry ${entry.seq} is wrong`)
}

function move(entry: LedgerEntry, balances: Map<string, number>, note: Note): void {
  let fund = 0
  let cash = 0
  for (const { account, deltaFen } of entry.postings) {
    if (FUND.has(account)) fund += deltaFen
    if (CASH.has(account)) cash += deltaFen
    balances.set(account, (balances.get(account) ?? 0) + deltaFen)
  }
  if (fund !== 0 || cash !== 0) note('I1', `entry ${entry.seq} sums to ${fund} and ${cash}`)
  for (const account of ['pending', 'available', 'reserved'] as const) {
    if ((balances.get(account) ?? 0) < 0) note('I5', `after entry ${entry.seq} ${account} is ${balances.get(account)}`)
  }
  if ((balances.get('clawback') ?? 0) > 0) note('I5', `after entry ${entry.seq} clawback is above zero`)
}

function followSale(entry: LedgerEntry, sales: Map<string, SaleFold>, note: Note): void {
  const saleId = entry.saleId ?? ''
  if (entry.kind === 'sale') {
    if (sales.has(saleId)) note('I3', `sale ${saleId} is entered twice`)
    sales.set(saleId, {
      amountFen: entry.amountFen,
      rateBps: entry.rateBps,
      reversedFen: 0,
      settled: false,
      reversals: [],
    })
    return
  }
  const sale = sales.get(saleId)
  if (sale === undefined) return note('I4', `${entry.eventId} comes before its sale`)
  if (entry.rateBps !== sale.rateBps) note('I2', `${entry.eventId} has another rate than its sale`)
  if (entry.kind === 'settlement') {
    if (sale.settled) note('I3', `sale ${saleId} is settled twice`)
    sale.settled = true
    return
  }
  sale.reversedFen -= entry.amountFen
  sale.reversals.push(entry.eventId)
  if (sale.reversedFen > sale.amountFen) note('I4', `sale ${saleId}: reversed ${sale.reversedFen} of ${sale.amountFen}`)
}

function addToDonor(entry: LedgerEntry, donors: Map<string, Donor>, sales: Map<string, SaleFold>, note: Note): void {
  const posted = entry.postings
    .filter(({ account }) => account === 'sales')
    .reduce((sum, { deltaFen }) => sum - BigInt(deltaFen), 0n)
  if (entry.agreementId === undefined) {
    if (entry.postings.length > 0 || entry.rateBps !== 0) note('I2', `entry ${entry.seq} posts without an agreement`)
    return
  }
  const key = `${entry.agreementId} ${entry.coopId ?? ''}`
  const donor = donors.get(key) ?? { key, accruedE4: 0n, settledE4: 0n, postedFen: 0n, lastCarry: 0 }
  donors.set(key, donor)
  const delta = BigInt(entry.amountFen) * BigInt(entry.rateBps)
  const sale = sales.get(entry.saleId ?? '')
  donor.accruedE4 += delta
  donor.postedFen += posted
  donor.lastCarry = entry.donorCarryAfter
  if (entry.kind === 'settlement' && sale !== undefined) {
    donor.settledE4 += BigInt(sale.amountFen - sale.reversedFen) * BigInt(sale.rateBps)
  } else if (entry.kind === 'reversal' && sale?.settled === true) donor.settledE4 += delta
  if (donor.postedFen * 10_000n + BigInt(donor.lastCarry) !== donor.accruedE4) {
    note('I2', `after entry ${entry.seq} ${key}: ${donor.postedFen} × 10000 + ${donor.lastCarry} ≠ ${donor.accruedE4}`)
  }
}

/**
 * The balances that must come out of the same events in any order: they depend on the donors' exact sums alone (I7).
 * Holds as long as nothing was reserved, spent or remitted.
 */
export function balancesOfSums(donors: Iterable<Donor>): Map<string, number> {
  let accrued = 0n
  let settled = 0n
  for (const donor of donors) {
    accrued += donor.accruedE4 / 10_000n
    settled += donor.settledE4 / 10_000n
  }
  return new Map([
    ['sales', Number(-accrued)],
    ['pending', Number(accrued - settled)],
    ['available', Number(settled)],
    ['settled', Number(-settled)],
    ['due', Number(settled)],
  ])
}
