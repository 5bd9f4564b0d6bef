import { overriddenChecks, stopStep } from '#shared/domain/governance/decide-check.ts'
import { after, type Proposal } from '#shared/domain/governance/proposal.ts'
import type { PayFacts } from '#shared/domain/governance/steps.ts'
import { keysInUse } from '#shared/domain/hooks/keys.ts'
import { checkQuestion } from '#shared/domain/hooks/news.ts'
import { type Verdict, verdictOf } from '#shared/domain/hooks/verdict.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { askCheck, newQuestionId } from '#functions/platform/ask-check.ts'
import { checksInForce, type CheckToAsk } from '#functions/platform/check-record.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { ProposalRecord } from '#functions/platform/proposal-record.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'
import { writesOf } from './project-step.ts'

/** Of the district and of one community. */
const ASKED_AT_ONCE = 6

export type ToCheck = {
  readonly amountFen: number
  readonly paidOn: string
  readonly askedBy: string
  readonly now: Instant
  /** Checks that have said yes to this very payment in this very request. */
  readonly allowed: Set<string>
}

/**
 * Every check that is on has to say yes before the payment is written, but for those that two persons override. Otherwise it
 * is closed: nothing is written but the proposal's word that its payment was stopped. `holds` goes into the payment's own
 * transaction: a check that was switched on while others were asked lets it fail, and is asked then.
 */
export async function passChecks(record: ProposalRecord, proposal: Proposal, payment: ToCheck) {
  const { checks, holds } = await checksInForce(record.item.communityId)
  const overridden = new Set(overriddenChecks(proposal))
  const { allowed } = payment
  const open = checks.filter(({ check: { checkId } }) => !overridden.has(checkId) && !allowed.has(checkId))
  const verdicts = await inParallel(open, ASKED_AT_ONCE, async (each) => {
    const verdict = await ask(each, record, payment)
    if (verdict.kind === 'allowed') allowed.add(each.check.checkId)
    return { checkId: each.check.checkId, verdict }
  })
  const closed = verdicts.filter(({ verdict }) => verdict.kind !== 'allowed')
  if (closed.length > 0) return stop(record, proposal, closed, payment.now)
  return { kind: 'passed' as const, holds, checks: checks.map(({ check }) => told(check.checkId, overridden)) }
}

export type Passed = { readonly holds: readonly Write[]; readonly checks: NonNullable<PayFacts['checks']> }

const told = (checkId: string, overridden: ReadonlySet<string>) => ({
  checkId,
  verdict: overridden.has(checkId) ? ('overridden' as const) : ('allowed' as const),
})

function ask(
  { check, signing }: CheckToAsk,
  { item }: ProposalRecord,
  { amountFen, paidOn, askedBy, now }: ToCheck,
): Promise<Verdict> {
  const { proposalId, compoundId, communityId } = item
  const questionId = newQuestionId()
  const of = { questionId, proposalId, compoundId, amountFen, paidOn, test: false }
  const { payload } = checkQuestion({ ...of, checkId: check.checkId, communityId }, now)
  return askCheck(check, keysInUse(signing.keys, now), { ...of, payload, askedBy, at: now }, (answer) =>
    verdictOf(answer, of),
  )
}

type Closed = readonly { readonly checkId: string; readonly verdict: Verdict }[]

async function stop({ item }: ProposalRecord, proposal: Proposal, closed: Closed, now: Instant) {
  const no = closed.find(({ verdict }) => verdict.kind === 'said-no')?.verdict
  const reason = no?.kind === 'said-no' ? no.reason : undefined
  const facts = {
    verdict: no === undefined ? ('silent' as const) : ('said-no' as const),
    checkIds: closed.map(({ checkId }) => checkId),
    ...(reason === undefined ? {} : { note: reason }),
  }
  const step = stopStep(proposal, facts, now)
  // Where somebody acted meanwhile it is written down with the next try.
  if (step !== undefined) await transact(writesOf(item, after(proposal, step)))
  return no === undefined
    ? refused('CHECK_SILENT', '拨付前核验没有得到有效回答，没有记账。可以过一会儿再试')
    : refused('CHECK_SAID_NO', `拨付前核验不同意这笔付款，没有记账${reason === undefined ? '' : `：${reason}`}`)
}
