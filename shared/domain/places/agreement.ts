import type { Pairing } from '#shared/contracts/places.ts'
import type { Agreement } from '#shared/contracts/places-agreements.ts'
import { inForceOn } from '#shared/kernel/term.ts'
import { plusDays, type ShanghaiDay } from '#shared/kernel/time.ts'

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

/** The agreement of a pairing on a day: none on a day on which the pairing itself is not in force. */
export function agreementOn(pairing: WithVersions, day: ShanghaiDay): Agreement | undefined {
  return inForceOn(pairing, day) ? agreementInForce(pairing.agreements, day) : undefined
}

type WithVersions = Pick<Pairing, 'fromDay' | 'toDay'> & { readonly agreements: readonly Agreement[] }

/**
 * Up to which day the sales of a pairing are covered by agreements that follow each other without a gap, or since when by
 * none. Undefined: the pairing itself is not in force today.
 */
export function agreementCover(pairing: WithVersions, today: ShanghaiDay) {
  if (!inForceOn(pairing, today)) return undefined
  const lastDay = lastDayInForce(pairing.agreements, today)
  if (lastDay === undefined) return { kind: 'none', sinceDay: firstDayWithout(pairing, today) } as const
  return { kind: 'until', lastDay: lastDay < pairing.toDay ? lastDay : pairing.toDay } as const
}

function lastDayInForce(versions: readonly Agreement[], today: ShanghaiDay): ShanghaiDay | undefined {
  let last = agreementInForce(versions, today)?.toDay
  // Each turn goes on to another version's end, so there are no more turns than versions.
  for (let turn = 0; turn < versions.length && last !== undefined; turn += 1) {
    const next = agreementInForce(versions, plusDays(last, 1))
    if (next === undefined) break
    last = next.toDay
  }
  return last
}

function firstDayWithout({ agreements, fromDay }: WithVersions, today: ShanghaiDay): ShanghaiDay {
  const ends = agreements.filter(({ toDay }) => toDay < today).map(({ toDay }) => plusDays(toDay, 1))
  return [fromDay, ...ends].sort().at(-1) ?? fromDay
}
