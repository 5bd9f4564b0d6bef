import type { AidPart } from '#shared/contracts/aid.ts'
import type { AidCase } from './aid-case.ts'

/** Who somebody is where a case belongs. Administrators are nobody here. */
export type AidPerson = {
  readonly personId: string
  /** Where they live, verified, wherever that is. */
  readonly householdId?: string
  /** Households of which they are a verified member. */
  readonly homes: readonly string[]
  readonly isWorker: boolean
  readonly isCommittee: boolean
  readonly isSupervisor: boolean
  readonly isCharity: boolean
}

/**
 * Whose case it is: who asked for their own household, themselves alone (what one of a family asks for is not the others' to
 * read); of what a worker wrote down, the household.
 */
export function isApplicant({ raisedBy, householdId }: AidCase, person: AidPerson): boolean {
  if (raisedBy.part === 'applicant') return raisedBy.personId === person.personId
  return person.homes.includes(householdId)
}

/** Of the same household, or said to be bound to it: no part in it, and nothing to read. */
export function isBound({ householdId, recused }: AidCase, { personId, homes }: AidPerson): boolean {
  return homes.includes(householdId) || recused.includes(personId)
}

/**
 * As whom somebody may read what was written: nobody who does not need it for what comes next (PIPL art. 6). A worker before the visit,
 * the committee to decide, the charity to pay; after a refusal nobody.
 */
export function readsAs({ state }: AidCase, person: AidPerson): AidPart | undefined {
  if (person.isWorker && state === 'raised') return 'worker'
  if (person.isCommittee && state === 'visited') return 'committee'
  if (person.isCharity && state === 'approved') return 'charity'
  return undefined
}

/** Sees that there is a case, where it stands and what happened. */
export function seesSteps(aid: AidCase, person: AidPerson): boolean {
  if (isApplicant(aid, person) || person.isWorker || person.isCommittee || person.isSupervisor) return true
  return person.isCharity && aid.state === 'approved'
}
