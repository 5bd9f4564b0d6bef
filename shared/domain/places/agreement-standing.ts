import { ENDS_SOON_DAYS, type Agreement, type AgreementStanding } from '#shared/contracts/places-agreements.ts'
import { inForceOn, type Term } from '#shared/kernel/term.ts'
import { plusDays, type ShanghaiDay } from '#shared/kernel/time.ts'
import { agreementInForce } from './agreement.ts'

/** How one version of a pairing's agreement stands on a day, given all of them. */
export function standingOf(
  version: Agreement,
  versions: readonly Agreement[],
  pairing: Term,
  day: ShanghaiDay,
): AgreementStanding {
  // The agreement hangs on the pairing: outside of it nothing is sold, and nothing donated.
  const term = { fromDay: later(version.fromDay, pairing.fromDay), toDay: earlier(version.toDay, pairing.toDay) }
  if (day > term.toDay) return { standing: 'over', endsSoon: false }
  if (day < term.fromDay) return { standing: 'not-begun', endsSoon: false }
  if (agreementInForce(versions, day)?.version !== version.version) return { standing: 'replaced', endsSoon: false }
  const lastDay = lastDayOf(version, versions, term, day)
  const dayAfter = plusDays(lastDay, 1)
  const next = inForceOn(pairing, dayAfter) ? agreementInForce(versions, dayAfter) : undefined
  return {
    standing: 'in-force',
    lastDay,
    endsSoon: lastDay <= plusDays(day, ENDS_SOON_DAYS),
    ...(next === undefined ? {} : { followedBy: next.version }),
  }
}

/** The last day on which it sets the donation: its own, unless a newer version begins before. */
function lastDayOf(version: Agreement, versions: readonly Agreement[], term: Term, day: ShanghaiDay): ShanghaiDay {
  return versions
    .filter((other) => other.version > version.version && other.fromDay > day)
    .reduce((last, newer) => earlier(last, plusDays(newer.fromDay, -1)), term.toDay)
}

const earlier = (left: ShanghaiDay, right: ShanghaiDay): ShanghaiDay => (left < right ? left : right)
const later = (left: ShanghaiDay, right: ShanghaiDay): ShanghaiDay => (left > right ? left : right)
