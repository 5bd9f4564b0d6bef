import type { Act, Actor, ProposalState } from '#shared/contracts/governance.ts'

/** What the system does by itself: a deadline has passed, votes were counted, the ledger has moved. */
export const systemActs = [
  'open',
  'shut',
  'decide',
  'reserve',
  'checked',
  'overdue',
  'lapse',
  'release',
  'rated',
  'close',
] as const
export type SystemAct = (typeof systemActs)[number]

/** Every act that leaves a step, those of a fund's own route (`pay`) and of proposing (`submit`) included. */
export type ActName = Act['act'] | SystemAct | 'submit' | 'pay'

type Targets = Readonly<Partial<Record<ActName, readonly ProposalState[]>>>

/**
 * Which act is possible in which state, and where it may lead: the only place that says so. `declare`, `suspend` and
 * `resume` change no state and are possible in all that have not ended; neither do those of photos (`withPhotos`).
 */
export const transitions: Readonly<Record<ProposalState, Targets>> = {
  submitted: { triage: ['triaged'], return: ['returned'], overdue: ['submitted'], withdraw: ['withdrawn'] },
  returned: { submit: ['submitted'], withdraw: ['withdrawn'], lapse: ['lapsed'] },
  triaged: {
    'ask-owners': ['triaged'],
    deliberate: ['deliberated'],
    return: ['returned'],
    overdue: ['triaged'],
    withdraw: ['withdrawn'],
  },
  deliberated: {
    'ask-owners': ['deliberated'],
    cost: ['noticed'],
    return: ['returned'],
    overdue: ['deliberated'],
    withdraw: ['withdrawn'],
  },
  noticed: {
    'ask-owners': ['noticed'],
    object: ['noticed'],
    answer: ['noticed', 'returned'],
    insist: ['noticed'],
    rule: ['noticed', 'returned'],
    open: ['voting'],
    overdue: ['noticed'],
    return: ['returned'],
    lapse: ['lapsed'],
    withdraw: ['withdrawn'],
  },
  voting: {
    'ask-owners': ['voting'],
    opine: ['voting'],
    shut: ['voting'],
    decide: ['decided', 'rejected'],
    lapse: ['lapsed'],
  },
  decided: {
    'ask-owners': ['decided'],
    'record-owners': ['decided'],
    'confirm-owners': ['decided', 'rejected'],
    reserve: ['reserved'],
    lapse: ['lapsed'],
    abandon: ['abandoned'],
  },
  reserved: { start: ['executing'], overdue: ['reserved'], abandon: ['releasing'] },
  executing: { report: ['executing'], finish: ['finished'], overdue: ['executing'], abandon: ['releasing'] },
  finished: {
    accept: ['finished', 'accepted'],
    refuse: ['executing'],
    overdue: ['finished'],
    abandon: ['releasing'],
  },
  accepted: { approve: ['approved'], refuse: ['executing'], overdue: ['accepted'], abandon: ['releasing'] },
  approved: {
    checked: ['approved'],
    overdue: ['approved'],
    'override-check': ['approved'],
    pay: ['disbursed', 'executing'],
    refuse: ['executing'],
  },
  disbursed: { shut: ['disbursed'], rated: ['disbursed'], review: ['disbursed'], close: ['closed'] },
  releasing: { release: ['abandoned', 'unratified'] },
  // An emergency: two sign, the work begins at once, and the committee ratifies it while it is done. Nothing of it is
  // accepted, let alone paid, before that.
  signing: {
    sign: ['signing'],
    decline: ['rejected'],
    reserve: ['urgent'],
    lapse: ['lapsed'],
    withdraw: ['withdrawn'],
  },
  urgent: {
    object: ['urgent'],
    answer: ['urgent'],
    insist: ['urgent'],
    rule: ['urgent'],
    start: ['urgent'],
    report: ['urgent'],
    finish: ['urgent'],
    open: ['ratifying'],
    overdue: ['urgent'],
    lapse: ['releasing'],
    abandon: ['releasing'],
  },
  ratifying: {
    opine: ['ratifying'],
    shut: ['ratifying'],
    start: ['ratifying'],
    report: ['ratifying'],
    finish: ['ratifying'],
    decide: ['reserved', 'executing', 'finished', 'releasing'],
    lapse: ['releasing'],
    abandon: ['releasing'],
  },
  closed: {},
  withdrawn: {},
  rejected: {},
  lapsed: {},
  abandoned: {},
  unratified: {},
}

/** Objections are heard. */
export function isOnNotice(state: ProposalState): boolean {
  return state === 'noticed' || state === 'urgent'
}

/** Votes are taken, or counted. */
export function isBeingVotedOn(state: ProposalState): boolean {
  return state === 'voting' || state === 'ratifying'
}

/** Whoever finds the work wrong gives it back; once it is to be paid, only the payer knows that nothing has been paid yet. */
export function mayRefuse(state: ProposalState, actor: Actor): boolean {
  return (state === 'approved') === (actor === 'charity')
}

export function hasEnded(state: ProposalState): boolean {
  return Object.keys(transitions[state]).length === 0
}

/** What is public: a branch has looked at it first. Whoever reads an address is told nothing of the others. */
export function isPublic(state: ProposalState, triaged: boolean): boolean {
  return triaged && state !== 'submitted' && state !== 'returned'
}

const anywhere: readonly ActName[] = ['declare', 'suspend', 'resume']
const ofPhotos: readonly ActName[] = ['show-photo', 'withhold-photo']

/** Where work may have been handed in. What was shown is taken off the page also when all else has ended. */
const withPhotos: readonly ProposalState[] = [
  ...(['executing', 'finished', 'accepted', 'approved', 'disbursed', 'closed', 'releasing', 'abandoned'] as const),
  ...(['urgent', 'ratifying', 'unratified'] as const),
]

export function isPossible(state: ProposalState, act: ActName): boolean {
  if (anywhere.includes(act)) return !hasEnded(state)
  if (ofPhotos.includes(act)) return withPhotos.includes(state)
  return transitions[state][act] !== undefined
}
