import { actSchema, type Act, type PossibleAct } from '#shared/contracts/governance.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { actorFor, barOfAct, faultOfAbandoning, isWorkAt, personIn, whileSuspended, type Person } from './decide-act.ts'
import { faultOfOverride } from './decide-check.ts'
import { faultOfSignature } from './decide-signature.ts'
import { electorsOf } from './decide-system.ts'
import { barOfPaper } from './paper-ballot.ts'
import { barOf } from './persons.ts'
import { mayBePublic, photosHandedIn } from './photos.ts'
import type { Proposal } from './proposal.ts'
import { takesVotes } from './takes-votes.ts'
import { isPossible, mayRefuse } from './transitions.ts'

const actNames: readonly Act['act'][] = actSchema.options.map((option) => option.shape.act.value)

/** What a person may do with a proposal now, as far as it can be told before they say what: the buttons of a page. */
export function possibleActs(proposal: Proposal, person: Person, now: Instant): PossibleAct[] {
  const may: PossibleAct[] = actNames.filter((act) => mayAct(proposal, act, person, now))
  if (mayRevise(proposal, person)) may.push('submit')
  if (electoratesOf(proposal, person, now).length > 0) may.push('vote')
  if (barOfPaper(proposal, person, now) === undefined) may.push('enter-paper')
  if (mayRate(proposal, person, now)) may.push('rate')
  const mayPay = proposal.state === 'approved' && person.actors.includes('charity') && !proposal.suspended
  if (mayPay && barOfAct(proposal, 'pay', person) === undefined) may.push('pay')
  return may
}

function mayAct(proposal: Proposal, act: Act['act'], person: Person, now: Instant): boolean {
  const actor = actorFor(proposal, act, person)
  if (actor === undefined || !isPossible(proposal.state, act) || barOfAct(proposal, act, person)) return false
  const isFree = act !== 'resume' && whileSuspended.includes(act)
  if (proposal.suspended !== (act === 'resume') && !isFree) return false
  const { objections, owners, ownersItem, vote, rating, review } = proposal
  const isTheirs = (id: string) => id === person.personId
  switch (act) {
    case 'ask-owners':
      return ownersItem === undefined
    case 'withdraw':
      return proposal.author.personId === person.personId
    case 'object':
      return proposal.noticeUntil !== undefined && now < proposal.noticeUntil
    case 'answer':
      return objections.some(({ answer, personId }) => answer === undefined && !isTheirs(personId))
    case 'insist':
      return objections.some(
        ({ personId, answer, insisted, insistUntil }) =>
          isTheirs(personId) && answer && !insisted && insistUntil !== undefined && now < insistUntil,
      )
    case 'rule':
      return objections.some(({ insisted, ruling, personId }) => insisted && !ruling && !isTheirs(personId))
    case 'opine':
      return vote?.opinion === undefined
    case 'record-owners':
      return ownersItem !== undefined && owners?.confirmed !== true
    case 'confirm-owners':
      // Totals that were typed before lists were entered are entered anew, as a list.
      return owners?.confirmed === false && owners.list !== undefined
    case 'sign':
      return faultOfSignature(proposal, person, now) === undefined
    case 'start':
    case 'report':
    case 'finish':
      return isWorkAt(proposal, act)
    case 'show-photo':
      return mayBePublic(proposal) && photosHandedIn(proposal).length > 0
    case 'withhold-photo':
      return proposal.photos.shown.size > 0
    case 'abandon':
      return faultOfAbandoning(proposal, person) === undefined
    case 'override-check':
      return faultOfOverride(proposal, actor, personIn(proposal, person)) === undefined
    case 'refuse':
      return mayRefuse(proposal.state, actor)
    case 'accept':
      return !proposal.acceptedBy.includes(actor)
    case 'declare':
      return !proposal.interested.has(person.memberId) || actor === 'supervisor'
    case 'review':
      return rating?.counts !== undefined && review === undefined
    default:
      return true
  }
}

/** Its author writes a returned proposal anew. */
export function mayRevise(proposal: Proposal, person: Pick<Person, 'personId'>): boolean {
  return proposal.state === 'returned' && !proposal.suspended && proposal.author.personId === person.personId
}

/** Where a person's vote would count now. */
export function electoratesOf(proposal: Proposal, person: Person, now: Instant): ('committee' | 'households')[] {
  const { vote } = proposal
  if (vote === undefined || !takesVotes(proposal, now)) return []
  return vote.rules.flatMap(({ electorate }) => {
    // Whoever moved in since, or moved on from one household to another, has no vote, or had one.
    const isHere = person.actors.includes('resident') && (person.residentSince ?? vote.opensAt) <= vote.opensAt
    if (electorate === 'households') return isHere ? [electorate] : []
    const isElector = electorsOf(proposal).some(({ personId }) => personId === person.personId)
    // Who has left the committee since does not vote any more.
    return isElector && person.actors.includes('committee') ? [electorate] : []
  })
}

export function mayRate(proposal: Proposal, person: Person, now: Instant): boolean {
  const { state, rating } = proposal
  if (state !== 'disbursed' || rating === undefined || rating.shut || now >= rating.until) return false
  return person.actors.includes('resident') && barOf('rate', personIn(proposal, person)) === undefined
}
