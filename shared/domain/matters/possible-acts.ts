import { matterActSchema, type MatterAct, type PossibleMatterAct } from '#shared/contracts/matters.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { isReporter, isTooOften, matterActorFor, matterBarFor, matterPartsOf, mayReopen } from './decide-act.ts'
import type { Matter } from './matter.ts'
import type { MatterPerson } from './persons.ts'
import { isMatterActPossible, matterHasEnded } from './transitions.ts'

const actNames: readonly MatterAct['act'][] = matterActSchema.options.map((option) => option.shape.act.value)

/** What a person may do with a matter now, as far as it can be told before they say what: the buttons of a page. */
export function possibleMatterActs(
  matter: Matter,
  person: MatterPerson,
  now: Instant,
  isFollowing: boolean,
  followers = 0,
): PossibleMatterAct[] {
  const isTheirsToo = (act: MatterAct['act']) => act === 'withdraw' && followers > 0
  const may: PossibleMatterAct[] = actNames.filter((act) => mayAct(matter, act, person, now) && !isTheirsToo(act))
  if (isFollowing) may.push('unfollow')
  else if (mayFollow(matter, person)) may.push('follow')
  if (mayRate(matter, person, isFollowing, now)) may.push('rate')
  return may
}

function mayAct(matter: Matter, act: MatterAct['act'], person: MatterPerson, now: Instant): boolean {
  if (matterActorFor(matter, act, person) === undefined || !isMatterActPossible(matter.state, act)) return false
  if (matterBarFor(matter, act, person) || isTooOften(matter, act)) return false
  const { published, dispute, disputeUntil, extension, clock, escalated, mergedFrom } = matter
  switch (act) {
    case 'withdraw':
      return mergedFrom.length === 0
    case 'redact':
      return published !== undefined
    case 'dispute':
      return dispute === undefined && disputeUntil !== undefined && now < disputeUntil
    case 'extend':
      return extension === undefined && clock !== undefined && now < clock.until
    case 'allow':
    case 'deny':
      return extension?.decided === 'asked'
    case 'reopen':
      return mayReopen(matter, now)
    case 'escalate':
      return !escalated
    case 'supervise':
      return escalated
    default:
      return true
  }
}

/** A neighbour with the same trouble, while it is going on and may be read. */
export function mayFollow(matter: Matter, person: MatterPerson): boolean {
  return !isReporter(matter, person) && person.livesHere === 'verified' && isPublicNow(matter) && takesFollowers(matter)
}

function takesFollowers({ state }: Matter): boolean {
  return !matterHasEnded(state)
}

/** Read by everybody: the branch has published it, and it is not looked at anew. */
export function isPublicNow({ state, published }: Pick<Matter, 'state' | 'published'>): boolean {
  return published?.visibility === 'public' && state !== 'collected'
}

export function takesRatings({ state, rateUntil }: Matter, now: Instant): boolean {
  return state === 'verified' && rateUntil !== undefined && now < rateUntil
}

/**
 * As what somebody may rate now: who raised it, whoever follows it, or a worker who writes down what a caller said. Whoever does
 * the work, or did it, does not rate it; and who looked at it, or filed it, is not the one who calls back.
 */
export function ratesAs(
  matter: Matter,
  person: MatterPerson,
  isFollowing: boolean,
): 'reporter' | 'follower' | 'for-reporter' | undefined {
  const parts = matterPartsOf(matter, person)
  if (parts.has('handler')) return undefined
  if (isReporter(matter, person)) return 'reporter'
  if (isFollowing && person.livesHere === 'verified') return 'follower'
  const isNeutral = ![matter.steps[0]?.personId, matter.verification?.personId].includes(person.personId)
  return matter.channel !== 'app' && person.isWorker && isNeutral && !parts.has('reporter') ? 'for-reporter' : undefined
}

function mayRate(matter: Matter, person: MatterPerson, isFollowing: boolean, now: Instant): boolean {
  return takesRatings(matter, now) && ratesAs(matter, person, isFollowing) !== undefined
}
