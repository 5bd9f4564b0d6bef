import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportLedgerJsonl, type LedgerEntry } from '#shared/contracts/fund.ts'
import { getGroupBuy } from '#shared/contracts/group-buys.ts'
import { verifyLedger } from '#shared/domain/fund/verify-ledger.ts'
import { must } from '../../cdk/tools/demo/http-client.ts'
import type { SmallDistrict } from '../../cdk/tools/bench/small-district.ts'

/** What tests of a whole system look at from outside: shelves and ledgers. */
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Portions left of an offer, as its public page says. */
export async function leftOf(district: SmallDistrict, groupBuyId: string, offerId: string): Promise<number> {
  const { offers } = await must(district.url, getGroupBuy, { params: { groupBuyId } })
  return offers.find((offer) => offer.offerId === offerId)?.left ?? Number.NaN
}

/** The ledgers of all compounds, verified line by line; throws when one is not sound. */
export async function soundEntries(district: SmallDistrict): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = []
  for (const compoundId of district.compoundIds) {
    const text = await must(district.url, exportLedgerJsonl, { params: { compoundId }, token: district.admin })
    const lines = String(text).trimEnd().split('\n')
    const verified = verifyLedger(lines, sha256)
    if (!verified.ok) throw new Error(`the ledger of ${compoundId}: ${JSON.stringify(verified.problems[0])}`)
    entries.push(...lines.slice(0, -1).map((line) => JSON.parse(line) as LedgerEntry))
  }
  return entries
}

export const salesIn = (entries: readonly LedgerEntry[], groupBuyId: string) =>
  entries.filter((entry) => entry.kind === 'sale' && entry.groupBuyId === groupBuyId)

/** Looks until it is true; throws with the last answer when it does not become true in time. */
export async function until<T>(within: number, look: () => Promise<T>, isIt: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + within
  for (;;) {
    const seen = await look()
    if (isIt(seen)) return seen
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${JSON.stringify(seen)}`)
    await sleep(200)
  }
}

export function countBy<T>(things: readonly T[], name: (thing: T) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(things, name)].map(([key, of]) => [key, of.length]))
}
