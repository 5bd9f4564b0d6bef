import {
  answerDisclosureObjection as answerRoute,
  type DisclosureView,
  insistOnObjection as insistRoute,
  objectToDisclosure as objectRoute,
  ruleOnDisclosureObjection as ruleRoute,
} from '#shared/contracts/sunshine.ts'
import {
  decideAnswer,
  type Decided,
  decideInsisting,
  decideObjecting,
  decideRuling,
} from '#shared/domain/sunshine/decide-objection.ts'
import type { Disclosure } from '#shared/domain/sunshine/disclosure.ts'
import type { SunshinePerson } from '#shared/domain/sunshine/persons.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { loadDisclosure, loadPublication, saveStep } from './disclosure-store.ts'
import { disclosureView, sunshinePersonOf } from './disclosure-view.ts'

const ATTEMPTS_MAX = 8

export const objectToDisclosure = http(
  objectRoute,
  async ({ params: { disclosureId }, body }, { caller, now }) => {
    const publication = body.seq === undefined ? undefined : await loadPublication(disclosureId, body.version)
    const hasEntry = (seq: number) => isIn(publication?.snapshot, seq)
    return act(disclosureId, caller, now, (disclosure, person) =>
      decideObjecting(disclosure, body, hasEntry, person, now, governanceDayMs()),
    )
  },
  { freshRoles: true },
)

/** Of the fund the entries are those of its ledger: from the first to the last one. */
function isIn(
  snapshot:
    | { readonly ledger?: { readonly seq: number } | undefined; readonly entries: readonly { readonly seq: number }[] }
    | undefined,
  seq: number,
): boolean {
  if (snapshot === undefined) return false
  return snapshot.ledger === undefined
    ? snapshot.entries.some((entry) => entry.seq === seq)
    : seq <= snapshot.ledger.seq
}

export const answerDisclosureObjection = http(
  answerRoute,
  ({ params: { disclosureId, number }, body: { text } }, { caller, now }) =>
    act(disclosureId, caller, now, (disclosure, person) =>
      decideAnswer(disclosure, { number, text }, person, now, governanceDayMs()),
    ),
  { freshRoles: true },
)

export const insistOnObjection = http(
  insistRoute,
  ({ params: { disclosureId, number }, body: { text } }, { caller, now }) =>
    act(disclosureId, caller, now, (disclosure, person) =>
      decideInsisting(disclosure, { number, text }, person, now, governanceDayMs()),
    ),
  { freshRoles: true },
)

export const ruleOnDisclosureObjection = http(
  ruleRoute,
  ({ params: { disclosureId, number }, body }, { caller, now }) =>
    act(disclosureId, caller, now, (disclosure, person) =>
      decideRuling(disclosure, { number, ...body }, person, now, governanceDayMs()),
    ),
  { freshRoles: true },
)

/** Loads, decides, adds the step. Somebody else's step in between only means to decide once more. */
async function act<Code extends string>(
  disclosureId: string,
  caller: Caller,
  now: Instant,
  decide: (disclosure: Disclosure, person: SunshinePerson) => Decided<Code>,
): Promise<DisclosureView | Refused<Code>> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const loaded = await loadDisclosure(disclosureId)
    if (loaded === undefined) throw new Missing()
    const person = sunshinePersonOf(caller, loaded.item)
    const decided = decide(loaded.disclosure, person)
    switch (decided.kind) {
      case 'forbidden':
        throw new Forbidden()
      case 'refused':
        return decided
      case 'same':
        return disclosureView(loaded, person, now)
      case 'step': {
        const saved = await saveStep(loaded, decided.step, governanceDayMs())
        if (saved === 'again') continue
        log('info', 'disclosure moved', { disclosureId, act: decided.step.facts.act })
        return disclosureView(saved, person, now)
      }
    }
  }
  throw new Busy()
}
