import type { Act } from '#shared/contracts/governance.ts'
import { actFields, milestoneActs, QUOTE_ROWS, RECEIPT_ROWS } from '#web/lib/projects/act-fields.ts'
import { rowsOfList } from './owners-list.ts'
import { planField, planOf, unreadableShares } from './plan-of-form.ts'
import { count, fen, rows, words, type Typed } from './typed-text.ts'

const optional = (name: string, text: string | undefined) => (words(text) === '' ? {} : { [name]: words(text) })

/**
 * The act that a form tells of, in the shape of the contract. What cannot be read is left for the API to refuse by field;
 * nothing is guessed.
 */
export function actOfForm(act: string, typed: Typed, photoIds: readonly string[] = []): Act {
  return {
    act,
    ...milestoneOf(act, typed),
    ...partsOf(act, typed),
    ...photosOf(act, typed, photoIds),
  } as unknown as Act
}

/** Photos that were sent with the form, or the one that it is about. */
function photosOf(act: string, typed: Typed, photoIds: readonly string[]): Record<string, unknown> {
  const { photoId, reason } = typed
  switch (act) {
    case 'finish':
      return photoIds.length === 0 ? {} : { photoIds }
    case 'show-photo':
      return { photoId, looked: typed['looked'] === 'true', ...optional('coveredId', photoIds[0]) }
    case 'withhold-photo':
      return { photoId, reason }
    default:
      return {}
  }
}

/** The one that the page showed when it was opened: by then another one may be under way, and the API says so. */
export function milestoneOf(act: string, typed: Typed): { milestone?: number } {
  const milestone = count(typed['milestone'])
  const isAbout = (milestoneActs as readonly string[]).includes(act)
  return milestone === undefined || !isAbout ? {} : { milestone }
}

function partsOf(act: string, typed: Typed): Record<string, unknown> {
  const { objectionId } = typed
  const upheld = typed['upheld'] === 'true'
  switch (act) {
    case 'return':
    case 'refuse':
    case 'decline':
    case 'abandon':
    case 'suspend':
    case 'resume':
      return { note: words(typed['note']) }
    case 'override-check':
      return { stop: count(typed['stop']), note: words(typed['note']) }
    case 'start':
    case 'accept':
      return optional('note', typed['note'])
    case 'triage':
      return typed['ownersItem'] ? { ownersItem: count(typed['ownersItem']) } : {}
    case 'ask-owners':
      return { ownersItem: count(typed['ownersItem']), note: words(typed['note']) }
    case 'deliberate':
      return {
        ...{ heldOn: words(typed['heldOn']), minutes: words(typed['minutes']) },
        ...{ expected: count(typed['expected']), attended: count(typed['attended']) },
        ...optional('dissent', typed['dissent']),
      }
    case 'cost':
      return {
        ...{ quotes: quotesOf(typed), chosen: chosenOf(typed), termDays: count(typed['termDays']) },
        ...optional('why', typed['why']),
        ...planOf(typed, quotesOf(typed)[chosenOf(typed)]?.amountFen),
      }
    case 'object':
    case 'insist':
      return { objectionId, text: words(typed['text']) }
    case 'answer':
    case 'rule':
      return { objectionId, text: words(typed['text']), upheld }
    case 'opine':
    case 'review':
      return { text: words(typed['text']) }
    case 'report':
      return { text: words(typed['text']), percent: count(typed['percent']) }
    case 'record-owners':
    case 'confirm-owners':
      return { item: count(typed['item']), rows: rowsOfList(typed['list'], count(typed['item']) ?? 0) }
    case 'finish':
      return { text: words(typed['text']), receipts: receiptsOf(typed) }
    case 'approve':
    case 'sign':
      return { amountFen: fen(typed['amount']) }
    case 'declare':
      return { interest: typed['interest'], ...optional('memberId', typed['memberId']) }
    default:
      return {}
  }
}

/** Rows that somebody wrote something into. */
function quotesOf(typed: Typed) {
  return writtenQuotes(typed).map((n) => ({
    ...{ from: words(typed[`from${n}`]), amountFen: fen(typed[`amount${n}`]) },
  }))
}

function writtenQuotes(typed: Typed): number[] {
  return rows(QUOTE_ROWS).filter((n) => words(typed[`from${n}`]) !== '' || words(typed[`amount${n}`]) !== '')
}

/** Its place among the rows that count: an empty row above it is none. */
function chosenOf(typed: Typed): number {
  return writtenQuotes(typed).indexOf(Number(typed['chosen']))
}

function receiptsOf(typed: Typed) {
  return writtenReceipts(typed).map((n) => ({
    ...{ from: words(typed[`from${n}`]), number: words(typed[`number${n}`]) },
    ...{ amountFen: fen(typed[`amount${n}`]), issuedOn: words(typed[`day${n}`]) },
  }))
}

function writtenReceipts(typed: Typed): number[] {
  const isWritten = (n: number) => ['from', 'number', 'amount'].some((name) => words(typed[`${name}${n}`]) !== '')
  return rows(RECEIPT_ROWS).filter(isWritten)
}

type Unreadable = 'badAmount' | 'badCount' | ReturnType<typeof unreadableShares>[string]

/** Numbers that are none, by the form's own names: said before anything is sent, in the reader's language. */
export function unreadable(act: string, typed: Typed): Record<string, Unreadable> {
  const wrong: Record<string, Unreadable> = act === 'cost' ? unreadableShares(typed) : {}
  for (const { name, type } of actFields[act as keyof typeof actFields] ?? []) {
    const text = typed[name]
    if (type === 'money' && !isSum(text)) wrong[name] = 'badAmount'
    if (type === 'count' && count(text) === undefined) wrong[name] = 'badCount'
  }
  const written = act === 'cost' ? writtenQuotes(typed) : act === 'finish' ? writtenReceipts(typed) : []
  for (const n of written) if (!isSum(typed[`amount${n}`])) wrong[`amount${n}`] = 'badAmount'
  return wrong
}

const isSum = (text: string | undefined) => (fen(text) ?? 0) > 0

/** The form's own names for the fields that the API names: each is said at the line it was typed into. */
export function formFields(
  act: string,
  fields: Readonly<Record<string, string>>,
  typed: Typed,
): Record<string, string> {
  const written = act === 'cost' ? writtenQuotes(typed) : writtenReceipts(typed)
  const names: Readonly<Record<string, string>> = { amountFen: 'amount' }
  const known = new Set(actFields[act as keyof typeof actFields]?.map(({ name }) => name) ?? [])
  return Object.fromEntries(
    Object.entries(fields).map(([name, said]) => {
      const own = names[name] ?? name
      const row = /^(quotes|receipts)\.(\d+)\.(from|number|amountFen|issuedOn)$/.exec(name)
      if (row !== null) {
        const [, , at, part] = row
        const short = { from: 'from', number: 'number', amountFen: 'amount', issuedOn: 'day' }[part ?? 'from'] ?? 'from'
        // Rows that were left empty were not sent.
        return [`${short}${written[Number(at)] ?? 1}`, said]
      }
      return [planField(name, typed) ?? (known.has(own) ? own : name), said]
    }),
  )
}
