import type { Actor } from '#shared/contracts/governance.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { isSigned } from './emergency.ts'
import type { Proposal } from './proposal.ts'

/** Why this signature cannot be; who may sign at all is told elsewhere. */
export function faultOfSignature(
  proposal: Proposal,
  { actors }: { readonly actors: readonly Actor[] },
  now: Instant,
): Refused<'NOT_NOW' | 'FOUR_EYES'> | undefined {
  if (actors.includes('supervisor')) return refused('FOUR_EYES', '您是监督员：监督的人不签字，要请另一位委员')
  if (isSigned(proposal)) return refused('NOT_NOW', '已经有两位签了字')
  return proposal.dueAt !== undefined && now >= proposal.dueAt ? refused('NOT_NOW', '签字的时间已经过了') : undefined
}
