import { asCounted, countVotes } from '#shared/domain/governance/decide-system.ts'
import { openStops, overriddenChecks } from '#shared/domain/governance/decide-check.ts'
import { signaturesOf, SIGNATURES } from '#shared/domain/governance/emergency.ts'
import { foldSteps, type Proposal } from '#shared/domain/governance/proposal.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { loadCountedBallots, loadProposal } from '#functions/platform/proposal-record.ts'
import { checksAround } from '#functions/platform/check-record.ts'
import type { Problem, ProjectEntry } from './check-ledger.ts'

const AT_ONCE = 4

/**
 * I13: no money is kept, released or paid for a project but by its own record: decided by votes that counted again say the
 * same, of this compound and purpose, sum by sum; and none is paid past a check that was on. For an emergency it is kept by two
 * signatures, and paid only when votes ratified it besides. An entry and its step are written in one transaction, so whichever
 * is read first, the other is there when it is read.
 */
export async function checkProjectEntries(fundId: string, entries: readonly ProjectEntry[]): Promise<Problem[]> {
  const found = await inParallel(entries, AT_ONCE, async (entry) => wrongOf(fundId, entry))
  return found.flatMap((wrong, at) => {
    const entry = entries[at]
    if (wrong === undefined || entry === undefined) return []
    return [{ invariant: 'I13', what: `entry ${entry.seq} (${entry.eventId}) ${wrong}` }]
  })
}

async function wrongOf(fundId: string, entry: ProjectEntry): Promise<string | undefined> {
  const record = await loadProposal(entry.proposalId)
  if (record === undefined) return 'has no proposal'
  if (record.item.compoundId !== fundId) return 'is of the proposal of another compound'
  const proposal = foldSteps(record.steps)
  if (proposal.content.purpose !== entry.purpose) return 'is for another purpose than its proposal'
  const recordedFen = recordedOf(proposal, entry)
  if (recordedFen === undefined) return `has a proposal that knows nothing of it (${proposal.state})`
  if (recordedFen !== entry.movedFen) return `moved ${entry.movedFen} fen, its proposal says ${recordedFen}`
  const unchecked = entry.kind === 'disbursement' ? await isUnchecked(record.item.communityId, proposal) : undefined
  const unsigned = proposal.emergency === undefined ? undefined : isUnsigned(proposal)
  const needsVotes = proposal.emergency === undefined || entry.kind === 'disbursement' || proposal.payment !== undefined
  return unchecked ?? unsigned ?? (needsVotes ? isDecidedByVotes(proposal, entry.proposalId) : undefined)
}

/** Two of the committee, of two households, none of them its author or interested, had typed its sum when it was kept. */
function isUnsigned({ steps, costFen }: Proposal): string | undefined {
  const at = steps.findIndex(({ facts }) => facts.act === 'reserve')
  const before = foldSteps(steps.slice(0, at))
  const signed = signaturesOf(before).filter(
    ({ actor, facts }) => actor === 'committee' && facts.act === 'sign' && facts.amountFen === costFen,
  )
  const theirs = [...signed, before.author]
  const persons = new Set(theirs.map(({ personId }) => personId))
  const homes = theirs.flatMap(({ householdId }) => (householdId === undefined ? [] : [householdId]))
  const isApart = persons.size === theirs.length && new Set(homes).size === homes.length
  return signed.length >= SIGNATURES && isApart ? undefined : 'was not signed by two'
}

/**
 * Each check that was on when it was paid has to be named, and each that had stopped this approval, whether on or off by then:
 * it has said yes since, or two overrode it. What is said to be overridden was, by two.
 */
async function isUnchecked(communityId: string, { steps }: Proposal): Promise<string | undefined> {
  const at = steps.findLastIndex(({ facts }) => facts.act === 'pay')
  const step = steps[at]
  if (step?.facts.act !== 'pay') return undefined
  const { checks = [] } = step.facts
  const before = foldSteps(steps.slice(0, at))
  const overridden = overriddenChecks(before)
  const isFalse = ({ checkId, verdict }: (typeof checks)[number]) =>
    verdict === 'overridden' && !overridden.includes(checkId)
  if (checks.some(isFalse)) return 'says that a check was overridden that was not'
  const isMissed = (checkId: string) => checks.every((named) => named.checkId !== checkId)
  const stopped = openStops(before).flatMap(({ checkId }) => (isMissed(checkId) ? [checkId] : []))
  if (stopped.length > 0) return `was paid past a check that had stopped it: ${stopped.join(' ')}`
  const missed = (await checksAround(communityId, step.at)).filter(isMissed)
  return missed.length === 0 ? undefined : `was paid past a check that was on: ${missed.join(' ')}`
}

/** The sum that the proposal's own steps name for this very entry. */
function recordedOf(proposal: Proposal, { kind, seq }: ProjectEntry): number | undefined {
  const { payment, costFen, steps } = proposal
  switch (kind) {
    case 'reservation':
      return steps.some(({ facts }) => facts.act === 'reserve' && facts.seq === seq) ? costFen : undefined
    case 'disbursement':
      return payment?.seq === seq ? payment.paidFen : undefined
    case 'release':
      // What a payment leaves over is released by the entry after it; what is broken off, by an entry of its own.
      if (payment !== undefined) return payment.seq + 1 === seq ? payment.releasedFen : undefined
      return steps.some(({ facts }) => facts.act === 'release' && facts.seq === seq) ? costFen : undefined
  }
}

async function isDecidedByVotes(proposal: Proposal, proposalId: string): Promise<string | undefined> {
  const counted = asCounted(proposal)
  if (counted === undefined) return 'was never voted on'
  const tallies = countVotes(counted, await loadCountedBallots(proposalId))
  if (Object.values(tallies).some(({ passed }) => !passed)) return 'was not passed by the votes that are kept'
  return JSON.stringify(tallies) === JSON.stringify(proposal.vote?.tallies)
    ? undefined
    : 'has votes that do not add up to what was counted'
}
