import type { AidSummary, AidView } from '#shared/contracts/aid.ts'
import { stateAt } from '#shared/domain/aid/aid-case.ts'
import { possibleAidActs } from '#shared/domain/aid/decide-act.ts'
import { type AidPerson, isApplicant, isBound, seesSteps } from '#shared/domain/aid/persons.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type Caller, hasRole } from '#functions/platform/caller.ts'
import type { LoadedAid, Words } from './aid-store.ts'

/** Who the caller is where a case belongs. Administrators are nobody here. */
export function aidPersonOf(caller: Caller, communityId: string): AidPerson {
  const homes = caller.memberships
    .filter(({ role, state }) => role === 'resident' && state === 'verified')
    .map(({ scopeId }) => scopeId)
  return {
    personId: caller.personId,
    homes,
    ...(homes[0] === undefined ? {} : { householdId: homes[0] }),
    isWorker: hasRole(caller, 'worker', communityId),
    isCommittee: hasRole(caller, 'committee', communityId),
    isSupervisor: hasRole(caller, 'supervisor', communityId),
    isCharity: caller.memberships.some(({ role }) => role === 'charity'),
  }
}

export function aidSummary({ item, aid }: LoadedAid, now: Instant): AidSummary {
  const { caseId, compoundId, compoundName, raisedAt } = item
  return { caseId, compoundId, compoundName, state: stateAt(aid, now), raisedAt }
}

/**
 * Nothing, where it does not exist for whoever asks. What was written is shown to who asked; to somebody else only in the answer
 * to a reading that is on record (`reads`), and without why it was refused.
 */
export function aidView(loaded: LoadedAid, person: AidPerson, now: Instant, reads = false): AidView | undefined {
  const { aid, words } = loaded
  if (!seesSteps(aid, person)) return undefined
  const isTheirs = isApplicant(aid, person)
  if (!isTheirs && isBound(aid, person)) return { ...bare(loaded, now), mayDo: [] }
  const shown = words !== undefined && (isTheirs || reads) ? { words: isTheirs ? words : withoutReason(words) } : {}
  return { ...bare(loaded, now), ...shown, mayDo: possibleAidActs(aid, person, now) }
}

function withoutReason({ reason: _reason, ...words }: Words): Words {
  return words
}

function bare({ item, aid }: LoadedAid, now: Instant): Omit<AidView, 'words' | 'mayDo'> {
  const persons = [...new Set(aid.steps.map(({ personId }) => personId))]
  const { approved, wordsUntil } = aid
  const { caseId, compoundId, compoundName, raisedAt } = item
  return {
    ...{ caseId, compoundId, compoundName, raisedAt, wordsUntil, state: stateAt(aid, now) },
    ...(approved === undefined ? {} : { approvedFen: approved.amountFen }),
    steps: aid.steps.map(({ at, part, personId, facts }) => ({
      ...{ at, act: facts.act, part },
      person: persons.indexOf(personId) + 1,
    })),
  }
}
