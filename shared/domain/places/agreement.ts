import type { Agreement } from '#shared/contracts/places.ts'
import { plusMs, shanghaiDay, type Instant, type ShanghaiDay } from '#shared/kernel/time.ts'

type Term = { readonly fromDay: ShanghaiDay; readonly toDay: ShanghaiDay }

/** From the start of the first day to the end of the last one, as people in Shanghai see days. */
export function inForceOn(term: Term, day: ShanghaiDay): boolean {
  return term.fromDay <= day && day <= term.toDay
}

/** In force on every day that a window touches; a window that ends at midnight does not touch the day that begins then. */
export function inForceThroughout(term: Term, opensAt: Instant, closesAt: Instant): boolean {
  return inForceOn(term, shanghaiDay(opensAt)) && inForceOn(term, shanghaiDay(plusMs(closesAt, -1)))
}

/**
 * The agreement that sets the donation of an order placed on this day: of the versions in force, the newest. A version
 * that begins later leaves today's in force until its day has come; without any the rate is 0.
 */
export function agreementInForce(versions: readonly Agreement[], day: ShanghaiDay): Agreement | undefined {
  return versions
    .filter((version) => inForceOn(version, day))
    .reduce<Agreement | undefined>(
      (newest, each) => (newest && newest.version > each.version ? newest : each),
      undefined,
    )
}

/** What a page shows: the agreement in force today, else the newest one, whose days tell why it is not. */
export function agreementToShow(versions: readonly Agreement[], day: ShanghaiDay): Agreement | undefined {
  return agreementInForce(versions, day) ?? versions.reduce<Agreement | undefined>(newer, undefined)
}

function newer(left: Agreement | undefined, right: Agreement): Agreement {
  return left !== undefined && left.version > right.version ? left : right
}
