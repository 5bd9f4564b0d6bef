import { Resolver } from 'node:dns/promises'

const TRY_MS = 1_500
const TRIES = 2
/** However many name servers there are: somebody may be waiting at a form. */
const ALL_MS = 5_000

/**
 * All addresses of a host, IPv4 first: not every network that we run in has IPv6. Asks the name servers and no file of
 * this machine, without a thread that a slow server could hold. None when nobody knows it, or none answered in time.
 */
export async function resolveHost(host: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES })
  const timer = setTimeout(() => resolver.cancel(), ALL_MS)
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  clearTimeout(timer)
  return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
}
