import { governanceIndex, governanceKeys } from '#functions/platform/table/governance-keys.ts'
import type { Electorate } from '#shared/contracts/governance.ts'
import { nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { foldSteps, type Proposal } from '#shared/domain/governance/proposal.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { HOUSEHOLDS_MAX, whoStillLivesThere } from '#functions/platform/households.ts'
import {
  loadCountedBallots,
  loadProposal,
  stepWrites,
  type ProposalRecord,
} from '#functions/platform/proposal-record.ts'
import {
  ballotItem,
  openProposalItem,
  proposalItem,
  ratingItem,
  receiptOfProjectItem,
  type BallotItem,
  type ProposalItem,
} from '#functions/platform/table/items/governance.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { paperKeys } from '#functions/platform/table/paper-keys.ts'
import {
  ALWAYS,
  batchGet,
  EXISTS,
  get,
  query,
  queryAll,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'
import { noticeWrites } from './notice-writes.ts'

const WRITES_AT_ONCE = 10

export type Places = Pick<ProposalItem, 'proposalId' | 'compoundId' | 'compoundName' | 'communityId'>

export type Loaded = ProposalRecord & { readonly proposal: Proposal }

export async function getProposalRecord(proposalId: string): Promise<Loaded | undefined> {
  const record = await loadProposal(proposalId)
  return record && { ...record, proposal: foldSteps(record.steps) }
}

export async function getCompound(compoundId: string) {
  return get(compoundItem, keys.place('compound', compoundId))
}

/** Adds a step if nobody took another one meanwhile, and tells whom it concerns; `also` holds or fails with it, and tells by position what failed. */
export async function saveStep(
  places: Places,
  proposal: Proposal,
  also: readonly Write[] = [],
): Promise<'saved' | 'again' | 'also'> {
  const writes = stepWrites(places, proposal, hasEnded(proposal.state), nextOfSystem(proposal))
  const done = await transact([...writes, ...also, ...(await noticeWrites(places, proposal))])
  if (done.kind === 'done') return 'saved'
  return done.failed.every(({ position }) => position >= writes.length) ? 'also' : 'again'
}

/** A receipt proves one payment of the whole district. */
export function receiptWrites(proposalId: string, numbers: readonly string[]): Write[] {
  return numbers.map((number) => ({
    put: {
      ...governanceKeys.receipt(number),
      ...receiptOfProjectItem.parse({ entity: 'receiptOfProject', v: 1, proposalId }),
    },
    condition: 'attribute_not_exists(PK) OR proposalId = :proposal',
    expression: { values: { ':proposal': proposalId } },
  }))
}

/** Newest first (pattern G2). */
export async function pageOfCompound(compoundId: string, limit: number, cursor: string | undefined) {
  const { GSI1PK: pk } = governanceIndex.ofCompound(compoundId, '', '')
  return query(proposalItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** The next deadline first (pattern G3). */
export async function pageOfOpen(communityId: string, limit: number, cursor: string | undefined) {
  const { GSI1PK: pk } = governanceIndex.open(communityId, '', '')
  const page = await query(openProposalItem, { pk, index: 'GSI1', limit, cursor })
  const found = await batchGet(
    proposalItem,
    page.items.map(({ proposalId }) => governanceKeys.proposal(proposalId)),
  )
  const byId = new Map(found.map((item) => [item.proposalId, item]))
  return { ...page, items: page.items.flatMap(({ proposalId }) => byId.get(proposalId) ?? []) }
}

// ── Votes and ratings ───────────────────────────────────────────────────────────────────────────────────────────────

/** While it takes them, and not a moment longer: the proposal's own item is the lock, whatever clock the caller has. */
function takes(proposalId: string, state: 'voting' | 'disbursed', now: Instant) {
  const also = state === 'voting' ? 'ratifying' : state
  return {
    check: governanceKeys.proposal(proposalId),
    condition: '#state IN (:state, :also) AND takesUntil > :now',
    expression: { names: { '#state': 'state' }, values: { ':state': state, ':also': also, ':now': now } },
  } as const
}

/** … and nobody took another step of it since it was read. */
export function takesVotesWrite(proposalId: string, steps: number, now: Instant): Write {
  const { check, condition, expression } = takes(proposalId, 'voting', now)
  return {
    check,
    condition: `${condition} AND #steps = :steps`,
    expression: {
      names: { ...expression.names, '#steps': 'steps' },
      values: { ...expression.values, ':steps': steps },
    },
  }
}

/** A household's own vote takes the place of a paper, and nothing of that waits any more. */
export async function saveBallot(
  proposalId: string,
  ballot: Omit<BallotItem, 'entity' | 'v' | 'paper' | 'castBy'> & { readonly castBy: string },
): Promise<boolean> {
  const { electorate, voterId } = ballot
  const item = ballotItem.parse({ entity: 'ballot', v: 1, ...ballot })
  const done = await transact([
    takes(proposalId, 'voting', ballot.castAt),
    { put: { ...governanceKeys.ballot(proposalId, electorate, voterId), ...item }, condition: ALWAYS },
    ...(electorate === 'households'
      ? [{ delete: paperKeys.waiting(proposalId, voterId), condition: ALWAYS } as const]
      : []),
  ])
  return done.kind === 'done'
}

export async function saveRating(
  proposalId: string,
  rating: { householdId: string; ratedBy: string; ratedAt: Instant; score: number },
): Promise<boolean> {
  const item = ratingItem.parse({ entity: 'rating', v: 1, ...rating })
  const done = await transact([
    takes(proposalId, 'disbursed', rating.ratedAt),
    { put: { ...governanceKeys.rating(proposalId, rating.householdId), ...item }, condition: ALWAYS },
  ])
  return done.kind === 'done'
}

export async function getBallot(proposalId: string, electorate: Electorate, voterId: string) {
  return get(ballotItem, governanceKeys.ballot(proposalId, electorate, voterId))
}

export async function getRating(proposalId: string, householdId: string) {
  return get(ratingItem, governanceKeys.rating(proposalId, householdId))
}

/**
 * Before votes are counted: a household's vote of somebody who is no verified member of it any more is marked, so that whoever
 * counts again leaves out the same ones. Nobody votes any more by then; begun again it marks the rest.
 */
export async function voidBallots(proposalId: string, now: Instant): Promise<void> {
  const ballots = (await loadCountedBallots(proposalId)).filter(({ electorate }) => electorate === 'households')
  // Whoever cast it; of one that came in on paper, any of those who could have.
  const spokenBy = ({ voterId, castBy, paper }: BallotItem) =>
    (castBy === undefined ? (paper?.voices ?? []) : [castBy]).map((personId) => ({ householdId: voterId, personId }))
  const livesThere = await whoStillLivesThere(ballots.flatMap(spokenBy), now)
  const gone = ballots.filter((ballot) => !spokenBy(ballot).some(livesThere))
  await inParallel(gone, WRITES_AT_ONCE, async (ballot) => {
    const item = ballotItem.parse({ ...ballot, voided: true })
    const key = governanceKeys.ballot(proposalId, ballot.electorate, ballot.voterId)
    await transact([{ put: { ...key, ...item }, condition: EXISTS }])
  })
}

/** How many rated 1, 2, 3, 4, 5: of households whose member who did still lives there, verified. */
export async function countRatings(proposalId: string, now: Instant): Promise<number[]> {
  const { PK: pk } = governanceKeys.rating(proposalId, '')
  const ratings = await queryAll(ratingItem, { pk, prefix: 'RATING#', max: HOUSEHOLDS_MAX })
  const spokenBy = ({ householdId, ratedBy }: (typeof ratings)[number]) => ({ householdId, personId: ratedBy })
  const livesThere = await whoStillLivesThere(ratings.map(spokenBy), now)
  const counted = ratings.filter((rating) => livesThere(spokenBy(rating)))
  return [1, 2, 3, 4, 5].map((score) => counted.filter((rating) => rating.score === score).length)
}

// ── Electors ────────────────────────────────────────────────────────────────────────────────────────────────────────
