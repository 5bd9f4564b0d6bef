import { AID_CONSENT_VERSION, type RaiseAid } from '#shared/contracts/aid.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import type { AidPerson } from './persons.ts'
import type { AidStep } from './steps.ts'

/** The first step of a case. Nothing is kept without the separate consent (PIPL arts. 29–31). */
export function decideRaise(
  asked: RaiseAid,
  person: AidPerson,
  now: Instant,
): { kind: 'step'; step: AidStep } | Refused<'AID_CONSENT_NEEDED' | 'AID_GUARDIAN_NEEDED' | 'AID_NOT_VERIFIED'> {
  const { forOthers, consentVersion, ofChild, guardianAgrees } = asked
  if (consentVersion !== AID_CONSENT_VERSION) {
    return refused('AID_CONSENT_NEEDED', undefined, { consentVersion: '请先读完并单独同意' })
  }
  if (ofChild && guardianAgrees !== true) {
    return refused('AID_GUARDIAN_NEEDED', undefined, { guardianAgrees: '要有监护人同意' })
  }
  const { personId, householdId } = person
  if (forOthers === undefined && householdId === undefined) return refused('AID_NOT_VERIFIED')
  return {
    kind: 'step',
    step: {
      ...{ at: now, part: forOthers === undefined ? 'applicant' : 'worker', personId },
      ...(householdId === undefined ? {} : { householdId }),
      facts: {
        ...{ act: 'raise', consentVersion },
        ...(forOthers === undefined ? {} : { consentBy: forOthers.consentBy }),
      },
    },
  }
}
