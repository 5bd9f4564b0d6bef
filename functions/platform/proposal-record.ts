import { HOUSEHOLDS_MAX } from './households.ts'
import { governanceIndex, governanceKeys } from './table/governance-keys.ts'
import type { Step } from '#shared/domain/governance/steps.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { assert } from '#shared/kernel/assert.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import {
  ballotItem,
  dueProposalItem,
  openProposalItem,
  proposalEventItem,
  proposalInVainItem,
  proposalItem,
  proposalPartitionItem,
  proposalStepItem,
  type BallotItem,
  type ProposalItem,
} from './table/items/governance.ts'
import { ALWAYS, NOT_EXISTS, query, queryAll, type Write } from './table/table.ts'

/** Steps of people, those of the clock beyond their limit, and the three that say where it stands. */
const PARTITION_MAX = 700

export type ProposalRecord = { readonly item: ProposalItem; readonly steps: Step[] }

/** A proposal with all its steps, read consistently (pattern G1). */
export async function loadProposal(proposalId: string): Promise<ProposalRecord | undefined> {
  const items = await queryAll(proposalPartitionItem, {
    pk: governanceKeys.proposal(proposalId).PK,
    max: PARTITION_MAX,
  })
  const item = items.find((each) => each.entity === 'proposal')
  if (item === undefined) return undefined
  const steps = items
    .filter((each) => each.entity === 'proposalStep')
    .sort((left, right) => left.number - right.number)
    .map(({ entity: _entity, v: _v, number: _number, ...step }) => step as Step)
  assert(steps.length === item.steps, 'a proposal has all its steps')
  return { item, steps }
}

/** What the system has to do next, as the rules say. */
export type Due = { readonly act: string; readonly at: string; readonly by: string } | undefined

type Places = Pick<ProposalItem, 'proposalId' | 'compoundId' | 'compoundName' | 'communityId'>

/**
 * Writes of a proposal's newest step: the step, where it stands now, and what it waits for; of one that ends without having
 * been carried out, that what went on as it is to come back. They hold only if nobody took another step since it was read.
 */
export function stepWrites(places: Places, proposal: Proposal, hasEnded: boolean, due: Due): Write[] {
  const { proposalId, compoundId, communityId } = places
  const number = proposal.steps.length
  const step = proposal.steps.at(-1)
  assert(step !== undefined, 'a proposal has a step')
  const item = itemOf(places, proposal)
  const stepItem = proposalStepItem.parse({ entity: 'proposalStep', v: 1, number, ...step })
  const [open, dueKey] = [governanceKeys.openProposal(proposalId), governanceKeys.dueProposal(proposalId)]
  const event = proposalEventItem.parse({
    ...{ entity: 'event', v: 1, type: 'proposal.moved.v1', proposalId, compoundId, communityId },
    ...{ step: number, state: proposal.state, occurredAt: step.at },
    ...paymentOf(proposal, step),
  })
  return [
    {
      put: {
        ...governanceKeys.proposal(proposalId),
        ...governanceIndex.ofCompound(compoundId, proposal.submittedAt, proposalId),
        ...item,
      },
      condition: number === 1 ? NOT_EXISTS : '#steps = :before',
      ...(number === 1 ? {} : { expression: { names: { '#steps': 'steps' }, values: { ':before': number - 1 } } }),
    },
    { put: { ...governanceKeys.step(proposalId, number), ...stepItem }, condition: NOT_EXISTS },
    hasEnded
      ? { delete: open, condition: ALWAYS }
      : {
          put: {
            ...open,
            ...governanceIndex.open(communityId, proposal.dueAt ?? NO_DEADLINE, proposalId),
            ...openProposalItem.parse({ entity: 'openProposal', v: 1, proposalId }),
          },
          condition: ALWAYS,
        },
    due === undefined
      ? { delete: dueKey, condition: ALWAYS }
      : {
          put: {
            ...dueKey,
            ...governanceIndex.due(due.by, due.at, proposalId),
            ...dueProposalItem.parse({ entity: 'dueProposal', v: 1, proposalId, act: due.act, dueAt: due.at }),
          },
          condition: ALWAYS,
        },
    {
      put: {
        ...governanceKeys.event(
          compoundId,
          shanghaiDay(step.at),
          'proposal.moved.v1',
          `${proposalId}#${String(number).padStart(4, '0')}`,
        ),
        ...event,
      },
      condition: NOT_EXISTS,
    },
    ...(hasEnded && proposal.state !== 'closed' ? [inVainWrite(proposalId, step.at)] : []),
  ]
}

/** The matters' clock goes through what was linked to it, and takes the mark away (pattern G10). */
function inVainWrite(proposalId: string, at: string): Write {
  const mark = proposalInVainItem.parse({ entity: 'proposalInVain', v: 1, proposalId, at })
  return {
    put: { ...governanceKeys.inVain(proposalId), ...governanceIndex.inVain(at, proposalId), ...mark },
    condition: ALWAYS,
  }
}

/** What is told of a step that paid; of a project that is paid at once it is the first of one. */
function paymentOf({ costing }: Proposal, { facts }: Proposal['steps'][number]) {
  if (facts.act !== 'pay') return {}
  const count = costing?.milestones?.length ?? 1
  return { payment: { number: facts.milestone ?? 1, count, amountFen: facts.paidFen } }
}

/** Sorts after every deadline. */
const NO_DEADLINE = '9999-12-31T00:00:00.000Z'

function itemOf(places: Places, proposal: Proposal): ProposalItem {
  const { state, content, costFen, submittedAt, triaged, suspended, dueAt, author, vote, rating } = proposal
  assert(author.personId !== undefined, 'a proposal has an author')
  const isVoted = state === 'voting' || state === 'ratifying'
  const takesVotes = isVoted && vote?.shut === false && !suspended ? vote.closesAt : undefined
  const takesRatings = state === 'disbursed' && rating?.shut === false ? rating.until : undefined
  const takesUntil = takesVotes ?? takesRatings
  // What is handed in may be the whole item as it was: nothing of how it stood goes on by itself.
  const { proposalId, compoundId, compoundName, communityId } = places
  return proposalItem.parse({
    ...{ entity: 'proposal', v: 1, proposalId, compoundId, compoundName, communityId },
    ...{ steps: proposal.steps.length, authorId: author.personId },
    ...{ state, title: content.title, purpose: content.purpose, costFen, submittedAt, triaged, suspended },
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(takesUntil === undefined ? {} : { takesUntil }),
    ...(content.emergency === undefined ? {} : { variant: 'emergency' }),
  })
}

/** What the clock of this context must act on by now, longest due first (pattern G4). */
export async function pageOfDueProposals(by: 'governance' | 'fund', now: string, cursor: string | undefined) {
  const { GSI1PK: pk } = governanceIndex.due(by, '', '')
  return query(dueProposalItem, { pk, index: 'GSI1', between: ['0', `${now}#~`], limit: 25, cursor })
}

/** Votes that count. */
export async function loadCountedBallots(proposalId: string): Promise<BallotItem[]> {
  return (await loadBallots(proposalId)).filter(({ voided }) => voided === undefined)
}

/** Every vote that was cast (pattern G5): only once the vote is shut does anybody read them. */
export async function loadBallots(proposalId: string): Promise<BallotItem[]> {
  const { PK: pk } = governanceKeys.ballot(proposalId, '', '')
  return queryAll(ballotItem, { pk, prefix: 'BALLOT#', max: HOUSEHOLDS_MAX })
}
