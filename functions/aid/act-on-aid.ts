import { actOnAid as actRoute, type AidAct, type AidView, readAid as readRoute } from '#shared/contracts/aid.ts'
import { afterAidStep } from '#shared/domain/aid/aid-case.ts'
import { type AidDecided, decideAidAct, decideReading } from '#shared/domain/aid/decide-act.ts'
import { type AidPerson, seesSteps } from '#shared/domain/aid/persons.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { randomUUID } from 'node:crypto'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { type LoadedAid, loadAid, saveStep, slipOf, slipWrites, type Words } from './aid-store.ts'
import { aidPersonOf, aidView } from './aid-view.ts'

const ATTEMPTS_MAX = 8

export const actOnAid = http(
  actRoute,
  ({ params: { caseId }, body }, { caller, now }) =>
    act(caseId, caller, now, {
      reads: false,
      // Only who takes a case back asks what has become of its slip.
      looksAtSlip: body.act === 'withdraw',
      decide: (loaded, person, slipUsed) => {
        const facts = {
          ...(loaded.words === undefined ? {} : { askedFen: loaded.words.askedFen }),
          ...{ newSlipId: randomUUID(), slipUsed },
        }
        return decideAidAct(loaded.aid, body, facts, person, now)
      },
      wordsAfter: (words) => withReason(words, body),
    }),
  { freshRoles: true },
)

/** That it is read is written down first; only then is it shown. */
export const readAid = http(
  readRoute,
  ({ params: { caseId } }, { caller, now }) =>
    act(caseId, caller, now, {
      reads: true,
      looksAtSlip: false,
      decide: ({ aid }, person) => decideReading(aid, person, now),
      wordsAfter: (words) => words,
    }),
  { freshRoles: true },
)

/** Why it was refused is about a person: it is kept with what was written, and deleted with it. */
function withReason(words: Words | undefined, body: AidAct): Words | undefined {
  return words === undefined || body.act !== 'refuse' ? words : { ...words, reason: body.reason }
}

type Acting<Code extends string> = {
  readonly reads: boolean
  readonly looksAtSlip: boolean
  readonly decide: (loaded: LoadedAid, person: AidPerson, slipUsed: boolean) => AidDecided<Code>
  readonly wordsAfter: (words: Words | undefined) => Words | undefined
}

/** Loads, decides, adds the step. Somebody else's step in between only means to decide once more. */
async function act<Code extends string>(
  caseId: string,
  caller: Caller,
  now: Instant,
  { reads, looksAtSlip, decide, wordsAfter }: Acting<Code>,
): Promise<AidView | Refused<Code>> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const loaded = await loadAid(caseId, now)
    if (loaded === undefined) throw new Missing()
    const person = aidPersonOf(caller, loaded.item.communityId)
    if (!seesSteps(loaded.aid, person)) throw new Missing()
    const found = looksAtSlip ? await slipOf(loaded) : undefined
    const decided = decide(loaded, person, found?.isHeld === true)
    if (decided.kind === 'forbidden') throw new Forbidden()
    if (decided.kind === 'refused') return decided
    let fresh = loaded
    if (decided.kind === 'step') {
      const aid = afterAidStep(loaded.aid, decided.step)
      const saved = await saveStep(loaded, aid, wordsAfter(loaded.words), slipWrites(loaded, aid, found?.slip))
      if (saved === 'again') continue
      fresh = saved
    }
    const view = aidView(fresh, person, now, reads)
    if (view === undefined) throw new Missing()
    return view
  }
  throw new Busy()
}
