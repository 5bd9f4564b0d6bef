import type { Movement } from '#shared/domain/fund/movement.ts'
import { nextOfSystem, plainStep, reserveStep } from '#shared/domain/governance/decide-system.ts'
import { unpaidFen } from '#shared/domain/governance/milestones.ts'
import { after, foldSteps, type Proposal } from '#shared/domain/governance/proposal.ts'
import type { Step } from '#shared/domain/governance/steps.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { log } from '#functions/platform/log.ts'
import { loadProposal, pageOfDueProposals, type ProposalRecord } from '#functions/platform/proposal-record.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { transact } from '#functions/platform/table/table.ts'
import { moveFund } from './move-fund.ts'
import { writesOf } from './project-step.ts'

/**
 * Each minute: what was decided is reserved, and what was broken off is released, in the ledger transaction that says so.
 * While there is not enough in the fund a decided proposal waits; in the end it lapses.
 */
export const handler = scheduleHandler('fund', async (at, hasTime) => {
  const counts = { reserved: 0, released: 0, lapsed: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await pageOfDueProposals('fund', at, cursor)
    for (const { proposalId } of page.items) {
      if (!hasTime()) return counts
      try {
        const done = await moveOn(proposalId, at)
        if (done !== undefined) counts[done]++
      } catch (error) {
        // Somebody writes to this fund, or to the proposal: the next tick comes in a minute.
        if (error instanceof Busy) continue
        counts.failed++
        log('error', 'project not moved', { proposalId, why: error instanceof Error ? error.message : '' })
      }
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
})

async function moveOn(proposalId: string, at: Instant): Promise<'reserved' | 'released' | 'lapsed' | undefined> {
  const record = await loadProposal(proposalId)
  if (record === undefined) return undefined
  const proposal = foldSteps(record.steps)
  const next = nextOfSystem(proposal)
  if (next?.by !== 'fund' || next.at > at) return undefined
  if (next.act === 'release') {
    const step = (seq: number): Step => ({ at, actor: 'system', facts: { act: 'release', seq } })
    return (await move(record, proposal, 'release', step, at)) === 'moved' ? 'released' : undefined
  }
  const outcome = await move(
    record,
    proposal,
    'reservation',
    (seq) => reserveStep(proposal, seq, at, governanceDayMs()),
    at,
  )
  if (outcome === 'moved') return 'reserved'
  const isTooLate = proposal.dueAt !== undefined && at >= proposal.dueAt
  if (outcome !== 'NOT_AVAILABLE' || !isTooLate) return undefined
  const lapsed = after(proposal, plainStep('lapse', at))
  const done = await transact(writesOf(record.item, lapsed))
  return done.kind === 'done' ? 'lapsed' : undefined
}

async function move(
  { item }: ProposalRecord,
  proposal: Proposal,
  kind: 'reservation' | 'release',
  stepOf: (seq: number) => Step,
  at: Instant,
): Promise<string | undefined> {
  const { proposalId, compoundId, purpose } = item
  // What was paid of it stays paid: the rest goes back. Before the first payment that is all of it.
  const movedFen = unpaidFen(proposal)
  const movement: Movement = {
    ...{ eventId: `${kind}:${proposalId}`, kind, proposalId, purpose, movedFen, occurredAt: at },
  }
  const { entries, refused } = await moveFund(compoundId, [movement], ([posted]) => {
    assert(posted !== undefined, 'a movement that is not refused has an entry')
    return writesOf(item, after(proposal, stepOf(posted.seq)))
  })
  const code = refused[0]?.code
  if (code !== undefined && code !== 'NOT_AVAILABLE')
    log('error', 'project refused by the ledger', { proposalId, kind, code })
  return code ?? (entries.length > 0 ? 'moved' : undefined)
}
