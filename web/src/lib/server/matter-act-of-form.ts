import type { MatterAct } from '#shared/contracts/matters.ts'
import { HELPER, matterActFields, photoActs, PUBLIC_PHOTO, publishActs, WITHHELD } from '../matters/act-fields.ts'
import { boxesOf } from './form-photos.ts'

type Typed = Readonly<Record<string, string>>
type Wrong = 'badCount' | 'mustChoose' | 'leadMissing'

const count = (text: string | undefined) => (/^\d{1,4}$/.test(text ?? '') ? Number(text) : undefined)

/**
 * The act that a form tells of, in the shape of the contract. What cannot be read is left for the API to refuse by field;
 * nothing is guessed.
 */
export function matterActOfForm(act: string, typed: Typed, photoIds: readonly string[]): MatterAct {
  const fields = matterActFields[act as keyof typeof matterActFields] ?? []
  const parts = fields.flatMap(({ name, type, optional }): [string, unknown][] => {
    const text = typed[name] ?? ''
    if (optional && text === '') return []
    if (type === 'count') return [[name, count(text)]]
    return [[name, name === 'upheld' || name === 'solved' ? text === 'true' : text]]
  })
  return { act, ...Object.fromEntries(parts), ...othersOf(act, typed, photoIds) } as unknown as MatterAct
}

/** What stands in no field of its own: lists, photos, and which other one. */
function othersOf(act: string, typed: Typed, photoIds: readonly string[]): Record<string, unknown> {
  const possible = act as keyof typeof matterActFields
  if (photoActs.includes(possible)) return { photoIds }
  if (publishActs.includes(possible)) {
    const withheld = act === 'redact' ? { withheld: boxesOf(typed, WITHHELD).map(Number) } : {}
    return { photoIds: boxesOf(typed, PUBLIC_PHOTO), ...withheld }
  }
  if (act === 'assign') {
    return { helperIds: boxesOf(typed, HELPER).filter((bodyId) => bodyId !== typed['leadId']) }
  }
  if (act === 'merge') return { into: typed['into'] ?? '' }
  if (act === 'link-proposal') return { proposalId: typed['proposalId'] ?? '' }
  return {}
}

/** What the page can say before anything is sent, by the form's own names and in the reader's language. */
export function unreadableMatterAct(act: string, typed: Typed): Record<string, Wrong> {
  const wrong: Record<string, Wrong> = {}
  for (const { name, type, optional } of matterActFields[act as keyof typeof matterActFields] ?? []) {
    const text = typed[name] ?? ''
    if (optional && text === '') continue
    if (type === 'count' && count(text) === undefined) wrong[name] = 'badCount'
    if ((type === 'choice' || type === 'body') && text === '') wrong[name] = 'mustChoose'
  }
  if (act === 'merge' && !typed['into']) wrong['into'] = 'mustChoose'
  if (act === 'link-proposal' && !typed['proposalId']) wrong['proposalId'] = 'mustChoose'
  if (act === 'rule' && typed['upheld'] === 'true' && !typed['leadId']) wrong['leadId'] = 'leadMissing'
  return wrong
}
