import {
  type CheckStopped,
  openStops,
  overriddenChecks,
  stopStep,
  unaskedChecks,
} from '#shared/domain/governance/decide-check.ts'
import { after, foldSteps, type Proposal } from '#shared/domain/governance/proposal.ts'
import type { PayFacts } from '#shared/domain/governance/steps.ts'
import { keysInUse } from '#shared/domain/hooks/keys.ts'
import { checkQuestion } from '#shared/domain/hooks/news.ts'
import { type Verdict, verdictOf } from '#shared/domain/hooks/verdict.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { askCheck, newQuestionId } from '#functions/platform/ask-check.ts'
import { checksInForce, type CheckToAsk } from '#functions/platform/check-record.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { loadProposal, type ProposalRecord } from '#functions/platform/proposal-record.ts'
import type { ProposalItem } from '#functions/platform/table/items/governance.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'
import { writesOf } from './project-step.ts'

/** Of the district and of one community. */
const ASKED_AT_ONCE = 6
const ATTEMPTS_MAX = 8

export type ToCheck = {
  readonly amountFen: number
  readonly paidOn: string
  readonly milestone: { readonly number: number; readonly count: number } | undefined
  readonly askedBy: string
  readonly now: Instant
  /** Checks that have said yes to this very payment in this very request. */
  readonly allowed: Set<string>
}

/**
 * Every check that is on has to say yes before the payment is written, and so has each that has stopped this approval, on or
 * off, but for those that two persons override. Otherwise it is closed: nothing is written but the proposal's word that its
 * payment was stopped. `holds` goes into the payment's own transaction: a check that was switched on while others were asked
 * lets it fail, and is asked then.
 */
export async function passChecks(record: ProposalRecord, proposal: Proposal, payment: ToCheck) {
  const { checks, holds } = await checksInForce(record.item.communityId)
  const on = checks.map(({ check }) => check.checkId)
  const overridden = new Set(overriddenChecks(proposal))
  const { allowed } = payment
  const unasked = new Set(unaskedChecks(proposal, on).filter((checkId) => !allowed.has(checkId)))
  const standing = openStops(proposal).filter(({ checkId }) => unasked.has(checkId))
  const isAsked = (checkId: string) => !overridden.has(checkId) && !allowed.has(checkId) && !unasked.has(checkId)
  const open = checks.filter(({ check }) => isAsked(check.checkId))
  const verdicts = await inParallel(open, ASKED_AT_ONCE, async (each) => {
    const verdict = await ask(each, record, payment)
    if (verdict.kind === 'allowed') allowed.add(each.check.checkId)
    return { checkId: each.check.checkId, verdict }
  })
  const closed = [...standing, ...verdicts.flatMap(stoppedBy)]
  if (closed.length > 0) {
    const isOff = standing.some(({ checkId }) => !on.includes(checkId))
    return stop(record, proposal, closed, standing.length === 0 ? '' : isOff ? WAS_OFF : IS_FULL, payment.now)
  }
  // One that stopped it and was switched off since it said yes is named, too.
  const named = new Set([...on, ...openStops(proposal).map(({ checkId }) => checkId), ...overridden])
  return { kind: 'passed' as const, holds, checks: [...named].map((checkId) => told(checkId, overridden)) }
}

const WAS_OFF = '。拦住它的核验已经停用：要由监督员和另一位放行，或者重新启用再核验'
const IS_FULL = '。这件提案的记录已经很多，不再核验：要由监督员和另一位放行'

export type Passed = { readonly holds: readonly Write[]; readonly checks: NonNullable<PayFacts['checks']> }

const told = (checkId: string, overridden: ReadonlySet<string>) => ({
  checkId,
  verdict: overridden.has(checkId) ? ('overridden' as const) : ('allowed' as const),
})

function ask(
  { check, signing }: CheckToAsk,
  { item }: ProposalRecord,
  { amountFen, paidOn, milestone, askedBy, now }: ToCheck,
): Promise<Verdict> {
  const { proposalId, compoundId, communityId } = item
  const questionId = newQuestionId()
  const which = milestone === undefined ? {} : { milestone: milestone.number, milestones: milestone.count }
  const of = { questionId, proposalId, compoundId, amountFen, paidOn, test: false, ...which }
  const { payload } = checkQuestion({ ...of, checkId: check.checkId, communityId }, now)
  return askCheck(check, keysInUse(signing.keys, now), { ...of, payload, askedBy, at: now }, (answer) =>
    verdictOf(answer, of),
  )
}

function stoppedBy({ checkId, verdict }: { checkId: string; verdict: Verdict }): CheckStopped[] {
  if (verdict.kind === 'allowed') return []
  const { reason } = verdict.kind === 'said-no' ? verdict : {}
  return [{ checkId, verdict: verdict.kind, ...(reason === undefined ? {} : { note: reason }) }]
}

/** Not lost when somebody acts, or the clock says something, meanwhile; of an approval that is over by then it is no news. */
async function writeDown(item: ProposalItem, proposal: Proposal, closed: readonly CheckStopped[], now: Instant) {
  const approval = approvalOf(proposal)
  let [current, at] = [proposal, now]
  for (let attempt = 0; attempt < ATTEMPTS_MAX && approvalOf(current) === approval; attempt++) {
    const step = stopStep(current, closed, at)
    if (step === undefined) return
    const done = await transact(writesOf(item, after(current, step)))
    const record = done.kind === 'done' ? undefined : await loadProposal(item.proposalId)
    if (record === undefined) return
    current = foldSteps(record.steps)
    at = clock()
  }
}

/** Which one it is that would be paid, if one is. */
function approvalOf({ state, steps }: Proposal): number | undefined {
  return state === 'approved' ? steps.findLastIndex(({ facts }) => facts.act === 'approve') : undefined
}

async function stop(
  { item }: ProposalRecord,
  proposal: Proposal,
  closed: readonly CheckStopped[],
  more: string,
  now: Instant,
) {
  await writeDown(item, proposal, closed, now)
  if (closed.every(({ verdict }) => verdict === 'silent')) {
    const what = more === '' ? '。可以过一会儿再试' : more
    return refused('CHECK_SILENT', `拨付前核验没有得到有效回答，没有记账${what}`)
  }
  const reasons = [...new Set(closed.flatMap(({ note }) => (note === undefined ? [] : [note])))]
  const why = reasons.length === 0 ? '' : `：${reasons.join('；')}`
  return refused('CHECK_SAID_NO', `拨付前核验不同意这笔付款，没有记账${why}${more}`)
}
