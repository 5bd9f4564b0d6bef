import { self } from '$app/service-worker'

/**
 * Serves one pick-up counter when there is no network, and nothing else: it is registered for that counter's address alone,
 * keeps nothing itself, and hands out only what the counter's page has put away (`lib/pick-up/keep.ts`).
 */
const COUNTER = new URL(self.registration.scope).pathname
const SHELL = `${COUNTER}/offline`
/** Longer than any page should take; a link that is so slow is none, and people are waiting. */
const NETWORK_WITHIN_MS = 8_000

const kept = async (path: string): Promise<Response | undefined> =>
  (await caches.open(`counter ${COUNTER}`)).match(path, { ignoreVary: true })

async function inTime(request: Request): Promise<Response> {
  return Promise.race([
    fetch(request),
    new Promise<never>((_resolve, reject) =>
      setTimeout(() => reject(new Error('no answer in time')), NETWORK_WITHIN_MS),
    ),
  ])
}

async function shell(request: Request): Promise<Response> {
  const page = await kept(SHELL)
  return page === undefined ? fetch(request) : inTime(request).catch(() => page)
}

/** The counter itself shows what the server knows now: without it, its page for that case takes over, with what was asked. */
async function counter(request: Request): Promise<Response> {
  if ((await kept(SHELL)) === undefined) return fetch(request)
  const instead = SHELL + new URL(request.url).search
  return inTime(request).catch(() => Response.redirect(instead, 302))
}

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (pathname === SHELL) event.respondWith(shell(request))
    if (pathname === COUNTER) event.respondWith(counter(request))
  } else if (pathname.startsWith('/_app/')) {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(request)))
  }
})
