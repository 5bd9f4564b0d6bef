import { parse } from 'csv-parse/sync'
import { balancesOfSums, type Fold, foldLedger } from './fold.ts'
import { endsPaid, type Evidence, type FundEvidence, goesBack, type OrderRecord } from './records.ts'

/** A rule that does not hold: the invariant's name (I1 to I10, MONEY, STOCK, ORDERS, REFUNDS, RATE) and what is wrong. */
export type Finding = { readonly invariant: string; readonly what: string }
export type Checked = { readonly findings: readonly Finding[]; readonly folds: ReadonlyMap<string, Fold> }

/** The rate of every agreement of the seeded district, in basis points. */
const RATE_BPS = 200

/** Holds everything against everything: what we did, what the provider took, what is sold, what the funds say. */
export function checkEverything(evidence: Evidence): Checked {
  const findings: Finding[] = []
  const note = (invariant: string, what: string) => void findings.push({ invariant, what })
  const folds = new Map<string, Fold>()
  for (const fund of evidence.funds) {
    const fold = foldLedger(fund.compound.compoundId, fund.jsonl)
    folds.set(fund.compound.compoundId, fold)
    findings.push(...fold.problems)
    checkStored(fund, fold, note)
    checkShown(fund, fold, note)
  }
  checkOrders(evidence, note)
  checkEntered(evidence, folds, note)
  checkMoney(evidence, folds, note)
  checkStock(evidence, note)
  return { findings, folds }
}

type Note = (invariant: string, what: string) => void

/** I6 and I7: the stored balances are the fold of the entries, and what their sums alone make. */
function checkStored(fund: FundEvidence, fold: Fold, note: Note): void {
  const { head } = fold
  const name = fund.compound.compoundId
  if (head === undefined) return
  if (head.seq !== fold.entries.length) note('I8', `${name}: the head counts ${head.seq} of ${fold.entries.length}`)
  const lastHash = fold.entries.at(-1)?.hash
  if (lastHash !== undefined && head.hash !== lastHash) note('I8', `${name}: the head has another hash than the end`)
  for (const [account, fen] of fold.balances) {
    const stored = (head.balances as Readonly<Record<string, number>>)[account]
    if (stored !== fen) note('I6', `${name}: ${account} is ${stored} in the head and ${fen} by the entries`)
  }
  for (const [account, fen] of balancesOfSums(fold.donors.values())) {
    if (fold.balances.get(account) !== fen) note('I7', `${name}: ${account} should be ${fen} in any order of events`)
  }
  const stored = new Map(head.donors.map((donor) => [`${donor.agreementId} ${donor.coopId}`, donor]))
  if (stored.size !== fold.donors.size)
    note('I6', `${name}: ${stored.size} donors in the head, ${fold.donors.size} here`)
  for (const donor of fold.donors.values()) {
    const kept = stored.get(donor.key)
    const same = kept?.accruedE4Fen === Number(donor.accruedE4) && kept.settledE4Fen === Number(donor.settledE4)
    if (!same) note('I6', `${name}: donor ${donor.key} is kept with other sums`)
  }
}

/** I10: page, list and both exports say the same. I9, from the system's side: its own sweep found nothing to do. */
function checkShown(fund: FundEvidence, fold: Fold, note: Note): void {
  const name = fund.compound.compoundId
  const same = (what: string, shown: unknown, folded: unknown) => {
    if (shown !== folded) note('I10', `${name}: ${what} is ${String(shown)} shown and ${String(folded)} folded`)
  }
  const { page } = fund
  same('the page’s number', page.seq, fold.entries.length)
  same('the page’s hash', page.hash, fold.head?.hash)
  same('sales', page.total.salesFen, fold.salesFen)
  same('reversals', page.total.reversedFen, fold.reversedFen)
  same('posted', page.total.postedFen, fold.postedFen)
  same('the count of sales', page.total.saleCount, fold.sales.size)
  same('carry', page.carryE4Fen, carryOf(fold))
  const plus = {
    pending: 'pendingFen',
    available: 'availableFen',
    reserved: 'reservedFen',
    due: 'dueFen',
    cash: 'cashFen',
  }
  for (const [account, field] of Object.entries(plus)) {
    same(field, page.balances[field], fold.balances.get(account))
  }
  same('clawbackFen', page.balances['clawbackFen'], 0 - (fold.balances.get('clawback') ?? 0))
  same('the length of the list', fund.listed.length, fold.entries.length)
  const oldestFirst = [...fund.listed].reverse()
  const wrong = oldestFirst.findIndex((entry, at) => entry.hash !== fold.entries[at]?.hash)
  if (wrong >= 0) note('I10', `${name}: the list and the export differ at entry ${wrong + 1}`)
  checkCsv(fund, fold, note)
  if (fund.reconciled === undefined) return
  if (fund.reconciled.posted > 0) note('I9', `${name}: ${fund.reconciled.posted} events had not been posted`)
  if (!fund.reconciled.ok) note('I9', `${name}: reconcile says ${fund.reconciled.problems.join('; ')}`)
}

function checkCsv(fund: FundEvidence, fold: Fold, note: Note): void {
  const name = fund.compound.compoundId
  const rows: Record<string, string>[] = parse(fund.csv, { bom: true, columns: true, relax_column_count: false })
  if (rows.length !== fold.entries.length) note('I10', `${name}: the CSV has ${rows.length} rows`)
  rows.forEach((row, at) => {
    const entry = fold.entries[at]
    const posted = entry?.postings.find(({ account }) => account === 'sales')?.deltaFen ?? 0
    if (
      row['hash'] !== entry?.hash ||
      Number(row['amountFen']) !== entry?.amountFen ||
      Number(row['salesFen']) !== posted
    )
      note('I10', `${name}: row ${at + 1} of the CSV is not entry ${at + 1}`)
  })
}

/** Σ over donors of what is not a whole fen yet, in 1/10,000 fen. */
export function carryOf(fold: Fold): number {
  return [...fold.donors.values()].reduce((sum, donor) => sum + Number(donor.accruedE4 % 10_000n), 0)
}

function checkOrders({ orders }: Evidence, note: Note): void {
  const wanted = { cancelled: 'cancelled', other: 'expired' }
  for (const order of orders) {
    const { view, story } = order
    const should = endsPaid[story] ? 'paid' : story === 'cancelled' ? wanted.cancelled : wanted.other
    if (view === undefined) note('ORDERS', `${order.orderId} cannot be read`)
    else if (view.state !== should) note('ORDERS', `${order.orderId} (${story}) is ${view.state} and not ${should}`)
    if (view === undefined) continue
    if (view.amountFen !== order.amountFen)
      note('ORDERS', `${order.orderId} costs ${view.amountFen}, not ${order.amountFen}`)
    const shares = view.shares.reduce((sum, share) => sum + share.amountFen, 0)
    if (shares !== order.amountFen) note('ORDERS', `the shares of ${order.orderId} add up to ${shares}`)
    checkRefunds(order, note)
  }
}

function checkRefunds(order: OrderRecord, note: Note): void {
  const asked = order.refunds.reduce((sum, refund) => sum + refund.amountFen, 0)
  if (order.view?.refundedFen !== asked)
    note('REFUNDS', `${order.orderId}: ${order.view?.refundedFen} refunded of ${asked}`)
  for (const refund of order.refunds) {
    const seen = order.view?.refunds.find((each) => each.refundId === refund.refundId)
    if (seen?.state !== 'succeeded') note('REFUNDS', `refund ${refund.refundId} is ${seen?.state ?? 'lost'}`)
    if (seen?.amountFen !== refund.amountFen) note('REFUNDS', `refund ${refund.refundId} has another amount`)
  }
}

/** I3, I4 and I9, from our side: each share that was paid, each reversal, each settlement is one entry; nothing else is. */
function checkEntered({ orders, alone, settled }: Evidence, folds: ReadonlyMap<string, Fold>, note: Note): void {
  const ours = new Map<string, Set<string>>()
  for (const order of orders) {
    const fold = folds.get(order.compoundId)
    const ids = ours.get(order.compoundId) ?? new Set<string>()
    ours.set(order.compoundId, ids)
    for (const share of order.view?.shares ?? []) {
      const sale = fold?.sales.get(share.saleId)
      if (!endsPaid[order.story]) {
        if (sale !== undefined) note('I9', `${share.saleId} was never paid and is in the fund`)
        continue
      }
      ids.add(share.saleId)
      if (sale === undefined) {
        note('I9', `${share.saleId} was paid and is not in the fund`)
        continue
      }
      if (sale.amountFen !== share.amountFen) note('I9', `${share.saleId} is in the fund with ${sale.amountFen}`)
      if (sale.rateBps !== RATE_BPS || share.rateBps !== RATE_BPS)
        note('RATE', `${share.saleId} gives at ${sale.rateBps}`)
      const back = order.refunds.flatMap(({ perSale }) => perSale.filter(({ saleId }) => saleId === share.saleId))
      const reversed = back.reduce((sum, each) => sum + each.amountFen, 0)
      if (sale.reversedFen !== reversed)
        note('I4', `${share.saleId}: ${sale.reversedFen} reversed, ${reversed} refunded`)
      if (sale.reversals.length !== back.length) note('I3', `${share.saleId} has ${sale.reversals.length} reversals`)
      if (settled && !sale.settled) note('I9', `${share.saleId} is not settled`)
      if (share.refundedFen !== reversed) note('REFUNDS', `${share.saleId} shows ${share.refundedFen} refunded`)
    }
  }
  if (!alone) return
  for (const [fundId, fold] of folds) {
    for (const saleId of fold.sales.keys()) {
      if (ours.get(fundId)?.has(saleId) !== true) note('I9', `${fundId} has a sale ${saleId} that nobody made`)
    }
  }
}

function checkMoney(evidence: Evidence, folds: ReadonlyMap<string, Fold>, note: Note): void {
  const { orders, alone, parkedOpen, parkedSeen, providerRefunds } = evidence
  const paid = orders.filter((order) => endsPaid[order.story])
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  const taken = sum(orders.flatMap((order) => order.payments.map((payment) => payment.amountFen)))
  const unwanted = orders.flatMap((order) => Array.from({ length: goesBack[order.story] }, () => order))
  const kept = taken - sum(unwanted.map((order) => order.amountFen))
  const sold = sum(paid.map((order) => order.amountFen))
  if (kept !== sold) note('MONEY', `${taken} fen came in, ${kept} should stay, and ${sold} are sold`)
  if (alone) {
    const recorded = sum([...folds.values()].map((fold) => fold.salesFen))
    if (recorded !== kept) note('MONEY', `${kept} fen came in and stay, ${recorded} are recorded as sales`)
  }
  if (parkedOpen > 0) note('MONEY', `${parkedOpen} payments are still parked`)
  const back = sum(orders.map((order) => order.refunds.length)) + unwanted.length
  if (providerRefunds === undefined) {
    for (const order of unwanted) {
      const parked = parkedSeen.find((each) => each.orderId === order.orderId)
      if (parked?.amountFen !== order.amountFen)
        note('MONEY', `the money too much of ${order.orderId} was never parked`)
    }
  } else if (alone ? providerRefunds !== back : providerRefunds < back) {
    note('MONEY', `the provider gave back ${providerRefunds} times, and ${back} were due`)
  }
}

/** What is gone from the shelves is what was paid: nothing more (unpaid goods are back), nothing less. */
function checkStock({ orders, stockBefore, stockAfter, alone }: Evidence, note: Note): void {
  const soldOf = soldPortions(orders)
  const before = new Map(stockBefore.map((each) => [each.offerId, each]))
  for (const after of stockAfter) {
    const sold = soldOf.get(after.offerId) ?? 0
    const gone = (before.get(after.offerId)?.left ?? after.stock) - after.left
    if (after.left < 0) note('STOCK', `${after.offerId} has ${after.left} left`)
    if (alone ? gone !== sold : gone < sold)
      note('STOCK', `${after.offerId}: ${gone} gone from the shelf, ${sold} paid`)
  }
}

function soldPortions(orders: readonly OrderRecord[]): Map<string, number> {
  const sold = new Map<string, number>()
  for (const order of orders.filter(({ story }) => endsPaid[story])) {
    for (const line of order.lines) sold.set(line.offerId, (sold.get(line.offerId) ?? 0) + line.quantity)
  }
  return sold
}

/** Portions that were paid for and did not exist: Σ max(0, sold − stock). */
export function oversoldOf({ orders, stockAfter }: Evidence): number {
  const sold = soldPortions(orders)
  return stockAfter.reduce((sum, { offerId, stock }) => sum + Math.max(0, (sold.get(offerId) ?? 0) - stock), 0)
}
