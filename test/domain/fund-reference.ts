import type { SaleEvent } from '#shared/contracts/events.ts'

/**
 * The fund written a second time, on purpose in another way: no running state, no differences, big integers, everything
 * summed anew from the set of events. The order in which they came cannot matter, for it is not an input.
 */
export function referenceFund(events: readonly SaleEvent[]) {
  const once = new Map(
    events.map((event) => [
      JSON.stringify([event.type, 'reversalId' in event ? event.reversalId : event.saleId]),
      event,
    ]),
  )
  const all = [...once.values()]
  const settled = new Set(all.flatMap((event) => (event.type === 'sale.settled.v1' ? [event.saleId] : [])))
  const donors = new Map<string, { n: bigint; s: bigint }>()
  for (const event of all) {
    if (event.type !== 'sale.recorded.v1' || event.agreementId === undefined) continue
    const given = all
      .filter((other) => other.type === 'sale.reversed.v1' && other.saleId === event.saleId)
      .reduce((sum, other) => sum + ('amountFen' in other ? BigInt(other.amountFen) : 0n), 0n)
    const exact = (BigInt(event.amountFen) - given) * BigInt(event.rateBps)
    const key = `${event.agreementId}#${event.coopId}`
    const donor = donors.get(key) ?? { n: 0n, s: 0n }
    donors.set(key, { n: donor.n + exact, s: donor.s + (settled.has(event.saleId) ? exact : 0n) })
  }
  const posted = [...donors.values()].reduce((sum, { n }) => sum + n / 10_000n, 0n)
  const due = [...donors.values()].reduce((sum, { s }) => sum + s / 10_000n, 0n)
  return {
    donors: Object.fromEntries([...donors].map(([key, { n, s }]) => [key, [Number(n), Number(s)]])),
    balances: {
      sales: -Number(posted) + 0,
      pending: Number(posted - due),
      available: Number(due),
      reserved: 0,
      clawback: 0,
      settled: -Number(due) + 0,
      due: Number(due),
      cash: 0,
      paid: 0,
    },
    entryCount: all.length,
  }
}
