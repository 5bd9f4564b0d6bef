import type { Agreement } from '#shared/contracts/places-agreements.ts'
import { inForceOn } from '#shared/kernel/term.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'

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
