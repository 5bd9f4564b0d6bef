import type { ProposalSummary, ProposalView } from '#shared/contracts/governance.ts'
import { actualFen, type Person } from '#shared/domain/governance/decide-act.ts'
import { signaturesOf } from '#shared/domain/governance/emergency.ts'
import { milestoneOf, paidFen, type PaidMilestone } from '#shared/domain/governance/milestones.ts'
import { barOfPaper } from '#shared/domain/governance/paper-ballot.ts'
import { electoratesOf, possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { keepsPhotos, publicPhotos, withheldPhotos } from '#shared/domain/governance/photos.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import type { Step } from '#shared/domain/governance/steps.ts'
import { isPublic } from '#shared/domain/governance/transitions.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { ProposalItem } from '#functions/platform/table/items/governance.ts'
import { isStaff } from '#functions/platform/proposal-person.ts'
import { differenceFor } from './owners-rows.ts'
import { papersWaiting } from './paper-store.ts'
import { getBallot, getRating, type Loaded } from './proposal-store.ts'

export function proposalSummary(item: ProposalItem): ProposalSummary {
  const {
    proposalId,
    compoundId,
    compoundName,
    state,
    title,
    purpose,
    costFen,
    submittedAt,
    suspended,
    dueAt,
    variant,
  } = item
  return {
    ...{ proposalId, compoundId, compoundName, state, title, purpose, costFen, submittedAt, suspended },
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(variant === undefined ? {} : { variant }),
  }
}

/** A proposal that is not public yet exists for its author and for those who work on it. */
export function maySee(item: ProposalItem, person: Person | undefined): boolean {
  if (isPublic(item.state, item.triaged)) return true
  return person !== undefined && (person.personId === item.authorId || isStaff(person))
}

/** A proposal as this person sees it: no persons, but for what is the caller's own. `oversees`: as staff do, an administrator too. */
export async function proposalView(
  { item, proposal }: Loaded,
  person: Person | undefined,
  now: Instant,
  oversees: boolean = person !== undefined && isStaff(person),
): Promise<ProposalView> {
  const mine = person === undefined ? NOTHING_OWN : await ownParts(item.proposalId, proposal, person, now)
  return {
    ...proposalSummary(item),
    communityId: item.communityId,
    why: proposal.content.why,
    lines: proposal.content.lines,
    submittedBy: proposal.author.actor,
    asking: proposal.asking,
    ...emergencyPart(proposal),
    ...decisionParts(proposal, person),
    ...ownersParts(proposal, oversees),
    ...workParts(proposal, oversees, oversees || areReasonsPublic(item), now),
    history: proposal.steps.map((step) =>
      historyLine(step, seesNotes(item, person), oversees || areReasonsPublic(item)),
    ),
    mayDo: person === undefined ? [] : possibleActs(proposal, person, now),
    ...(person?.actors.includes('supervisor') ? { members: namedMembers(proposal) } : {}),
    ...mine,
  }
}

function emergencyPart(proposal: Proposal): Pick<ProposalView, 'emergency'> {
  const { emergency: urgency, content } = proposal
  if (urgency === undefined || content.emergency === undefined) return {}
  return { emergency: { ...content.emergency, ...urgency, signatures: signaturesOf(proposal).length } }
}

function decisionParts(proposal: Proposal, person: Person | undefined) {
  const { ownersItem, meeting, costing, noticeUntil, vote, objections } = proposal
  const { act: _meetingAct, ...held } = meeting ?? { act: undefined }
  const { act: _costAct, ...cost } = costing ?? { act: undefined }
  return {
    ...(ownersItem === undefined ? {} : { ownersItem }),
    ...(meeting === undefined ? {} : { meeting: held as Omit<typeof meeting, 'act'> }),
    ...(costing === undefined ? {} : { costing: cost as Omit<typeof costing, 'act'> }),
    ...(noticeUntil === undefined ? {} : { noticeUntil }),
    objections: objections.map(({ objectionId, at, personId, text, answerBy, answer, insisted, ruling }) => ({
      ...{ objectionId, at, text, mine: personId === person?.personId },
      ...(answerBy === undefined ? {} : { answerBy }),
      ...(answer === undefined ? {} : { answer: said(answer) }),
      ...(insisted === undefined ? {} : { insisted }),
      ...(ruling === undefined ? {} : { ruling: said(ruling) }),
    })),
    ...(vote === undefined ? {} : { vote: voteView(vote) }),
  }
}

/** Whoever enters the list once more does so from the ballots: until then nobody reads its figures here. */
function ownersParts({ owners }: Proposal, oversees: boolean) {
  if (owners?.confirmed !== true) return { ownersRecorded: owners !== undefined }
  const { vote, passed, list } = owners
  const { units, hash, code } = list ?? {}
  return {
    ownersRecorded: true,
    owners: { ...vote, passed, ...(units === undefined || hash === undefined ? {} : { list: { units, hash } }) },
    ...(code === undefined || !oversees ? {} : { ownersListCode: code }),
  }
}

function voteView(vote: NonNullable<Proposal['vote']>): NonNullable<ProposalView['vote']> {
  const { opensAt, closesAt, rules, members, households, opinion, tallies, paper } = vote
  return {
    ...{ opensAt, closesAt, rules: [...rules], committeeMembers: members.length, households },
    ...(opinion === undefined ? {} : { opinion }),
    ...(tallies === undefined ? {} : { tallies }),
    ...(paper === undefined ? {} : { paper }),
  }
}

const said = ({ at, text, upheld }: { at: string; text: string; upheld: boolean }) => ({ at, text, upheld })

function workParts(proposal: Proposal, oversees: boolean, seesReasons: boolean, now: Instant) {
  const { reports, work, acceptedBy, payment, paidMilestones, resultsUntil, rating, review } = proposal
  const actual = actualFen(proposal)
  const milestone = milestoneOf(proposal)
  return {
    reports: [...reports],
    ...(work === undefined ? {} : { workText: work.text }),
    receipts: receiptsView(work),
    ...photosView(proposal, work, oversees, now),
    ...(actual === undefined ? {} : { actualFen: actual }),
    acceptedBy: [...acceptedBy],
    ...(payment === undefined ? {} : { payment: paymentView(payment) }),
    ...(milestone === undefined ? {} : { milestone: milestone.number }),
    paidMilestones: paidMilestones.map((each) => ({
      ...paidMilestoneView(each),
      ...photosView(proposal, each.work, oversees, now),
    })),
    paidFen: paidFen(proposal),
    ...stoppedView(proposal, seesReasons),
    ...(resultsUntil === undefined ? {} : { resultsUntil }),
    ...(rating === undefined
      ? {}
      : { rating: { until: rating.until, ...(rating.counts === undefined ? {} : { counts: [...rating.counts] }) } }),
    ...(review === undefined ? {} : { review }),
  }
}

function receiptsView(work: Proposal['work']) {
  return (work?.receipts ?? []).map(({ from, amountFen, issuedOn }) => ({ from, amountFen, issuedOn }))
}

/** Everybody sees those that somebody has looked at; who oversees it all of them, and what became of each. */
function photosView(proposal: Proposal, work: Proposal['work'], oversees: boolean, now: Instant) {
  if (work === undefined || !keepsPhotos(proposal, work, now)) return { photoIds: [] }
  const { shown } = proposal.photos
  const withheld = withheldPhotos(proposal)
  const sent = (work.photoIds ?? []).map((photoId) => {
    const shownAs = shown.get(photoId)
    return { photoId, ...(shownAs === undefined ? {} : { shownAs }), withheld: withheld.has(photoId) }
  })
  return { photoIds: publicPhotos(proposal, work), ...(oversees ? { photosSent: sent } : {}) }
}

function paidMilestoneView({ work, acceptedBy, payment }: PaidMilestone) {
  return {
    ...{ workText: work.text, receipts: receiptsView(work), acceptedBy: [...acceptedBy] },
    payment: paymentView(payment),
  }
}

function paymentView({ paidOn, paidFen, releasedFen, seq, checks = [] }: NonNullable<Proposal['payment']>) {
  const isOverridden = checks.some(({ verdict }) => verdict === 'overridden')
  return {
    ...{ paidOn, paidFen, releasedFen, seq },
    ...(checks.length === 0 ? {} : { checks: isOverridden ? ('overridden' as const) : ('allowed' as const) }),
  }
}

/** While it waits to be paid: afterwards the payment says how it got past the checks. */
function stoppedView({ state, stop }: Proposal, seesReasons: boolean): Pick<ProposalView, 'stopped'> {
  if (stop === undefined || state !== 'approved') return {}
  const { number, at, facts, overriddenBy } = stop
  const note = facts.note === undefined || !seesReasons ? {} : { note: facts.note }
  return { stopped: { number, at, verdict: facts.verdict, ...note, overriddenBy: [...overriddenBy] } }
}

/** Why something came back may tell what it came back for: that is for its author and for staff. */
function seesNotes({ authorId }: ProposalItem, person: Person | undefined): boolean {
  return person !== undefined && (person.personId === authorId || isStaff(person))
}

/** Of help for somebody in need another system may answer about that person: what checks say is then for who oversees it. */
function areReasonsPublic({ purpose }: ProposalItem): boolean {
  return purpose !== 'hardship'
}

function historyLine(
  { at, actor, facts }: Step,
  seesAll: boolean,
  seesReasons: boolean,
): ProposalView['history'][number] {
  // Who is interested, and in what way, is a person's own matter; that somebody stepped aside is not.
  const isHidden = (facts.act === 'return' && !seesAll) || (facts.act === 'checked' && !seesReasons)
  const words = 'note' in facts && !isHidden ? facts.note : undefined
  const why = facts.act === 'withhold-photo' ? { withheldFor: facts.reason } : {}
  return { ...{ at, act: facts.act, actor }, ...(words === undefined ? {} : { note: words }), ...why }
}

function namedMembers({ vote, interested }: Proposal) {
  return (vote?.members ?? []).map(({ memberId }) => ({ memberId, interested: interested.has(memberId) }))
}

const NOTHING_OWN = { votesAs: [], myVotes: [], myPaper: false }

async function ownParts(proposalId: string, proposal: Proposal, person: Person, now: Instant) {
  const found = await Promise.all(
    (proposal.vote?.rules ?? []).map(async ({ electorate }) => {
      const voterId = voterIdOf(electorate, person)
      return voterId === undefined ? undefined : getBallot(proposalId, electorate, voterId)
    }),
  )
  const myVotes = found.flatMap((ballot) =>
    // Even at home a vote is its voter's own.
    ballot?.castBy !== person.personId
      ? []
      : [{ electorate: ballot.electorate, choice: ballot.choice, receipt: ballot.receipt }],
  )
  const mayEnter = barOfPaper(proposal, person, now) === undefined
  const isRated = proposal.rating !== undefined && person.householdId !== undefined
  const difference = await differenceFor(proposalId, proposal, person.personId, now)
  const rating = isRated ? await getRating(proposalId, person.householdId) : undefined
  return {
    votesAs: electoratesOf(proposal, person, now),
    myVotes,
    ...(difference === undefined ? {} : { ownersDiffer: difference }),
    // That there is one is the household's to know, so that nobody votes in its name unseen.
    myPaper: found.some((ballot) => ballot?.paper !== undefined),
    ...(mayEnter ? { papersWaiting: await papersWaiting(proposalId) } : {}),
    ...(rating === undefined ? {} : { myRating: rating.score }),
  }
}

export function voterIdOf(electorate: 'committee' | 'households', person: Person): string | undefined {
  return electorate === 'committee' ? person.personId : person.householdId
}
