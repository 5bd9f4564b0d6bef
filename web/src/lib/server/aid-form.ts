import { randomUUID } from 'node:crypto'
import { AID_CONSENT_VERSION, AID_FEN_MAX, aidCategories, type RaiseAid } from '#shared/contracts/aid.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { aidConsent } from '#web/lib/text/aid-consent.ts'
import type { Lang } from '#web/lib/text/lang.ts'

/** What the page of a request shows around its fields. The id is made here, so that a form sent twice is one request. */
export function aidFormOf(lang: Lang) {
  return {
    caseId: randomUUID(),
    categories: aidCategories,
    most: String(Math.floor(AID_FEN_MAX / 100)),
    consent: { version: AID_CONSENT_VERSION, sections: aidConsent[lang] },
  }
}

const line = (text: FormDataEntryValue | null) =>
  String(text ?? '')
    .replaceAll(/\r\n?/g, '\n')
    .trim()

const names = ['category', 'why', 'asked', 'payee', 'compoundId', 'building', 'unit', 'room', 'consentBy'] as const
export type TypedAid = Readonly<Record<(typeof names)[number], string>> & {
  readonly ofChild: boolean
  readonly guardian: boolean
  readonly agreed: boolean
}

/** What was typed, to be shown again when something is wrong with it. */
export function typedAid(form: FormData): TypedAid {
  const texts = Object.fromEntries(names.map((name) => [name, line(form.get(name))]))
  const ticked = { ofChild: form.has('ofChild'), guardian: form.has('guardian'), agreed: form.has('agree') }
  return { ...(texts as Record<(typeof names)[number], string>), ...ticked }
}

/** In the shape of the contract; what cannot be read is left for the API to refuse by field. */
export function raiseOfForm(form: FormData, isForOthers: boolean): RaiseAid {
  const { category, why, asked, payee, ofChild, guardian, agreed, ...home } = typedAid(form)
  const { compoundId, building, unit, room, consentBy } = home
  return {
    ...{ category, why, payee, ofChild, askedFen: fenFromText(asked) },
    ...(ofChild ? { guardianAgrees: guardian } : {}),
    // The version that was on the page: with a newer one it is refused, and the new text is shown before agreeing again.
    ...(agreed ? { consentVersion: line(form.get('consentVersion')) } : {}),
    ...(isForOthers ? { forOthers: { compoundId, building, unit, room, consentBy } } : {}),
  } as unknown as RaiseAid
}
