import { Resolver } from 'node:dns/promises'

const TRY_MS = 2_000
const TRIES = 2

/**
 * All addresses of a host, IPv4 first: not every network that we run in has IPv6. Asks the name servers and no file of
 * this machine, without a thread that a slow server could hold.
 */
export async function resolveHost(host: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES })
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
}
