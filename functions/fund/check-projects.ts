import { isDeepStrictEqual } from 'node:util'
import { asCounted, countVotes, isReadyToReserve, isVotedByItsRules } from '#shared/domain/governance/decide-system.ts'
import { openStops, overriddenChecks } from '#shared/domain/governance/decide-check.ts'
import { signaturesOf, SIGNATURES } from '#shared/domain/governance/emergency.ts'
import { paidFen, paymentEventId, paymentsOf } from '#shared/domain/governance/milestones.ts'
import { faultOfPapers } from '#shared/domain/governance/paper-count.ts'
import { foldSteps, sumFen, type Proposal } from '#shared/domain/governance/proposal.ts'
import type { PayFacts, Step } from '#shared/domain/governance/steps.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { loadCountedBallots, loadProposal } from '#functions/platform/proposal-record.ts'
import { countWaiting, loadPapers } from '#functions/platform/paper-record.ts'
import { checksAround } from '#functions/platform/check-record.ts'
import type { Problem, ProjectEntry } from './check-ledger.ts'

const AT_ONCE = 4

/**
 * I13: no money is kept, released or paid for a project but by its own record: decided by votes that counted again say the
 * same, by the rules that were chosen for it, of this compound and purpose, sum by sum; and none is paid past a check that was on. Each payment has an acceptance,
 * an approval and a slip of its own, and is no more than its milestone. For an emergency it is kept by two
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
  const proposal = readable(record.steps)
  if (proposal === undefined) return 'is of a proposal whose steps contradict each other'
  if (proposal.content.purpose !== entry.purpose) return 'is for another purpose than its proposal'
  const recordedFen = recordedOf(proposal, entry)
  if (recordedFen === undefined) return `has a proposal that knows nothing of it (${proposal.state})`
  if (recordedFen !== entry.movedFen) return `moved ${entry.movedFen} fen, its proposal says ${recordedFen}`
  const wrong =
    entry.kind === 'disbursement' ? await wrongPayment(record.item, proposal, entry) : keptTooEarly(proposal)
  const unsigned = proposal.emergency === undefined ? undefined : isUnsigned(proposal)
  const needsVotes = proposal.emergency === undefined || entry.kind === 'disbursement' || proposal.payment !== undefined
  return wrong ?? unsigned ?? (needsVotes ? isDecidedByVotes(proposal, entry.proposalId) : undefined)
}

/** Steps that somebody has changed afterwards may say what cannot be: that is found here, and stops no other entry's check. */
function readable(steps: readonly Step[]): Proposal | undefined {
  try {
    return foldSteps(steps)
  } catch {
    return undefined
  }
}

/** What is kept waited for the owners where it had to, and for whatever else was to be decided. */
function keptTooEarly({ steps }: Proposal): string | undefined {
  const at = steps.findIndex(({ facts }) => facts.act === 'reserve')
  return at === -1 || isReadyToReserve(foldSteps(steps.slice(0, at))) ? undefined : 'was kept before all had decided'
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

/** The proposal as it was when this entry paid says that it might. */
async function wrongPayment(
  { communityId }: { readonly communityId: string },
  proposal: Proposal,
  entry: ProjectEntry,
): Promise<string | undefined> {
  const at = proposal.steps.findIndex(({ facts }) => facts.act === 'pay' && facts.seq === entry.seq)
  const step = proposal.steps[at]
  if (step?.facts.act !== 'pay') return undefined
  const before = foldSteps(proposal.steps.slice(0, at))
  return isMispaid(before, step.facts, entry) ?? isUnchecked(communityId, before, step.at, step.facts)
}

/**
 * What its receipts and its own approval say, under its milestone's name, from a slip of its own. That it was accepted by two,
 * in its turn, and is no more than its milestone, its steps could not be read without (`after`).
 */
function isMispaid(before: Proposal, paid: PayFacts, { eventId, proposalId }: ProjectEntry): string | undefined {
  if (eventId !== paymentEventId(proposalId, paid.milestone)) return 'is of another milestone'
  const isReceipted = before.work !== undefined && sumFen(before.work.receipts) === paid.paidFen
  if (!isReceipted) return 'is not what its receipts say'
  const approval = before.steps.findLast(({ facts }) => facts.act === 'approve')?.facts
  if (approval?.act !== 'approve' || approval.amountFen !== paid.paidFen) return 'was not approved at this sum'
  return paymentsOf(before).some(({ bankReference }) => bankReference === paid.bankReference)
    ? 'was paid from the slip of an earlier milestone'
    : undefined
}

/**
 * Each check that was on when it was paid has to be named, and each that had stopped this approval, whether on or off by then:
 * it has said yes since, or two overrode it. What is said to be overridden was, by two. Whatever was said of an earlier
 * milestone says nothing of this one.
 */
async function isUnchecked(
  communityId: string,
  before: Proposal,
  paidAt: Instant,
  { checks = [] }: PayFacts,
): Promise<string | undefined> {
  const overridden = overriddenChecks(before)
  const isFalse = ({ checkId, verdict }: (typeof checks)[number]) =>
    verdict === 'overridden' && !overridden.includes(checkId)
  if (checks.some(isFalse)) return 'says that a check was overridden that was not'
  const isMissed = (checkId: string) => checks.every((named) => named.checkId !== checkId)
  const stopped = openStops(before).flatMap(({ checkId }) => (isMissed(checkId) ? [checkId] : []))
  if (stopped.length > 0) return `was paid past a check that had stopped it: ${stopped.join(' ')}`
  const missed = (await checksAround(communityId, paidAt)).filter(isMissed)
  return missed.length === 0 ? undefined : `was paid past a check that was on: ${missed.join(' ')}`
}

/** The sum that the proposal's own steps name for this very entry. */
function recordedOf(proposal: Proposal, { kind, seq }: ProjectEntry): number | undefined {
  const { payment, costFen, steps } = proposal
  switch (kind) {
    case 'reservation':
      return steps.some(({ facts }) => facts.act === 'reserve' && facts.seq === seq) ? costFen : undefined
    case 'disbursement':
      return paymentsOf(proposal).find((each) => each.seq === seq)?.paidFen
    case 'release':
      // What the last payment leaves over is released by the entry after it; what is broken off, by an entry of its own.
      if (payment !== undefined) return payment.seq + 1 === seq ? payment.releasedFen : undefined
      return steps.some(({ facts }) => facts.act === 'release' && facts.seq === seq)
        ? costFen - paidFen(proposal)
        : undefined
  }
}

async function isDecidedByVotes(proposal: Proposal, proposalId: string): Promise<string | undefined> {
  const counted = asCounted(proposal)
  if (counted === undefined) return 'was never voted on'
  if (!isVotedByItsRules(counted)) return 'was voted on by other rules than its own'
  const ballots = await loadCountedBallots(proposalId)
  const tallies = countVotes(counted, ballots)
  if (Object.values(tallies).some(({ passed }) => !passed)) return 'was not passed by the votes that are kept'
  // By name: a table gives back the parts of an item in any order.
  const isSame = isDeepStrictEqual(tallies, proposal.vote?.tallies ?? {})
  if (!isSame) return 'has votes that do not add up to what was counted'
  return faultOfPapers(proposal, ballots, await loadPapers(proposalId), await countWaiting(proposalId))
}
