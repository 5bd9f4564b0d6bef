/** What is wrong with an address, before anybody looks where it leads. */
export type BadUrl = 'not-an-address' | 'not-https' | 'bad-port' | 'with-password' | 'with-fragment'

const LAST_RESERVED_PORT = 1023

/**
 * Secrets of receivers and our signatures do not travel in the open: https, on its own port or one that no service of the
 * system has. `here`: addresses of this very machine may do without, where a setting says so.
 */
export function badUrl(text: string, here: boolean): BadUrl | undefined {
  const url = URL.parse(text)
  if (url === null || !/^https?:\/\//i.test(text)) return 'not-an-address'
  if (url.protocol !== 'https:' && !here) return 'not-https'
  const port = portOf(url)
  if (port !== 443 && port <= LAST_RESERVED_PORT) return 'bad-port'
  if (url.username !== '' || url.password !== '') return 'with-password'
  if (url.hash !== '') return 'with-fragment'
  return undefined
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}
