import type { PossibleAct } from '#shared/contracts/governance.ts'
import type { projectWords } from '../text/projects.ts'

type Word = keyof typeof projectWords

export type ActField = {
  readonly name: string
  readonly label: Word
  readonly type: 'line' | 'lines' | 'money' | 'count' | 'day' | 'choice'
  readonly optional?: true
  /** Of a choice: what is sent, and the word for it. */
  readonly options?: readonly (readonly [value: string, label: Word])[]
}

const note = (label: Word = 'note'): ActField => ({ name: 'note', label, type: 'lines' })
const text: ActField = { name: 'text', label: 'text', type: 'lines' }
const upheld: ActField = {
  ...{ name: 'upheld', label: 'upheld', type: 'choice' },
  options: [
    ['false', 'upheldNo'],
    ['true', 'upheldYes'],
  ],
}
/**
 * The fields of each act's form; what comes in rows (quotes, receipts, owners' lists) or is one press (votes, ratings) has a form of its own.
 * The page draws by it, and the server reads by it.
 */
export const actFields: Readonly<Record<PossibleAct, readonly ActField[]>> = {
  submit: [],
  withdraw: [],
  return: [note()],
  triage: [],
  'ask-owners': [note()],
  deliberate: [
    { name: 'heldOn', label: 'heldOn', type: 'day' },
    { name: 'expected', label: 'expected', type: 'count' },
    { name: 'attended', label: 'attended', type: 'count' },
    { name: 'minutes', label: 'minutes', type: 'lines' },
    { name: 'dissent', label: 'dissentField', type: 'lines', optional: true },
  ],
  cost: [
    { name: 'termDays', label: 'termDays', type: 'count' },
    { name: 'why', label: 'whyField', type: 'line', optional: true },
  ],
  object: [text],
  answer: [text, upheld],
  insist: [text],
  rule: [text, upheld],
  opine: [text],
  sign: [{ name: 'amount', label: 'amountField', type: 'money' }],
  decline: [note()],
  'record-owners': [],
  'confirm-owners': [],
  start: [{ ...note('noteOptional'), optional: true }],
  report: [text, { name: 'percent', label: 'percentField', type: 'count' }],
  finish: [text],
  'show-photo': [],
  'withhold-photo': [],
  accept: [{ ...note('noteOptional'), optional: true }],
  refuse: [note()],
  approve: [{ name: 'amount', label: 'amountField', type: 'money' }],
  'override-check': [note()],
  abandon: [note()],
  suspend: [note()],
  resume: [note()],
  declare: [
    {
      ...{ name: 'interest', label: 'interest', type: 'choice' },
      options: [
        ['bidder', 'interest_bidder'],
        ['employed', 'interest_employed'],
        ['relative', 'interest_relative'],
        ['other', 'interest_other'],
      ],
    },
  ],
  review: [text],
  vote: [],
  'enter-paper': [],
  rate: [],
  pay: [
    { name: 'amount', label: 'amountField', type: 'money' },
    { name: 'bankReference', label: 'bankReference', type: 'line' },
    { name: 'paidOn', label: 'paidOn', type: 'day' },
  ],
}

/** Acts that a page puts aside: seldom needed, or an end. */
export const asideActs: readonly PossibleAct[] = [
  ...([
    'override-check',
    'ask-owners',
    'decline',
    'declare',
    'suspend',
    'abandon',
    'withdraw',
    'return',
    'refuse',
  ] as const),
]

/** Acts about one photo: their forms stand beside it. */
export const photoActs: readonly PossibleAct[] = ['show-photo', 'withhold-photo']

/** Acts that bring a list of owners: `OwnersEntry.svelte`. */
export const ownersActs = ['record-owners', 'confirm-owners'] as const satisfies readonly PossibleAct[]

/** Acts about one objection: their forms stand beside it. */
export const objectionActs: readonly PossibleAct[] = ['answer', 'insist', 'rule']

export const QUOTE_ROWS = 3
export const RECEIPT_ROWS = 12
export const MILESTONE_ROWS = 4

/** Acts that say which milestone they are about, where there are several. */
export const milestoneActs: readonly PossibleAct[] = ['finish', 'accept', 'refuse', 'approve', 'pay']
/** As many as the API takes: a longer one that comes back loses nothing. */
export const BUDGET_ROWS = 20
