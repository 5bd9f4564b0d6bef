import { loadBallots } from '#functions/platform/proposal-record.ts'
import { createHash, randomBytes } from 'node:crypto'
import {
  castVote as castRoute,
  commitmentText,
  exportVotes as exportRoute,
  rateProposal as rateRoute,
} from '#shared/contracts/governance.ts'
import { voteHeadSchema } from '#shared/contracts/governance-votes.ts'
import { electoratesOf, mayRate } from '#shared/domain/governance/possible-acts.ts'
import { takesVotes } from '#shared/domain/governance/takes-votes.ts'
import { asCounted, electorsOf } from '#shared/domain/governance/decide-system.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { getBallot, getProposalRecord, saveBallot, saveRating } from './proposal-store.ts'
import { maySee, voterIdOf } from './proposal-view.ts'

export const RECEIPT_BYTES = 16

export const castVote = http(
  castRoute,
  async ({ params: { proposalId }, body: { electorate, choice } }, { caller, now }) => {
    const record = await getProposalRecord(proposalId)
    if (record === undefined) throw new Missing()
    const { item, proposal } = record
    const person = personOf(caller, item)
    if (!maySee(item, person)) throw new Missing()
    if (!takesVotes(proposal, now)) return refused('NOT_NOW', '现在不在表决')
    if (electorate === 'households' && person.claimsOnly) return refused('NOT_VERIFIED', '社区核实住户后才能表决')
    if (electorate === 'committee' && isRecused(proposal, person)) return refused('INTERESTED', '您在这件提案里要回避')
    const voterId = voterIdOf(electorate, person)
    if (voterId === undefined || !electoratesOf(proposal, person, now).includes(electorate))
      return refused('NO_ELECTOR', '这次表决没有您的一票')
    const before = await getBallot(proposalId, electorate, voterId)
    // Sent again it is the same vote with the same receipt.
    if (before?.choice === choice && before.castBy === person.personId)
      return { electorate, choice, receipt: before.receipt }
    // The same choice of the household keeps its receipt, whoever of it votes again. A paper's it does not: who entered that knows
    // both, and would see in the export whether the household voted as the paper said.
    const isKept = before?.choice === choice && before.paper === undefined
    const receipt = isKept ? before.receipt : randomBytes(RECEIPT_BYTES).toString('hex')
    const saved = await saveBallot(proposalId, {
      electorate,
      voterId,
      choice,
      receipt,
      castBy: person.personId,
      castAt: now,
    })
    return saved ? { electorate, choice, receipt } : refused('NOT_NOW', '表决已经结束')
  },
  { freshRoles: true },
)

function isRecused(proposal: Parameters<typeof electorsOf>[0], { personId }: { personId: string }): boolean {
  const isMember = proposal.vote?.members.some((member) => member.personId === personId) ?? false
  return isMember && !electorsOf(proposal).some((member) => member.personId === personId)
}

/** A receipt's commitment: what the export shows instead of it. */
export function commitmentOf(receipt: string): string {
  return createHash('sha256').update(commitmentText(receipt)).digest('hex')
}

/** First what the votes are counted by, then the votes in the order of their commitments, which tells nothing of voters. */
export const exportVotes = openHttp(exportRoute, async ({ params: { proposalId } }) => {
  const record = await getProposalRecord(proposalId)
  if (record === undefined || !maySee(record.item, undefined)) throw new Missing()
  const { proposal } = record
  const { vote } = proposal
  const counted = asCounted(proposal)
  if (vote?.tallies === undefined || counted === undefined) return refused('NOT_NOW', '表决结束后才公开票')
  const members = electorsOf(counted)
  const electors = new Set(members.map(({ personId }) => personId))
  const cast = await loadBallots(proposalId)
  const voided = cast.filter((ballot) => ballot.voided === true).length
  const ballots = cast
    .filter((ballot) => ballot.voided === undefined)
    .filter(({ electorate, voterId }) => electorate === 'households' || electors.has(voterId))
    .map(({ electorate, choice, receipt }) => ({ electorate, choice, commitment: commitmentOf(receipt) }))
    .sort((left, right) => (left.commitment < right.commitment ? -1 : 1))
  const head = voteHeadSchema.parse({
    ...{ v: 1, proposalId, closesAt: vote.closesAt, costFen: counted.costFen, asking: counted.asking },
    ...(counted.emergency === undefined ? {} : { emergency: true }),
    ...{ rules: vote.rules, tallies: vote.tallies },
    electors: { committee: members.length, ...(asksHouseholds(vote) ? { households: vote.households } : {}) },
    ...(voided === 0 ? {} : { voided }),
    ...(vote.paper === undefined ? {} : { paper: vote.paper }),
  })
  return [head, ...ballots].map((line) => `${JSON.stringify(line)}\n`).join('')
})

function asksHouseholds({ rules }: Pick<NonNullable<Proposal['vote']>, 'rules'>): boolean {
  return rules.some(({ electorate }) => electorate === 'households')
}

export const rateProposal = http(
  rateRoute,
  async ({ params: { proposalId }, body: { score } }, { caller, now }) => {
    const record = await getProposalRecord(proposalId)
    if (record === undefined) throw new Missing()
    const person = personOf(caller, record.item)
    if (!maySee(record.item, person)) throw new Missing()
    if (person.householdId === undefined || person.claimsOnly) return refused('NOT_VERIFIED', '社区核实住户后才能评价')
    if (!mayRate(record.proposal, person, now)) return refused('NOT_NOW', '现在不能评价')
    const { householdId, personId } = person
    const saved = await saveRating(proposalId, { householdId, ratedBy: personId, ratedAt: now, score })
    return saved ? { score } : refused('NOT_NOW', '评价已经结束')
  },
  { freshRoles: true },
)
