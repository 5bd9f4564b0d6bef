import type { AidActName, AidState } from '#shared/contracts/aid.ts'

/**
 * Which act is possible in which state, and where it may lead: the only place that says so. A case that nobody acted on lapses
 * when its time is over, from every state but the ended ones, without a step: it only has to be told the time.
 */
export const aidTransitions: Readonly<Record<AidState, Readonly<Partial<Record<AidActName, readonly AidState[]>>>>> = {
  raised: { read: ['raised'], visit: ['visited'], recuse: ['raised'], withdraw: ['withdrawn'] },
  visited: {
    read: ['visited'],
    approve: ['visited', 'approved'],
    refuse: ['refused'],
    recuse: ['visited'],
    withdraw: ['withdrawn'],
  },
  approved: { read: ['approved'], recuse: ['approved'], withdraw: ['withdrawn'] },
  refused: { withdraw: ['withdrawn'] },
  withdrawn: {},
  lapsed: {},
}
