import type { Disclosure, Objection } from './disclosure.ts'
import { isUnanswered, objectionActs } from './disclosure.ts'

/** Who somebody is where a disclosure belongs. */
export type SunshinePerson = {
  readonly personId: string
  /** Verified, of this very compound. */
  readonly householdId?: string | undefined
  readonly isWorker: boolean
  readonly isAdmin: boolean
  /** Of the property company or of the charity, whichever keeps the book. */
  readonly isKeeper: boolean
}

/**
 * Who rules: a worker of the community, or an administrator where no worker can. Nobody who keeps the book, who objected, or
 * whose household did; nor who gave the answer, whatever they are by now.
 */
export function whyNotRule(
  objection: Objection,
  person: SunshinePerson,
): 'forbidden' | 'INTERESTED' | 'FOUR_EYES' | undefined {
  if (!person.isWorker && !person.isAdmin) return 'forbidden'
  if (person.isKeeper || isWhose(objection, person)) return 'INTERESTED'
  return objection.answer?.personId === person.personId ? 'FOUR_EYES' : undefined
}

/** Their own, or their household's. */
export function isWhose({ householdId, personId }: Objection, person: SunshinePerson): boolean {
  return personId === person.personId || householdId === person.householdId
}

/** What somebody may do with an objection now, for the pages; the decisions themselves ask again. */
export function possibleWith({ state }: Disclosure, objection: Objection, person: SunshinePerson | undefined) {
  if (person === undefined) return { mine: false, mayAnswer: false, mayInsist: false, mayRule: false }
  const acts = state === 'displayed' ? objectionActs[objection.state] : []
  return {
    mine: isWhose(objection, person),
    mayAnswer: person.isKeeper && acts.length > 0 && isUnanswered(objection),
    mayInsist: person.householdId === objection.householdId && acts.includes('insist'),
    mayRule: acts.includes('rule') && whyNotRule(objection, person) === undefined,
  }
}
