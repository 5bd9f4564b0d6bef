import type { PossibleMatterAct } from '#shared/contracts/matters.ts'
import type { matterActWords } from '../text/matter-acts.ts'

type Word = keyof typeof matterActWords

export type ActField = {
  readonly name: string
  readonly label: Word
  readonly type: 'line' | 'lines' | 'count' | 'choice' | 'body'
  readonly hint?: Word
  /** As the contract takes it; the browser holds to it, the API decides. */
  readonly max?: number
  readonly optional?: true
  /** Of a choice: what is sent, and the word for it. */
  readonly options?: readonly (readonly [value: string, label: Word])[]
}

const NOTE_MAX = 300
const TEXT_MAX = 500

const note = (label: Word = 'note'): ActField => ({ name: 'note', label, type: 'lines', max: NOTE_MAX })
const choice = (name: string, label: Word, ...options: NonNullable<ActField['options']>): ActField => ({
  ...{ name, label, type: 'choice', options },
})
const otherLead: readonly ActField[] = [
  { name: 'leadId', label: 'newLead', type: 'body', optional: true },
  { name: 'termDays', label: 'newTerm', type: 'count', optional: true },
]
const published: readonly ActField[] = [
  choice('visibility', 'visibility', ['public', 'visibility_public'], ['private', 'visibility_private']),
  { name: 'title', label: 'title', type: 'line', hint: 'titleHint' },
  { name: 'where', label: 'where', type: 'line' },
  { name: 'text', label: 'textPublic', type: 'lines', max: TEXT_MAX },
]

/** The fields of each act's form; photos and lists of others stand beside. The page draws by it, and the server reads by it. */
export const matterActFields: Readonly<Record<PossibleMatterAct, readonly ActField[]>> = {
  add: [{ name: 'text', label: 'textAdd', type: 'lines', max: TEXT_MAX }],
  withdraw: [],
  triage: [
    choice(
      ...(['kind', 'kind'] as const),
      ['complaint', 'kind_complaint'],
      ['help', 'kind_help'],
      ['inquiry', 'kind_inquiry'],
      ['suggestion', 'kind_suggestion'],
    ),
    ...published,
  ],
  redact: published,
  decline: [note(), { name: 'tellWhere', label: 'tellWhereField', type: 'lines', max: NOTE_MAX }],
  merge: [],
  assign: [
    { name: 'leadId', label: 'leadField', type: 'body' },
    { name: 'termDays', label: 'termDays', type: 'count' },
    { ...note('basisField'), name: 'basis', optional: true },
  ],
  accept: [],
  dispute: [note()],
  rule: [
    choice('upheld', 'upheld', ['false', 'upheld_false'], ['true', 'upheld_true']),
    note('noteRule'),
    ...otherLead,
  ],
  report: [{ name: 'text', label: 'textReport', type: 'lines', max: NOTE_MAX }],
  extend: [note(), { name: 'days', label: 'days', type: 'count' }],
  allow: [],
  deny: [note()],
  answer: [
    choice(
      ...(['outcome', 'outcome'] as const),
      ['done', 'outcome_done'],
      ['explained', 'outcome_explained'],
      ['cannot', 'outcome_cannot'],
    ),
    { name: 'text', label: 'textAnswer', type: 'lines', max: NOTE_MAX },
  ],
  verify: [choice('solved', 'solved', ['true', 'solved_true'], ['false', 'solved_false']), note('noteSeen')],
  'send-back': [note('noteMissing')],
  reopen: [note('noteAgain')],
  escalate: [note('noteStuck')],
  supervise: [note('noteWord'), ...otherLead],
  'link-proposal': [],
  follow: [],
  unfollow: [],
  rate: [],
}

/** Acts that may come with new photos. */
export const photoActs: readonly PossibleMatterAct[] = ['add', 'report', 'answer', 'verify']

/** Acts that choose which of the photos that were sent are public. */
export const publishActs: readonly PossibleMatterAct[] = ['triage', 'redact']

/** Acts that a page puts aside: seldom needed, or an end. */
export const asideActs: readonly PossibleMatterAct[] = [
  ...(['dispute', 'extend', 'redact', 'decline', 'merge', 'link-proposal', 'escalate', 'withdraw'] as const),
]

/** Acts that end it, or give it away: drawn as such. */
export const endingActs: readonly PossibleMatterAct[] = ['withdraw', 'decline', 'merge', 'dispute']

/** Acts that are asked about once more: they cannot be taken back. */
export const askedActs: readonly PossibleMatterAct[] = [
  ...(['withdraw', 'decline', 'merge', 'dispute', 'rule', 'extend', 'deny', 'verify', 'supervise'] as const),
  'link-proposal',
]

/** Acts that have a form of their own on the page. */
export const ownActs: readonly PossibleMatterAct[] = ['follow', 'unfollow', 'rate']

/** Names of the boxes for helpers, and for photos that may be public. */
export const HELPER = 'helper.'
export const PUBLIC_PHOTO = 'public.'
/** Of a box beside words that are taken off the page: with the number of the step. */
export const WITHHELD = 'withheld.'
