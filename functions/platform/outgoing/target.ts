import { type BadUrl, badUrl } from '#shared/kernel/outgoing-url.ts'
import { optionalEnv } from '../env.ts'
import { isAddress, kindOfAddress } from './address.ts'
import { resolveHost } from './resolve.ts'

/** Where a request really goes: the address was looked at, and no name is looked up again after that. */
export type Target = { readonly kind: 'target'; readonly url: URL; readonly address: string }
export type NoTarget =
  | { readonly kind: 'bad-url'; readonly why: BadUrl }
  /** No name server knows it, or none answered. */
  | { readonly kind: 'unknown-address' }
  | { readonly kind: 'refused-address' }

/**
 * Looks where an address of somebody else's choice leads. One name may have many addresses: when only one of them is not of
 * the open internet, none is used, for whoever set that up means harm, or will not miss us.
 */
export async function findTarget(text: string): Promise<Target | NoTarget> {
  const mayBeHere = optionalEnv('HOOKS_TO_THIS_MACHINE') === '1'
  const why = badUrl(text, mayBeHere)
  if (why !== undefined) return { kind: 'bad-url', why }
  const url = new URL(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isAddress(host) ? [host] : await resolveHost(host)
  const [address] = addresses
  if (address === undefined) return { kind: 'unknown-address' }
  const kinds = addresses.map(kindOfAddress)
  const areHere = kinds.every((kind) => kind === 'this-machine')
  if (areHere && mayBeHere) return { kind: 'target', url, address }
  if (kinds.some((kind) => kind !== 'public')) return { kind: 'refused-address' }
  // The setting lets this machine go without https, and nobody else.
  if (url.protocol !== 'https:') return { kind: 'bad-url', why: 'not-https' }
  return { kind: 'target', url, address }
}
