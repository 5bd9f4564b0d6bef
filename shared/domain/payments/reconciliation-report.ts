import {
  checkedShape,
  type FindingKind,
  findingKinds,
  FINDINGS_MAX,
  type ReconciliationReport,
} from '../../contracts/payments-reconciliation.ts'
import { assert } from '../../kernel/assert.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Finding } from './compare-payment.ts'

export type KindSum = ReconciliationReport['kinds'][number]
export type Checked = Record<keyof typeof checkedShape, number>

export const nothingChecked = (): Checked => ({
  checked: 0,
  applied: 0,
  parked: 0,
  refunds: 0,
  orders: 0,
  parkedMoney: 0,
})

const rank = ({ kind }: { readonly kind: FindingKind }) => findingKinds.indexOf(kind)

/** Counts and sums of findings by kind, in the order of the kinds. */
export function sumByKind(findings: readonly Finding[]): KindSum[] {
  return addKinds(
    findings.map(({ kind, amountFen, currency }) => ({
      kind,
      count: 1,
      sumFen: currency === undefined ? amountFen : 0,
    })),
  )
}

function addKinds(sums: readonly KindSum[]): KindSum[] {
  const byKind = new Map<FindingKind, KindSum>()
  for (const { kind, count, sumFen } of sums) {
    const before = byKind.get(kind) ?? { kind, count: 0, sumFen: 0 }
    byKind.set(kind, { kind, count: before.count + count, sumFen: before.sumFen + sumFen })
  }
  return [...byKind.values()].sort((left, right) => rank(left) - rank(right))
}

/** What a part keeps: differences before what was done, for those are what a person must look at. */
export function someOf(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((left, right) => rankToKeep(left) - rankToKeep(right)).slice(0, FINDINGS_MAX)
}

function rankToKeep(finding: Finding): number {
  return isDone(finding.kind) ? findingKinds.length : rank(finding)
}

/** What the comparison did by itself; everything else waits for a person. */
export const isDone = (kind: FindingKind): boolean => kind === 'payment-applied' || kind === 'payment-parked'

type Part = Omit<ReconciliationReport, 'done' | 'left'>

const nameOf = ({ kind, paymentId, orderId, refundId, providerRefundId }: Finding) =>
  [kind, paymentId, orderId, refundId, providerRefundId].join(' ')

/**
 * Differences of earlier comparisons that the last one does not have, each once, those found last first. A comparison looks
 * back some days only: what it does not find any more need not be settled. `earlier`: parts, in any order.
 */
export function noLongerFound(last: readonly Part[], earlier: readonly Part[]): (Finding & { foundAt: Instant })[] {
  const known = new Set(last.flatMap(({ findings }) => findings.map(nameOf)))
  const newest = [...earlier].sort((left, right) => (left.startedAt < right.startedAt ? 1 : -1))
  return newest
    .flatMap(({ startedAt, findings }) => findings.map((finding) => ({ ...finding, foundAt: startedAt })))
    .filter((finding) => {
      const name = nameOf(finding)
      if (isDone(finding.kind) || known.has(name)) return false
      known.add(name)
      return true
    })
}

/** All parts of a comparison as one report. Nothing is compared in two parts, so that counts and sums add up. */
export function reportOf(parts: readonly Part[]): ReconciliationReport {
  const last = parts.at(-1)
  assert(last !== undefined, 'a comparison has a part')
  const { runId, by, since, startedAt, endedAt, cursor } = last
  const checked = nothingChecked()
  for (const part of parts) for (const what of Object.keys(checked) as (keyof Checked)[]) checked[what] += part[what]
  const kinds = addKinds(parts.flatMap((part) => part.kinds))
  const findings = someOf(parts.flatMap((part) => part.findings))
  return {
    ...{ runId, by, since, startedAt, endedAt, done: cursor === undefined },
    ...(cursor === undefined ? {} : { cursor }),
    ...checked,
    ...{ kinds, findings, left: kinds.reduce((sum, { count }) => sum + count, 0) - findings.length },
  }
}
