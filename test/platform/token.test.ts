import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { route } from '#shared/contracts/route.ts'
import { personId } from '#shared/kernel/ids.ts'
import { call } from '../fixtures/call.ts'

/**
 * Goal: on a route that anyone may read, a token that is not good is refused (401), and an issuer that does not answer is
 * "come back" (503): nobody is told that their good token is bad. Method: an issuer whose two documents can break.
 */
const anyoneRoute = route({
  name: 'probe',
  summary: 'Probe.',
  method: 'GET',
  path: '/api/probe',
  access: 'anyone',
  output: z.strictObject({ who: z.string().optional() }),
})

type Answer = (answer: ServerResponse) => void
const json =
  (body: unknown, status = 200): Answer =>
  (answer) =>
    void answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const silence: Answer = () => undefined

let server: Server
let issuer = ''
let discovery: Answer
let keySet: Answer
let asked = { discovery: 0, keys: 0 }
let sign: (claims?: JWTPayload, kid?: string) => Promise<string>
let publicKeys: { keys: object[] }

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  publicKeys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }] }
  sign = (claims = {}, kid = 'k1') =>
    new SignJWT({
      iss: issuer,
      aud: 'xianglai-api',
      sub: 'somebody',
      exp: Math.floor(Date.now() / 1000) + 300,
      scope: 'openid market',
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuedAt()
      .sign(privateKey)
})

beforeEach(async () => {
  server = createServer((request, answer) => {
    if (request.url === '/keys') {
      asked.keys += 1
      keySet(answer)
    } else {
      asked.discovery += 1
      discovery(answer)
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  discovery = json({ issuer, jwks_uri: `${issuer}/keys` })
  keySet = json(publicKeys)
  asked = { discovery: 0, keys: 0 }
  Object.assign(process.env, { OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'xianglai-api', OIDC_SCOPE: 'market' })
  vi.resetModules()
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

/** A function that has just started, as each test needs one: what it knows of the issuer is kept in the module. */
async function warmUp() {
  const { personOfToken } = await import('#functions/platform/token.ts')
  const { httpHandler, openHttp } = await import('#functions/platform/http.ts')
  const handler = httpHandler(openHttp(anyoneRoute, () => Promise.resolve({})))
  const ask = (token: string) => call(handler, anyoneRoute, { headers: { authorization: `Bearer ${token}` } })
  return { personOfToken, ask }
}

describe('a token on a route that anyone may read', () => {
  it('names its person, and the issuer is asked once', async () => {
    const { personOfToken } = await warmUp()
    expect(await Promise.all([personOfToken(await sign()), personOfToken(await sign())])).toEqual([
      personId(issuer, 'somebody'),
      personId(issuer, 'somebody'),
    ])
    expect(asked).toEqual({ discovery: 1, keys: 1 })
  })

  it.each([
    ['no token at all', () => Promise.resolve('x.y.z')],
    ['of another audience', () => sign({ aud: 'somebody-else' })],
    ['without the scope', () => sign({ scope: 'openid' })],
    ['that has run out', () => sign({ exp: 1 })],
    ['signed with an unknown key', () => sign({}, 'k2')],
  ])('is refused: %s', async (_what, token) => {
    const { ask } = await warmUp()
    expect((await ask(await token())).status).toBe(401)
  })
})

describe('while the issuer is down', () => {
  const broken: [string, () => void][] = [
    ['its description answers an error', () => (discovery = json({}, 502))],
    ['its description is not what it must be', () => (discovery = json({ jwks_uri: 'nowhere' }))],
    ['its description is no JSON', () => (discovery = (answer) => void answer.end('<html>'))],
    ['its description never answers', () => (discovery = silence)],
    ['its keys answer an error', () => (keySet = json({}, 500))],
    ['its keys are none', () => (keySet = json({ hello: 1 }))],
    ['its keys never answer', () => (keySet = silence)],
    ['its connection breaks', () => (discovery = (answer) => void answer.destroy())],
  ]
  it.each(broken)(
    'the answer is "come back", and once it is up again the same token is good: %s',
    async (_what, breakIt) => {
      breakIt()
      const { ask, personOfToken } = await warmUp()
      const token = await sign()
      const startedMs = performance.now()
      const answer = await ask(token)
      expect(performance.now() - startedMs).toBeLessThan(4_000)
      expect(answer).toMatchObject({ status: 503, body: { code: 'BUSY' } })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      discovery = json({ issuer, jwks_uri: `${issuer}/keys` })
      keySet = json(publicKeys)
      expect(await personOfToken(token)).toBe(personId(issuer, 'somebody'))
    },
  )

  it('what cannot be a token is still refused, and nobody is asked', async () => {
    discovery = json({}, 502)
    const { ask } = await warmUp()
    expect((await ask('x.y.z')).status).toBe(401)
    expect(asked.discovery).toBe(0)
  })
})
