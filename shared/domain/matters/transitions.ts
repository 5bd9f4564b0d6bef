import type { MatterAct, MatterState } from '#shared/contracts/matters.ts'

/** What the clock does by itself; `take-in`: the other side of a merging; `come-back`: a proposal ended in vain. */
export const matterSystemActs = ['remind', 'overdue', 'overtime', 'presume', 'close', 'take-in', 'come-back'] as const
export type MatterSystemAct = (typeof matterSystemActs)[number]

export type MatterActName = MatterAct['act'] | MatterSystemAct | 'raise'

type Targets = Readonly<Partial<Record<MatterActName, readonly MatterState[]>>>

/** The clock's words change no state: a deadline nears, has passed, has passed long ago. */
const clocked = (state: MatterState): Targets => ({
  remind: [state],
  overdue: [state],
  overtime: [state],
  escalate: [state],
})

/**
 * Which act is possible in which state, and where it may lead: the only place that says so. `redact` changes no state and is
 * possible wherever something is published, also long after the end.
 */
export const matterTransitions: Readonly<Record<MatterState, Targets>> = {
  collected: {
    ...clocked('collected'),
    triage: ['triaged'],
    decline: ['declined'],
    merge: ['merged'],
    withdraw: ['withdrawn'],
    add: ['collected'],
    supervise: ['collected'],
  },
  triaged: {
    ...clocked('triaged'),
    assign: ['assigned'],
    decline: ['declined'],
    merge: ['merged'],
    withdraw: ['withdrawn'],
    'link-proposal': ['proposed'],
    add: ['triaged'],
    'take-in': ['triaged'],
    supervise: ['triaged'],
  },
  assigned: {
    ...clocked('assigned'),
    accept: ['handling'],
    presume: ['handling'],
    dispute: ['disputed'],
    report: ['assigned'],
    extend: ['assigned'],
    allow: ['assigned'],
    deny: ['assigned'],
    answer: ['answered'],
    withdraw: ['withdrawn'],
    add: ['assigned'],
    'take-in': ['assigned'],
    supervise: ['assigned', 'handling'],
  },
  disputed: {
    ...clocked('disputed'),
    rule: ['handling'],
    add: ['disputed'],
    'take-in': ['disputed'],
    supervise: ['disputed', 'handling'],
  },
  handling: {
    ...clocked('handling'),
    report: ['handling'],
    extend: ['handling'],
    allow: ['handling'],
    deny: ['handling'],
    answer: ['answered'],
    'link-proposal': ['proposed'],
    withdraw: ['withdrawn'],
    add: ['handling'],
    'take-in': ['handling'],
    supervise: ['handling'],
  },
  answered: {
    ...clocked('answered'),
    verify: ['verified'],
    'send-back': ['handling'],
    add: ['answered'],
    'take-in': ['answered'],
    supervise: ['answered', 'handling'],
  },
  verified: { reopen: ['handling'], close: ['closed', 'unsolved'] },
  declined: { reopen: ['collected'] },
  closed: {},
  unsolved: {},
  merged: {},
  proposed: { 'come-back': ['triaged', 'handling'], reopen: ['triaged', 'handling'] },
  withdrawn: {},
}

export function isMatterActPossible(state: MatterState, act: MatterActName): boolean {
  return act === 'redact' || matterTransitions[state][act] !== undefined
}

/** Nobody waits for anything here any more. What was declined may still be reopened; what went on as a proposal may come back. */
export function matterHasEnded(state: MatterState): boolean {
  return state === 'declined' || state === 'proposed' || Object.keys(matterTransitions[state]).length === 0
}

/** Where it is with a body. */
export function isWithBody(state: MatterState): boolean {
  return state === 'assigned' || state === 'handling'
}
