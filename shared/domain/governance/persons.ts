import type { Actor } from '#shared/contracts/governance.ts'
import type { ActName } from './transitions.ts'

/**
 * The parts that persons have in a proposal by what they did. Four eyes look at persons and not at roles: one person may sit
 * in the committee, work for the community and live in the compound.
 */
export const parts = [
  'author',
  'signer',
  'valuator',
  'recorder',
  'executor',
  'acceptor',
  'approver',
  'overrider',
  // Of milestones that are paid: executor, acceptor, approver, overrider and payer stay apart as long as the project lasts.
  'past-acceptor',
  'past-approver',
  'past-overrider',
  'past-payer',
] as const
export type Part = (typeof parts)[number]

/** What others may do of an emergency than of what goes the usual way. */
type EmergencyAct = 'submit-emergency' | 'answer-emergency'

/** Who may act as what: the first of these that somebody is counts, in the order written. */
export const actorsOf: Readonly<Record<ActName | EmergencyAct | 'vote' | 'enter-paper' | 'rate', readonly Actor[]>> = {
  submit: ['resident', 'worker', 'committee'],
  'submit-emergency': ['worker', 'committee'],
  // Its author is often the only worker of a small community, and what is not answered is never ratified.
  'answer-emergency': ['worker', 'committee'],
  withdraw: ['resident', 'worker', 'committee'],
  triage: ['worker'],
  return: ['worker'],
  // Whoever sees that common parts are touched: it only ever asks more people.
  'ask-owners': ['supervisor', 'worker'],
  deliberate: ['worker'],
  cost: ['worker', 'committee'],
  object: ['resident'],
  insist: ['resident'],
  answer: ['worker'],
  rule: ['supervisor'],
  opine: ['supervisor'],
  sign: ['committee'],
  decline: ['committee', 'supervisor'],
  'record-owners': ['worker'],
  'confirm-owners': ['worker', 'supervisor'],
  start: ['worker', 'committee'],
  report: ['worker', 'committee'],
  finish: ['worker', 'committee'],
  'show-photo': ['worker', 'supervisor'],
  'withhold-photo': ['worker', 'supervisor'],
  accept: ['supervisor', 'resident'],
  refuse: ['supervisor', 'resident', 'charity'],
  approve: ['committee'],
  'override-check': ['supervisor', 'committee', 'charity'],
  pay: ['charity'],
  abandon: ['committee', 'charity'],
  suspend: ['supervisor', 'charity'],
  resume: ['supervisor', 'charity'],
  declare: ['supervisor', 'committee', 'worker', 'charity', 'resident'],
  review: ['supervisor'],
  vote: ['committee', 'resident'],
  'enter-paper': ['worker', 'committee', 'supervisor'],
  rate: ['resident'],
  open: ['system'],
  shut: ['system'],
  decide: ['system'],
  reserve: ['system'],
  checked: ['system'],
  overdue: ['system'],
  lapse: ['system'],
  release: ['system'],
  rated: ['system'],
  close: ['system'],
}

const past = ['past-acceptor', 'past-approver', 'past-overrider', 'past-payer'] as const satisfies readonly Part[]

/**
 * Parts that keep somebody from an act. Charity Law art. 14 (who is interested takes no part in deciding) and 59 (nobody
 * steers to their own); author ≠ valuator ≠ approver ≠ payer ≠ acceptor.
 */
const barredBy: Readonly<Partial<Record<ActName | 'vote-committee' | 'enter-paper' | 'rate', readonly Part[]>>> = {
  triage: ['author'],
  return: ['author'],
  cost: ['author'],
  sign: ['author', 'signer'],
  decline: ['author'],
  answer: ['author', 'signer', 'valuator'],
  rule: ['author', 'signer', 'valuator'],
  opine: ['author', 'signer', 'valuator'],
  'record-owners': ['author'],
  'confirm-owners': ['author', 'recorder'],
  // Who signs that an emergency begins commits the money before anybody voted: that is all they do with it but vote.
  start: ['author', 'signer', 'valuator'],
  report: ['author', 'signer', 'valuator', ...past],
  finish: ['author', 'signer', 'valuator', ...past],
  // Who sent it does not say that it may be seen. To take it off the page is open to both: a face does not wait.
  'show-photo': ['executor'],
  accept: ['author', 'signer', 'valuator', 'executor', 'acceptor', 'past-approver', 'past-payer'],
  refuse: ['author', 'executor'],
  approve: [
    ...(['author', 'signer', 'valuator', 'executor', 'acceptor'] as const),
    ...(['past-acceptor', 'past-overrider', 'past-payer'] as const),
  ],
  // The supervisor of a community is one person, and always an acceptor; the other of the two must not be (`faultOfOverride`).
  'override-check': [
    ...(['author', 'signer', 'valuator', 'executor', 'approver', 'overrider'] as const),
    ...(['past-approver', 'past-payer'] as const),
  ],
  pay: [
    ...(['author', 'signer', 'valuator', 'executor', 'acceptor', 'approver', 'overrider'] as const),
    ...(['past-acceptor', 'past-approver', 'past-overrider'] as const),
  ],
  resume: ['author'],
  review: ['author', 'signer', 'executor'],
  'vote-committee': ['author'],
  rate: ['executor'],
  // Whoever wants it to pass has no hand in how others' votes come in.
  'enter-paper': ['author'],
}

/** Acts that an interest does not keep anybody from: they bring no money nearer. */
const openToInterested: readonly string[] = [
  'submit',
  'withdraw',
  'object',
  'insist',
  'declare',
  'suspend',
  'ask-owners',
  'withhold-photo',
  'vote-household',
  'rate',
]

export type PersonIn = {
  readonly parts: ReadonlySet<Part>
  readonly interested: boolean
}

/** Why a person may not do this although their role may: undefined when nothing stands against it. */
export function barOf(
  act: ActName | 'vote-committee' | 'vote-household' | 'enter-paper' | 'rate',
  person: PersonIn,
): 'FOUR_EYES' | 'INTERESTED' | undefined {
  if (person.interested && !openToInterested.includes(act)) return 'INTERESTED'
  const barred = barredBy[act as keyof typeof barredBy] ?? []
  return barred.some((part) => person.parts.has(part)) ? 'FOUR_EYES' : undefined
}
