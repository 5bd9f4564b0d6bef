import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../cdk/local/host.ts'
import { SystemUnderTest } from './host-system.ts'

const ECHO = `export const handler = async (event) => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event.requestContext.authorizer ?? null) })`
const AUDIENCE = 'xianglai'

interface Signing {
  readonly key?: CryptoKey
  readonly algorithm?: string
  readonly kid?: string | undefined
  readonly claims?: Record<string, unknown>
}

describe('the JWT authorizer', () => {
  let system: SystemUnderTest
  let host: Host
  let issuer: string
  let provider: Server
  let keys: { privateKey: CryptoKey; publicKey: CryptoKey }
  /** Keys of algorithms that the gateway does not take, published by the issuer all the same. */
  let pss: typeof keys
  let curve: typeof keys
  let discoveries = 0

  beforeAll(async () => {
    keys = await generateKeyPair('RS256')
    pss = await generateKeyPair('PS256')
    curve = await generateKeyPair('ES256')
    const published = { 'key-1': keys, 'key-pss': pss, 'key-curve': curve }
    const jwks = await Promise.all(
      Object.entries(published).map(async ([kid, pair]) => ({ ...(await exportJWK(pair.publicKey)), kid, use: 'sig' })),
    )
    provider = createServer((incoming, outgoing) => {
      if (incoming.url === '/.well-known/openid-configuration') {
        discoveries += 1
        outgoing.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }))
      } else outgoing.end(JSON.stringify({ keys: jwks }))
    })
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    const address = provider.address()
    issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    system = new SystemUnderTest('jwt').api().fn('Echo', ECHO)
    const authorizer = (id: string, address: string) =>
      system.add(id, 'AWS::ApiGatewayV2::Authorizer', {
        ApiId: { Ref: 'Api' },
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['other', AUDIENCE], Issuer: address },
      })
    authorizer('Jwt', issuer)
    authorizer('Dead', 'http://127.0.0.1:9')
    const guarded = (id: string, scopes?: string[]) => ({
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: id },
      ...(scopes && { AuthorizationScopes: scopes }),
    })
    system.route('GET /open', 'Echo').route('GET /any', 'Echo', guarded('Jwt'))
    system.route('GET /scoped', 'Echo', guarded('Jwt', ['market', 'admin'])).route('GET /dead', 'Echo', guarded('Dead'))
    host = await system.start()
  })
  afterAll(async () => {
    await system.dispose()
    provider.close()
  })

  function token({ key = keys.privateKey, algorithm = 'RS256', claims = {}, ...more }: Signing = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000)
    const standard = {
      iss: issuer,
      aud: AUDIENCE,
      sub: 'resident-1',
      iat: now - 5,
      exp: now + 300,
      scope: 'openid market',
    }
    const kid = 'kid' in more ? more.kid : 'key-1'
    return new SignJWT({ ...standard, ...claims })
      .setProtectedHeader({ alg: algorithm, ...(kid !== undefined && { kid }) })
      .sign(key)
  }

  async function get(path: string, authorization?: string) {
    const answer = await fetch(`${host.url}${path}`, { headers: authorization === undefined ? {} : { authorization } })
    return {
      status: answer.status,
      challenge: answer.headers.get('www-authenticate'),
      body: (await answer.json()) as unknown,
    }
  }

  it('lets a good token in and hands its claims over as text', async () => {
    const claims = { roles: ['a', 'b'], admin: true, count: 3 }
    const answer = await get('/scoped', `Bearer ${await token({ claims })}`)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        jwt: {
          claims: {
            iss: issuer,
            aud: AUDIENCE,
            sub: 'resident-1',
            roles: '[a b]',
            admin: 'true',
            count: '3',
            exp: expect.stringMatching(/^\d+$/),
          },
          scopes: ['openid', 'market'],
        },
      },
    })
  })

  it('takes a token without the word Bearer, and needs no scope where the route names none', async () => {
    const answer = await get('/any', await token({ claims: { scope: 'openid' } }))
    expect(answer).toMatchObject({ status: 200, body: { jwt: { scopes: null } } })
  })

  it('does not look at tokens on an open route', async () => {
    expect(await get('/open', 'Bearer rubbish')).toMatchObject({ status: 200, body: null })
  })

  const now = () => Math.floor(Date.now() / 1_000)
  const refusals: [string, () => Promise<string | undefined>][] = [
    ['no token', async () => undefined],
    ['rubbish', async () => 'Bearer rubbish'],
    ['another issuer', async () => token({ claims: { iss: 'http://127.0.0.1:9' } })],
    ['another audience', async () => token({ claims: { aud: 'someone-else' } })],
    [
      'an audience that is wrong though client_id fits',
      async () => token({ claims: { aud: 'someone-else', client_id: AUDIENCE } }),
    ],
    ['no audience at all', async () => token({ claims: { aud: undefined } })],
    ['a token that has expired', async () => token({ claims: { exp: now() - 1 } })],
    ['a token without expiry', async () => token({ claims: { exp: undefined } })],
    ['a token that is not valid yet', async () => token({ claims: { nbf: now() + 60 } })],
    ['a token issued in the future', async () => token({ claims: { iat: now() + 60 } })],
    ['another key', async () => token({ key: (await generateKeyPair('RS256')).privateKey })],
    ['an unknown key id', async () => token({ kid: 'key-2' })],
    ['no key id', async () => token({ kid: undefined })],
    ['another algorithm', async () => token({ key: pss.privateKey, algorithm: 'PS256', kid: 'key-pss' })],
    ['an elliptic curve', async () => token({ key: curve.privateKey, algorithm: 'ES256', kid: 'key-curve' })],
    ['no signature', async () => `${(await token()).split('.').slice(0, 2).join('.')}.`],
    [
      'algorithm none',
      async () =>
        `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${(await token()).split('.')[1]}.`,
    ],
    [
      'a payload that was changed',
      async () => {
        const [head, payload = '', signature] = (await token()).split('.')
        const changed = Buffer.from(payload, 'base64url').toString().replace('resident-1', 'worker-1')
        return `${head}.${Buffer.from(changed).toString('base64url')}.${signature}`
      },
    ],
  ]
  it.each(refusals)('answers 401 to %s', async (name, make) => {
    const made = await make()
    const answer = await get('/any', made === undefined ? undefined : `Bearer ${made.replace('Bearer ', '')}`)
    expect(answer).toMatchObject({ status: 401, body: { message: 'Unauthorized' } })
    expect(answer.challenge).toContain(name === 'no token' ? 'Bearer' : 'error="invalid_token"')
  })

  it('takes client_id where there is no audience', async () => {
    const made = await token({ claims: { aud: undefined, client_id: AUDIENCE } })
    expect((await get('/any', `Bearer ${made}`)).status).toBe(200)
  })

  it('answers 403 when none of the route’s scopes is there, and reads scp as well', async () => {
    const without = await token({ claims: { scope: 'openid profile marketing' } })
    expect(await get('/scoped', `Bearer ${without}`)).toMatchObject({ status: 403, body: { message: 'Forbidden' } })
    const listed = await token({ claims: { scope: undefined, scp: ['admin'] } })
    expect((await get('/scoped', `Bearer ${listed}`)).status).toBe(200)
  })

  it('forgets a remembered token when it expires', async () => {
    const made = await token({ claims: { exp: now() + 2 } })
    expect((await get('/any', `Bearer ${made}`)).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    expect((await get('/any', `Bearer ${made}`)).status).toBe(401)
  })

  it('asks the issuer once, and answers 401 while an issuer is away', async () => {
    expect(discoveries).toBe(1)
    const answer = await get('/dead', `Bearer ${await token()}`)
    expect(answer.status).toBe(401)
    expect(answer.challenge).toContain('OIDC discovery endpoint communication error')
  })
})
