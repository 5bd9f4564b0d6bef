import { countWaiting } from '#functions/platform/paper-record.ts'
import { loadCountedBallots, pageOfDueProposals } from '#functions/platform/proposal-record.ts'
import {
  decideVote,
  lapsesAt,
  nextOfSystem,
  openVote,
  overdueStep,
  plainStep,
} from '#shared/domain/governance/decide-system.ts'
import { isCommitteeWhole } from '#shared/domain/governance/rules.ts'
import { after, type Proposal } from '#shared/domain/governance/proposal.ts'
import type { Step } from '#shared/domain/governance/steps.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { countHouseholds } from '#functions/platform/households.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { log } from '#functions/platform/log.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { shutWrites } from './emergency-way.ts'
import { loadCommittee } from './committee.ts'
import { tellHomes } from './tell-homes.ts'
import { countRatings, getProposalRecord, saveStep, voidBallots, type Loaded } from './proposal-store.ts'

/** Shut, count, decide: what follows at once is done at once. */
const STEPS_A_TURN = 4

/**
 * Each minute: notices that are over open their vote, votes that are over are shut and counted, ratings likewise, what
 * waited too long lapses, what was shown long enough is closed; households that are asked are told. Late, twice or cut off,
 * the result is the same.
 */
export const handler = scheduleHandler('governance', async (at, hasTime) => {
  const counts = { moved: 0, waiting: 0, failed: 0 }
  let cursor: string | undefined
  do {
    const page = await pageOfDueProposals('governance', at, cursor)
    for (const { proposalId } of page.items) {
      if (!hasTime()) return counts
      try {
        const moved = await moveOn(proposalId, at)
        counts.moved += moved
        if (moved === 0) counts.waiting++
      } catch (error) {
        counts.failed++
        log('error', 'proposal not moved', { proposalId, why: error instanceof Error ? error.message : '' })
      }
    }
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  const { told, failed } = await tellHomes(at, hasTime)
  // What waits for a whole committee is nobody's news each minute.
  return { moved: counts.moved, failed: counts.failed + failed, told }
})

async function moveOn(proposalId: string, at: Instant): Promise<number> {
  let moved = 0
  for (let turn = 0; turn < STEPS_A_TURN; turn++) {
    const record = await getProposalRecord(proposalId)
    if (record === undefined) return moved
    const step = await nextStep(record, at)
    if (step === undefined) return moved
    const proposal = after(record.proposal, step)
    const shut = shutWrites(record.item, record.proposal, proposal, at)
    if ((await saveStep(record.item, proposal, shut)) === 'saved') moved++
  }
  return moved
}

async function nextStep({ item, proposal }: Loaded, at: Instant): Promise<Step | undefined> {
  const next = nextOfSystem(proposal)
  if (next === undefined || next.by !== 'governance' || next.at > at) return undefined
  switch (next.act) {
    case 'open': {
      const members = await loadCommittee(item.communityId, at)
      if (!isCommitteeWhole(members.length)) return lapsesAt(proposal) <= at ? plainStep('lapse', at) : undefined
      return openVote(proposal, members, await countHouseholds(item.compoundId, at), at, governanceDayMs())
    }
    case 'decide': {
      await voidBallots(item.proposalId, at)
      const ballots = await loadCountedBallots(item.proposalId)
      return decideVote(proposal, ballots, at, governanceDayMs(), await countWaiting(item.proposalId))
    }
    case 'rated':
      return { at, actor: 'system', facts: { act: 'rated', counts: await countRatings(item.proposalId, at) } }
    case 'overdue':
      return overdueStep(next, at)
    case 'shut':
    case 'lapse':
    case 'close':
      return plainStep(next.act, at)
    default:
      return isOfFund(proposal)
  }
}

function isOfFund(proposal: Proposal): undefined {
  assert(['decided', 'signing', 'releasing'].includes(proposal.state), 'what moves money is done beside the ledger')
  return undefined
}
