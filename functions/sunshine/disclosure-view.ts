import type { DisclosureSummary, DisclosureView } from '#shared/contracts/sunshine.ts'
import { lastPublication, type Objection } from '#shared/domain/sunshine/disclosure.ts'
import { possibleWith, type SunshinePerson } from '#shared/domain/sunshine/persons.ts'
import { daysOf } from '#shared/kernel/quarters.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type Caller, hasRole, isAdmin } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { DisclosureItem } from '#functions/platform/table/items/sunshine.ts'
import { type Loaded, loadPublication } from './disclosure-store.ts'

type Where = Pick<DisclosureItem, 'book' | 'keeperId' | 'compoundId' | 'communityId'>

export function sunshinePersonOf(caller: Caller, { book, keeperId, compoundId, communityId }: Where): SunshinePerson {
  const home = caller.memberships.find(
    (held) => held.role === 'resident' && held.state === 'verified' && held.compoundId === compoundId,
  )
  const ofCharity = caller.memberships.some(({ role }) => role === 'charity')
  return {
    personId: caller.personId,
    ...(home === undefined ? {} : { householdId: home.scopeId }),
    isWorker: hasRole(caller, 'worker', communityId),
    isAdmin: isAdmin(caller),
    isKeeper: book === 'fund' ? ofCharity : hasRole(caller, 'body', keeperId),
  }
}

export function disclosureSummary(item: DisclosureItem): DisclosureSummary {
  const { entity: _entity, v: _v, steps: _steps, ...summary } = item
  return summary
}

/** A disclosure as this person sees it; of persons it tells nothing but what is the caller's own. */
export async function disclosureView(
  { item, disclosure }: Loaded,
  person: SunshinePerson | undefined,
  now: Instant,
  version?: number,
): Promise<DisclosureView> {
  const last = lastPublication(disclosure)
  const shown = version ?? last?.version
  const publication = shown === undefined ? undefined : await loadPublication(item.disclosureId, shown)
  if (version !== undefined && publication === undefined) throw new Missing()
  const onDisplay = disclosure.state === 'displayed' && last !== undefined && now < last.displayUntil
  return {
    ...disclosureSummary(item),
    ...daysOf(item.quarter),
    ...(publication === undefined ? {} : { publication: publication.snapshot, sha256: publication.sha256 }),
    versions: disclosure.publications.map(({ version: each, at, sha256, note }) => ({
      ...{ version: each, publishedAt: at, sha256 },
      ...(note === undefined ? {} : { note }),
    })),
    objections: disclosure.objections.map((objection) => ({
      ...objectionParts(objection),
      ...possibleWith(disclosure, objection, person),
    })),
    mayObject: onDisplay && person?.householdId !== undefined && !person.isKeeper,
    mayCorrect: person?.isKeeper === true && last !== undefined,
  }
}

function objectionParts(objection: Objection) {
  const { personId: _personId, householdId: _householdId, answer, insisted, ruling, seq, ...told } = objection
  return {
    ...told,
    ...(seq === undefined ? {} : { seq }),
    ...(answer === undefined ? {} : { answer: said(answer) }),
    ...(insisted === undefined ? {} : { insisted: said(insisted) }),
    ...(ruling === undefined ? {} : { ruling: { ...said(ruling), upheld: ruling.upheld } }),
  }
}

const said = ({ at, text }: { readonly at: Instant; readonly text: string }) => ({ at, text })
