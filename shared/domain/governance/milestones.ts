import type { Actor } from '#shared/contracts/governance.ts'
import type { Facts, PayFacts } from './steps.ts'

type FactsOf<Name extends Facts['act']> = Extract<Facts, { readonly act: Name }>

/** A milestone 分期 that was paid before the last one, with all that was its own. */
export type PaidMilestone = {
  readonly work: FactsOf<'finish'>
  readonly acceptedBy: readonly Actor[]
  readonly payment: PayFacts
}

type Planned = {
  readonly costFen: number
  readonly costing?: FactsOf<'cost'>
  readonly paidMilestones: readonly PaidMilestone[]
  readonly payment?: PayFacts
}

export type Milestone = {
  /** From 1. */
  readonly number: number
  readonly count: number
  readonly amountFen: number
  readonly isLast: boolean
}

/** The milestone that is done and paid next; undefined of what is paid at once, and when all is paid. */
export function milestoneOf({ costing, paidMilestones, payment }: Planned): Milestone | undefined {
  const plan = costing?.milestones
  const at = paidMilestones.length
  const next = plan?.[at]
  if (plan === undefined || next === undefined || payment !== undefined) return undefined
  return { number: at + 1, count: plan.length, amountFen: next.amountFen, isLast: at + 1 === plan.length }
}

/** What the next payment may come to: its milestone's amount. What an earlier one saved is kept for nothing else. */
export function limitFen(proposal: Planned): number {
  return milestoneOf(proposal)?.amountFen ?? proposal.costFen
}

export function paymentsOf({ paidMilestones, payment }: Planned): PayFacts[] {
  return [...paidMilestones.map((each) => each.payment), ...(payment === undefined ? [] : [payment])]
}

export function paidFen(proposal: Planned): number {
  return paymentsOf(proposal).reduce((sum, payment) => sum + payment.paidFen, 0)
}

/** Of what was decided, what no milestone was paid from yet: kept until the last one is paid, or the project broken off. */
export function unpaidFen(proposal: Planned): number {
  return proposal.costFen - paidFen(proposal)
}

/** The name of a payment's entry in the ledger: one payment, or one of each milestone. */
export function paymentEventId(proposalId: string, milestone: number | undefined): string {
  return `disbursement:${proposalId}${milestone === undefined ? '' : `-p${milestone}`}`
}

/** What whole percents of a sum come to, in fen; what a division leaves over is the last one's, so that together they are all. */
export function sumsOfShares(costFen: number, percents: readonly number[]): number[] {
  const before = percents.slice(0, -1).map((percent) => Math.floor((costFen * percent) / 100))
  const last = costFen - before.reduce((sum, each) => sum + each, 0)
  return percents.length === 0 ? [] : [...before, last]
}
