import ipaddr from 'ipaddr.js'

/** Nothing outside it is handed out for the public internet (IANA: global unicast). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

export type AddressKind = 'public' | 'this-machine' | 'refused'

/**
 * What an address that others chose leads to. Only the open internet is `public`; private networks, link-local (and so the
 * services that hand out credentials), carrier NAT, multicast, what is reserved, and every form of IPv6 that carries an
 * IPv4 address within are refused.
 */
export function kindOfAddress(text: string): AddressKind {
  const plain = text.replace(/^\[|\]$/g, '')
  // A zone names an interface of this machine.
  if (plain.includes('%') || !ipaddr.isValid(plain)) return 'refused'
  const address = ipaddr.parse(plain)
  const range = address.range()
  if (range === 'loopback') return 'this-machine'
  if (range !== 'unicast') return 'refused'
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST) ? 'public' : 'refused'
}

/** Whether a host is written as an address, so that nothing is to be looked up. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(host.replace(/^\[|\]$/g, ''))
}
