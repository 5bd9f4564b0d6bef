import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../cdk/local/ports.ts'
import { getToken } from '../../cdk/local/sign-in/get-token.ts'
import { startSignIn, type SignIn, type SignInOptions } from '../../cdk/local/sign-in/index.ts'

const audience = 'market-api'
const shopCallback = 'http://127.0.0.1:8080/auth/callback'
const client = { id: 'xianglai-web', secret: 'a-secret-of-the-shop' }

let options: SignInOptions
let signIn: SignIn
let dataDir: string
const logged: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sign-in-'))
  const port = await freePort()
  options = {
    port,
    dataDir,
    issuer: `http://127.0.0.1:${port}`,
    clientId: client.id,
    clientSecret: client.secret,
    redirectUris: [shopCallback],
    audience,
    scope: 'openid market',
    accounts: [
      { sub: 'resident-1', name: '刘梅', note: '居民 <阳光花园>' },
      { sub: 'worker-1', name: '陈静', note: '社区工作者' },
      { sub: 'admin-1', name: '孙敏', note: '管理员' },
    ],
    log: (message) => logged.push(message),
  }
  signIn = await startSignIn(options)
})
afterAll(async () => {
  await signIn.close()
  await rm(dataDir, { recursive: true, force: true })
})

const token = (account: string, change = {}) => getToken({ issuer: signIn.issuer, account, ...change })
const verify = (accessToken: string) =>
  jwtVerify(accessToken, createRemoteJWKSet(new URL(`${signIn.issuer}/jwks`)), {
    issuer: signIn.issuer,
    audience,
    typ: 'at+jwt',
    algorithms: ['RS256'],
  })

/** A browser at the provider: keeps cookies, follows nothing by itself. */
function browser() {
  const cookies = new Map<string, string>()
  return async (url: string, form?: Record<string, string>) => {
    const response = await fetch(new URL(url, signIn.issuer), {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...cookies.values()].join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const pair = line.split(';', 1)[0] ?? ''
      const name = pair.split('=', 1)[0] ?? ''
      if (pair === `${name}=`) cookies.delete(name)
      else cookies.set(name, pair)
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      headers: response.headers,
      html: await response.text(),
      cookies,
    }
  }
}

async function authorization(change: Record<string, string> = {}) {
  const verifier = oidc.randomPKCECodeVerifier()
  const query = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    scope: 'openid market',
    redirect_uri: shopCallback,
    state: 'st',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...change,
  })
  for (const [name, value] of Object.entries(change)) if (value === '') query.delete(name)
  return { verifier, url: `/auth?${query}` }
}

/** Through the chooser to the code. */
async function codeFor(account: string, visit = browser()) {
  const { verifier, url } = await authorization()
  const start = await visit(url)
  const resumed = await visit(start.location ?? '', { account })
  const back = await visit(resumed.location ?? '')
  const code = new URL(back.location ?? 'http://none').searchParams.get('code') ?? ''
  return { code, verifier, back }
}

async function exchange(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${signIn.issuer}/token`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ grant_type: 'authorization_code', redirect_uri: shopCallback, ...form }),
  })
  const body: Record<string, unknown> = await response.json()
  return { status: response.status, body }
}
const secret = { client_id: client.id, client_secret: client.secret }

describe('local sign-in: tokens', () => {
  it('gives a tool a token by the real code flow: RS256, our audience, our scope, one hour', async () => {
    const { accessToken, expiresInSeconds, idToken } = await token('worker-1')
    // Whole seconds pass while the code is exchanged.
    expect(expiresInSeconds).toBeGreaterThan(3590)
    expect(expiresInSeconds).toBeLessThanOrEqual(3600)
    const { payload, protectedHeader } = await verify(accessToken)
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
    expect(payload).toMatchObject({
      sub: 'worker-1',
      aud: audience,
      scope: 'market',
      iss: signIn.issuer,
      client_id: 'xianglai-cli',
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600)
    expect(payload.jti).toBeTruthy()
    expect(decodeJwt(idToken)).toMatchObject({ sub: 'worker-1', name: '陈静', aud: 'xianglai-cli' })
  })

  it('is refused by a verifier that expects another audience, issuer or key', async () => {
    const { accessToken, idToken } = await token('resident-1')
    const keys = createRemoteJWKSet(new URL(`${signIn.issuer}/jwks`))
    await expect(jwtVerify(accessToken, keys, { audience: 'other' })).rejects.toThrow(/aud/)
    await expect(jwtVerify(accessToken, keys, { issuer: 'http://other' })).rejects.toThrow(/iss/)
    const [head, , tail] = accessToken.split('.')
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(accessToken), sub: 'admin-1' })).toString('base64url')
    await expect(verify(`${head}.${forged}.${tail}`)).rejects.toThrow(/signature/)
    await expect(verify(idToken)).rejects.toThrow()
    expect(decodeJwt(idToken).scope).toBeUndefined()
  })

  it('gives no scope that was not asked for', async () => {
    const { accessToken } = await token('resident-1', { scope: 'openid' })
    const { payload } = await verify(accessToken)
    expect([payload.sub, payload.scope]).toEqual(['resident-1', undefined])
    await expect(
      token('resident-1', { scope: 'openid market admin' }).then((one) => decodeJwt(one.accessToken).scope),
    ).resolves.toBe('market')
  })

  it('tells name and subject at UserInfo, to our tokens alone', async () => {
    const me = async (accessToken: string) => {
      const response = await fetch(`${signIn.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
      return [response.status, await response.json()]
    }
    const { accessToken, idToken } = await token('resident-1')
    expect(await me(accessToken)).toEqual([200, { sub: 'resident-1', name: '刘梅' }])
    expect((await me(idToken))[0]).toBe(401)
    expect((await me('nonsense'))[0]).toBe(401)
    expect((await me(`${accessToken}x`))[0]).toBe(401)
  })

  it('knows seeded people and synthetic ones, and nobody else', async () => {
    for (const account of ['resident-128', 'demo-7', 'coop-3', 'worker-999999']) {
      expect(decodeJwt((await token(account)).accessToken).sub).toBe(account)
    }
    for (const account of [
      'admin-2',
      'resident-',
      'resident-1234567',
      'mallory',
      'resident-1 OR 1',
      '',
      'Resident-1',
      '__proto__',
    ]) {
      await expect(token(account), account).rejects.toThrow(/refused/)
    }
  })

  it('serves many people at once, each with an own token', async () => {
    const subs = Array.from({ length: 40 }, (_, n) => `resident-${n + 1}`)
    const tokens = await Promise.all(subs.map((sub) => token(sub)))
    expect(tokens.map((one) => decodeJwt(one.accessToken).sub)).toEqual(subs)
  })

  it('keeps its keys over a restart, so that tokens stay valid', async () => {
    const { accessToken } = await token('resident-1')
    await signIn.close()
    signIn = await startSignIn(options)
    expect((await verify(accessToken)).payload.sub).toBe('resident-1')
    expect((await verify((await token('resident-1')).accessToken)).protectedHeader.kid).toBe(
      decodeProtectedHeader(accessToken).kid,
    )
    const path = join(dataDir, 'sign-in-keys.json')
    expect((await stat(path)).mode & 0o077).toBe(0)
    const jwks = await (await fetch(`${signIn.issuer}/jwks`)).text()
    expect(jwks).not.toMatch(/"(d|p|q)":/)
    const kept = await readFile(path, 'utf8')
    await writeFile(path, '{}')
    await expect(startSignIn({ ...options, port: await freePort() })).rejects.toThrow(/does not hold sign-in keys/)
    await writeFile(path, kept)
  })
})

describe('local sign-in: the code flow', () => {
  it('signs the shop in by client_secret_post and client_secret_basic, and again by its refresh token', async () => {
    const first = await codeFor('resident-1')
    expect(first.back.location).toMatch(/^http:\/\/127\.0\.0\.1:8080\/auth\/callback\?code=/)
    const posted = await exchange({ code: first.code, code_verifier: first.verifier, ...secret })
    expect(posted).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: expect.any(String) },
    })
    const second = await codeFor('resident-1')
    const basic = { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` }
    const tokens = await exchange({ code: second.code, code_verifier: second.verifier }, basic)
    expect(tokens.status).toBe(200)
    const refreshed = await exchange({
      grant_type: 'refresh_token',
      refresh_token: String(tokens.body.refresh_token),
      ...secret,
    })
    expect(refreshed.status).toBe(200)
    expect((await verify(String(refreshed.body.access_token))).payload).toMatchObject({
      sub: 'resident-1',
      scope: 'market',
      aud: audience,
    })
  })

  it('refuses a wrong verifier, a missing one, a used code, an unknown code and a wrong secret', async () => {
    const wrong = await codeFor('resident-1')
    expect(
      (await exchange({ code: wrong.code, code_verifier: oidc.randomPKCECodeVerifier(), ...secret })).body.error,
    ).toBe('invalid_grant')
    const missing = await codeFor('resident-1')
    expect((await exchange({ code: missing.code, ...secret })).body.error).toBe('invalid_grant')
    const used = await codeFor('resident-1')
    expect((await exchange({ code: used.code, code_verifier: used.verifier, ...secret })).status).toBe(200)
    expect((await exchange({ code: used.code, code_verifier: used.verifier, ...secret })).body.error).toBe(
      'invalid_grant',
    )
    expect((await exchange({ code: 'none', code_verifier: used.verifier, ...secret })).body.error).toBe('invalid_grant')
    const stolen = await codeFor('resident-1')
    expect(
      await exchange({
        code: stolen.code,
        code_verifier: stolen.verifier,
        client_id: client.id,
        client_secret: 'guess',
      }),
    ).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(
      (await exchange({ code: stolen.code, code_verifier: stolen.verifier, client_id: 'xianglai-cli' })).body.error,
    ).toBe('invalid_grant')
  })

  it('refuses a code after its minute', async () => {
    const { code, verifier } = await codeFor('resident-1')
    const realNow = Date.now
    Date.now = () => realNow() + 61_000
    try {
      expect((await exchange({ code, code_verifier: verifier, ...secret })).body.error).toBe('invalid_grant')
    } finally {
      Date.now = realNow
    }
  })

  it('never sends anyone to a redirect URI that is not registered', async () => {
    for (const redirect of [
      'http://127.0.0.1:8080/auth/callback/x',
      'http://127.0.0.1:9999/auth/callback',
      'https://evil.example/auth/callback',
      'http://127.0.0.1:8080/auth/callback?x=1',
    ]) {
      const answer = await browser()((await authorization({ redirect_uri: redirect })).url)
      expect([redirect, answer.status, answer.location]).toEqual([redirect, 400, null])
      expect(answer.html).toContain('登录没有完成')
    }
  })

  it('lets tools use any loopback port, and nothing but loopback', async () => {
    await expect(token('worker-1', { redirectUri: 'http://127.0.0.1:45678/callback' })).resolves.toBeTruthy()
    await expect(token('worker-1', { redirectUri: 'http://127.0.0.1:45678/other' })).rejects.toThrow()
    await expect(token('worker-1', { redirectUri: 'http://10.0.0.1/callback' })).rejects.toThrow()
  })

  it('demands PKCE of everyone, with S256', async () => {
    const without = await browser()((await authorization({ code_challenge: '', code_challenge_method: '' })).url)
    expect(without.location).toMatch(/error=invalid_request/)
    const plain = await browser()((await authorization({ code_challenge_method: 'plain' })).url)
    expect(plain.location).toMatch(/error=invalid_request/)
  })
})

describe('local sign-in: the account chooser', () => {
  const open = async (visit = browser(), change = {}) => {
    const start = await visit((await authorization(change)).url)
    return { visit, location: start.location ?? '', page: await visit(start.location ?? '') }
  }

  it('shows everyone with a role, says that it is a demonstration, and needs no script', async () => {
    const { page } = await open()
    expect(page.status).toBe(200)
    for (const text of [
      '演示登录 · 仅供本机试用',
      '刘梅',
      '居民 &#60;阳光花园&#62;',
      '陈静',
      'value="worker-1"',
      '孙敏',
    ])
      expect(page.html).toContain(text)
    expect(page.html).not.toMatch(/<script|<link|<img|src=|url\(|@import|\son\w+=/)
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/127\.0\.0\.1:\*; frame-ancestors 'none'; base-uri 'none'$/,
    )
  })

  it('keeps what was entered when there is no such account', async () => {
    const { visit, location } = await open()
    const answer = await visit(location, { account: 'mallory"><b>' })
    expect(answer.status).toBe(422)
    expect(answer.html).toContain('没有这个账号')
    expect(answer.html).toContain('value="mallory&#34;&#62;&#60;b&#62;"')
    expect((await visit(location, { account: 'worker-1' })).status).toBe(303)
  })

  it('proposes the account that the client hints at', async () => {
    expect((await open(browser(), { login_hint: 'resident-77' })).page.html).toContain('value="resident-77"')
  })

  it('belongs to the browser that began: another one cannot answer it', async () => {
    const { location } = await open()
    const stranger = await browser()(location, { account: 'admin-1' })
    expect([stranger.status, stranger.location]).toEqual([400, null])
  })

  it('always asks who it is, and changes the person without a question in between', async () => {
    const visit = browser()
    const first = await codeFor('resident-1', visit)
    const second = await codeFor('worker-1', visit)
    expect(second.back.status).toBe(303)
    const tokens = await exchange({ code: second.code, code_verifier: second.verifier, ...secret })
    expect(decodeJwt(String(tokens.body.access_token)).sub).toBe('worker-1')
    // The first person's session ended with the change: what was not used by then is void.
    expect((await exchange({ code: first.code, code_verifier: first.verifier, ...secret })).body.error).toBe(
      'invalid_grant',
    )
  })

  it('answers prompt=none from the session, or that nobody is signed in', async () => {
    const visit = browser()
    const url = (await authorization({ prompt: 'none' })).url
    expect((await visit(url)).location).toMatch(/error=login_required/)
    await codeFor('resident-1', visit)
    expect((await visit(url)).location).toMatch(/[?&]code=/)
  })
})

describe('local sign-in: signing out', () => {
  async function signedIn() {
    const visit = browser()
    const { code, verifier } = await codeFor('resident-1', visit)
    const tokens = await exchange({ code, code_verifier: verifier, ...secret })
    return { visit, tokens: tokens.body }
  }
  const end = (query: Record<string, string>) => `/session/end?${new URLSearchParams(query)}`
  const home = 'http://127.0.0.1:8080/'
  const stillSignedIn = async (visit: ReturnType<typeof browser>) =>
    /[?&]code=/.test((await visit((await authorization({ prompt: 'none' })).url)).location ?? '')

  it('ends the session at once for the shop that proves whom it means, and the refresh token with it', async () => {
    const { visit, tokens } = await signedIn()
    const answer = await visit(
      end({ id_token_hint: String(tokens.id_token), post_logout_redirect_uri: home, state: 's1' }),
    )
    expect([answer.status, answer.location]).toEqual([303, `${home}?state=s1`])
    expect(await stillSignedIn(visit)).toBe(false)
    const refresh = await exchange({
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
      ...secret,
    })
    expect(refresh.body.error).toBe('invalid_grant')
  })

  it('asks first when nothing proves it, and then ends', async () => {
    const { visit } = await signedIn()
    const question = await visit('/session/end')
    expect(question.html).toContain('退出登录？')
    expect(await stillSignedIn(visit)).toBe(true)
    const again = await visit('/session/end')
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(again.html)?.[1] ?? ''
    const forged = await visit('/session/end/confirm', { xsrf: 'guess', logout: 'yes' })
    expect(forged.status).toBe(400)
    const third = await visit('/session/end')
    const done = await visit('/session/end/confirm', {
      xsrf: /name="xsrf" value="([^"]+)"/.exec(third.html)?.[1] ?? xsrf,
      logout: 'yes',
    })
    expect([done.status, done.location]).toEqual([303, `${signIn.issuer}/session/end/success`])
    expect((await visit(done.location ?? '')).html).toContain('已退出登录')
    expect(await stillSignedIn(visit)).toBe(false)
  })

  it("does not sign out one person with another's token, nor lead to a strange place", async () => {
    const other = await signedIn()
    const visit = browser()
    await codeFor('worker-1', visit)
    const answer = await visit(end({ id_token_hint: String(other.tokens.id_token), post_logout_redirect_uri: home }))
    expect([answer.status, answer.location]).toEqual([200, null])
    expect(await stillSignedIn(visit)).toBe(true)
    const strange = await visit(
      end({ id_token_hint: String(other.tokens.id_token), post_logout_redirect_uri: 'https://evil.example/' }),
    )
    expect([strange.status, strange.location]).toEqual([400, null])
  })
})

describe('local sign-in: at rest', () => {
  it('logs nothing of all this as a failure, and tells visitors of / what it is', async () => {
    const home = await fetch(`${signIn.issuer}/`)
    expect([home.status, await home.text()]).toEqual([200, expect.stringContaining('本机的登录服务')])
    expect(logged).toEqual([])
  })
})
