import { setTimeout as sleep } from 'node:timers/promises'
import { reconcileFund } from '#shared/contracts/fund.ts'
import { Refused, say, Usage, type Result } from '../result.ts'
import { fundsOf, must, type Flags, type Operator } from './operator.ts'

type Problem = { readonly invariant: string; readonly what: string }
export type FundReconciled = {
  readonly fundId: string
  readonly ok: boolean
  readonly posted: number
  readonly problems: readonly Problem[]
}

/** What each invariant says, for who has not the design at hand. */
const invariants: Readonly<Record<string, string>> = {
  I1: 'each entry adds up to zero',
  I2: 'a donor gave exactly its share',
  I3: 'one event, one entry',
  I4: 'no more is reversed than was sold',
  I5: 'nothing is available below zero',
  I6: 'balances are the sum of the entries',
  I8: 'no gap, and no link of the chain broken',
  I9: 'each event of the market is posted',
  I11: 'remittances are as their own records say',
  I12: 'what was posted by hand was approved by a second person',
  I13: 'what was kept and paid for a project was decided by its votes',
}

export async function reconcileFunds(operator: Operator, flags: Flags): Promise<Result> {
  const funds = await reconcileEach(operator, await fundsOf(operator, flags))
  return summary(funds)
}

export function summary(funds: readonly FundReconciled[]): Result {
  const problems = funds.flatMap((fund) => fund.problems)
  return {
    funds: funds.map(({ problems: found, ...fund }) => ({ ...fund, problemCount: found.length })),
    posted: funds.reduce((sum, { posted }) => sum + posted, 0),
    problemCount: problems.length,
    byInvariant: Object.fromEntries([...grouped(problems)].map(([invariant, found]) => [invariant, found.length])),
    ok: funds.every(({ ok }) => ok),
  }
}

export async function reconcileEach(operator: Operator, fundIds: readonly string[]): Promise<FundReconciled[]> {
  if ((await operator.token()) === undefined) throw new Usage('--token is needed: not everybody may reconcile a fund')
  const funds: FundReconciled[] = []
  for (const fundId of fundIds) {
    const fund = await reconcileOne(operator, fundId)
    tell(fund)
    funds.push(fund)
  }
  return funds
}

/** Answers in a row that do not get on: others post all the while, or nothing is ever done. */
const STANDSTILL_MAX = 20
const PAUSE_MS = 500

/** Asks again where an answer stopped, until one is done. */
async function reconcileOne(operator: Operator, fundId: string): Promise<FundReconciled> {
  const problems = new Map<string, Problem>()
  let ok = true
  let posted = 0
  let standstill = 0
  for (let fromDay: string | undefined; ;) {
    const asked = { params: { compoundId: fundId }, body: fromDay === undefined ? {} : { fromDay } }
    const answer = await must(operator, reconcileFund, asked, `fund ${fundId}`)
    ok &&= answer.ok
    posted += answer.posted
    // A part that is looked at twice finds the same twice.
    for (const problem of answer.problems) problems.set(`${problem.invariant} ${problem.what}`, problem)
    if (answer.done) return { fundId, ok, posted, problems: [...problems.values()] }
    const getsOn = (answer.fromDay ?? '') > (fromDay ?? '')
    standstill = getsOn ? 0 : standstill + 1
    if (standstill === STANDSTILL_MAX)
      throw new Refused(`fund ${fundId}: the reconcile does not get on: try again later`)
    if (!getsOn) await sleep(PAUSE_MS * Math.random())
    fromDay = answer.fromDay
    say(`fund ${fundId}: not done yet, goes on ${fromDay === undefined ? 'from the beginning' : `after ${fromDay}`}`)
  }
}

function grouped(problems: readonly Problem[]): Map<string, Problem[]> {
  return Map.groupBy(problems, ({ invariant }) => invariant)
}

function tell({ fundId, ok, posted, problems }: FundReconciled): void {
  say(`${ok ? '✓' : '✗'} fund ${fundId}: ${posted} entries posted that were missing, ${problems.length} problems`)
  for (const [invariant, found] of grouped(problems)) {
    say(`  ${invariant} ${invariants[invariant] ?? ''}: ${found.length}`)
    for (const { what } of found) say(`    ${what}`)
  }
}
