import type { RequestEvent } from '@sveltejs/kit'
import { readBasket, writeBasket, type Basket } from '../basket/codec.ts'

type Site = Pick<RequestEvent, 'cookies' | 'url'>

const WEEK_SECONDS = 7 * 24 * 3600
const YEAR_SECONDS = 365 * 24 * 3600

/** `__Host-` ties a cookie to this very host over TLS; on one machine there is no TLS, and browsers would refuse it. */
function secretName(url: URL, name: string): string {
  return url.protocol === 'https:' ? `__Host-${name}` : name
}

function put({ cookies, url }: Site, name: string, value: string, maxAge: number): void {
  cookies.set(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: url.protocol === 'https:',
    maxAge,
  })
}

function drop({ cookies, url }: Site, name: string): void {
  cookies.delete(name, { path: '/', secure: url.protocol === 'https:' })
}

export const sessionCookie = {
  read: ({ cookies, url }: Site): string | undefined => cookies.get(secretName(url, 'xl-session')),
  write: (site: Site, secret: string, seconds: number): void =>
    put(site, secretName(site.url, 'xl-session'), secret, seconds),
  drop: (site: Site): void => drop(site, secretName(site.url, 'xl-session')),
}

export const attemptCookie = {
  read: ({ cookies, url }: Site): string | undefined => cookies.get(secretName(url, 'xl-sign-in')),
  write: (site: Site, secret: string, seconds: number): void =>
    put(site, secretName(site.url, 'xl-sign-in'), secret, seconds),
  drop: (site: Site): void => drop(site, secretName(site.url, 'xl-sign-in')),
}

const tokenPattern = /^[A-Za-z0-9_-]{43}$/
const HOUR_SECONDS = 3600

/** Whoever went off to pay by a link comes back to the order's address, and is led to their link by this. */
export const payForCookie = {
  read: ({ cookies }: Site): string | undefined => asToken(cookies.get('xl-pay-for')),
  write: (site: Site, token: string): void => put(site, 'xl-pay-for', token, HOUR_SECONDS),
  drop: (site: Site): void => drop(site, 'xl-pay-for'),
}

/** A link is told once, to the browser it was made in: there, and on that order's page alone, it can be looked at again. */
export const payLinkCookie = {
  read({ cookies }: Site, madeAt: string): string | undefined {
    const [token, when] = cookies.get('xl-pay-link')?.split(' ') ?? []
    return when === madeAt ? asToken(token) : undefined
  },
  write({ cookies, url }: Site, orderId: string, made: { token: string; madeAt: string }, seconds: number): void {
    cookies.set('xl-pay-link', `${made.token} ${made.madeAt}`, {
      path: `/orders/${orderId}/pay-link`,
      httpOnly: true,
      sameSite: 'lax',
      secure: url.protocol === 'https:',
      maxAge: seconds,
    })
  },
}

function asToken(text: string | undefined): string | undefined {
  return text !== undefined && tokenPattern.test(text) ? text : undefined
}

const idPattern = /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/

/** The compound whose shop a visitor looks at. */
export const compoundCookie = {
  read({ cookies }: Site): string | undefined {
    const id = cookies.get('xl-compound')
    return id !== undefined && idPattern.test(id) ? id : undefined
  },
  write: (site: Site, compoundId: string): void => put(site, 'xl-compound', compoundId, YEAR_SECONDS),
}

export const basketCookie = {
  read: ({ cookies }: Site): Basket => readBasket(cookies.get('xl-basket')),
  write(site: Site, basket: Basket): void {
    if (basket.length === 0) drop(site, 'xl-basket')
    else put(site, 'xl-basket', writeBasket(basket), WEEK_SECONDS)
  },
}

export const langCookie = {
  read: ({ cookies }: Site): string | undefined => cookies.get('xl-lang'),
  write: (site: Site, lang: string): void => put(site, 'xl-lang', lang, YEAR_SECONDS),
}
