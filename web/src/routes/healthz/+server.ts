import type { RequestHandler } from './$types'

/** For load balancers and the host: says that this process answers. Renders nothing and asks nobody. */
export const GET: RequestHandler = () =>
  new Response('ok\n', { headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' } })
