import type { Body } from '#shared/contracts/route.ts'
import type { payProject } from '#shared/contracts/fund-projects.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { actualFen, barOfAct, faultOfMilestone, type Person } from './decide-act.ts'
import { overriddenChecks } from './decide-check.ts'
import { isInterested } from './interest.ts'
import { limitFen, milestoneOf, paidFen as paidSoFar, paymentsOf } from './milestones.ts'
import type { Proposal } from './proposal.ts'
import { days } from './rules.ts'
import type { PayFacts, Step } from './steps.ts'

type Payment = Body<typeof payProject>
type Refusal = 'NOT_NOW' | 'FOUR_EYES' | 'INTERESTED' | 'MILESTONE_DIFFERS' | 'TYPED_AMOUNT_DIFFERS' | 'DAY_WRONG'

export type PaymentDecision =
  | {
      readonly kind: 'pay'
      /** Of a project that is paid in several. */
      readonly milestone?: { readonly number: number; readonly count: number }
      readonly paidFen: number
      readonly releasedFen: number
      /** The step, once the ledger has given the entry its number. */
      readonly stepOf: (seq: number, checks?: PayFacts['checks']) => Step
      /** Checks that two persons have let it past: they are not asked again. */
      readonly overridden: readonly string[]
    }
  | { readonly kind: 'same'; readonly payment: PayFacts }
  | { readonly kind: 'forbidden' }
  | Refused<Refusal>

/**
 * Whether this person may record this payment: approved, accepted by two, by none of those who had a part in it. What is
 * paid is the sum of the receipts; what was reserved beyond all payments is released with the last one.
 */
export function decidePayment(
  proposal: Proposal,
  payment: Payment,
  person: Person,
  now: Instant,
  dayMs: number,
): PaymentDecision {
  if (!person.actors.includes('charity')) return { kind: 'forbidden' }
  const done = sentBefore(proposal, payment, person)
  if (done !== undefined) return { kind: 'same', payment: done }
  if (proposal.payment !== undefined) return refused('NOT_NOW', '这个项目已经付过款了')
  const bar = barOfAct(proposal, 'pay', person)
  if (bar !== undefined) return bar
  const other = faultOfMilestone(proposal, payment.milestone)
  if (other !== undefined) return other
  if (proposal.state !== 'approved') return refused('NOT_NOW', '这个项目现在不能付款')
  if (proposal.suspended) return refused('NOT_NOW', '这件提案已被暂停')
  const late = proposal.partSteps.some(
    ({ part, step }) =>
      (part === 'acceptor' || part === 'approver' || part === 'overrider') &&
      step.memberId !== undefined &&
      isInterested(proposal, { memberId: step.memberId, householdId: step.householdId }),
  )
  if (late) return refused('INTERESTED', '验收、批准或放行的人后来申报了利害关系，请退回，换人重新办')
  const paidFen = actualFen(proposal)
  assert(
    paidFen !== undefined && paidFen <= limitFen(proposal),
    'approved work has receipts, and not above what was decided',
  )
  if (payment.amountFen !== paidFen)
    return refused('TYPED_AMOUNT_DIFFERS', undefined, { amountFen: '和批准的金额不一样，请核对' })
  const approvedAt = proposal.partSteps.findLast(({ part }) => part === 'approver')?.step.at
  assert(approvedAt !== undefined, 'somebody approved it')
  if (payment.paidOn > shanghaiDay(now)) return refused('DAY_WRONG', undefined, { paidOn: '付款日期还没有到' })
  if (payment.paidOn < shanghaiDay(approvedAt)) return refused('DAY_WRONG', undefined, { paidOn: '付款日期在批准以前' })
  const milestone = milestoneOf(proposal)
  const isLast = milestone?.isLast ?? true
  // What an earlier milestone saved is kept until the end: it is nobody's to spend, and goes back with the rest.
  const releasedFen = isLast ? proposal.costFen - paidSoFar(proposal) - paidFen : 0
  const { bankReference, paidOn } = payment
  return {
    kind: 'pay',
    ...(milestone === undefined ? {} : { milestone }),
    paidFen,
    releasedFen,
    overridden: overriddenChecks(proposal),
    stepOf: (seq, checks = []) => ({
      ...{ at: now, actor: 'charity', personId: person.personId, memberId: person.memberId },
      ...(person.householdId === undefined ? {} : { householdId: person.householdId }),
      facts: {
        ...{ act: 'pay', bankReference, paidOn, paidFen, releasedFen, seq },
        ...(milestone === undefined ? {} : { milestone: milestone.number }),
        ...(checks.length === 0 ? {} : { checks }),
      },
      until: plusMs(now, (isLast ? days.results : (proposal.costing?.termDays ?? days.start)) * dayMs),
    }),
  }
}

/** A retry: this very payment, by the same person, from the same slip. */
function sentBefore(proposal: Proposal, sent: Payment, { personId }: Person): PayFacts | undefined {
  return paymentsOf(proposal).find((done) => {
    const step = proposal.steps.find(({ facts }) => facts === done)
    const isSame = done.bankReference === sent.bankReference && done.paidFen === sent.amountFen
    return step?.personId === personId && isSame && done.milestone === sent.milestone
  })
}
