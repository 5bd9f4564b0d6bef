import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { postTo } from '#functions/platform/outgoing/post.ts'
import { findTarget } from '#functions/platform/outgoing/target.ts'
import {
  breakOff,
  flood,
  hang,
  hangUp,
  type Receiver,
  startReceiver,
  status,
  trickle,
} from '../fixtures/hook-receiver.ts'
import { hasTool } from '../fixtures/tools.ts'

/** Which addresses a name has: each look-up takes the next answer, the last one stays. */
const names = vi.hoisted(() => ({ answers: new Map<string, string[][]>(), lookUps: [] as string[], takesMs: 0 }))
vi.mock('#functions/platform/outgoing/resolve.ts', () => ({
  async resolveHost(host: string): Promise<readonly string[]> {
    names.lookUps.push(host)
    if (names.takesMs > 0) await new Promise((resolve) => setTimeout(resolve, names.takesMs))
    const answers = names.answers.get(host) ?? []
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? []
  },
}))

let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.stop())
beforeEach(() => {
  process.env.HOOKS_TO_THIS_MACHINE = '1'
})
afterEach(() => {
  names.answers.clear()
  names.lookUps.length = 0
  names.takesMs = 0
  receiver.reset()
})

const post = (url = receiver.url, timeoutMs = 2_000) => postTo(url, { 'x-test': '1' }, '{"a":"例"}', timeoutMs)

describe('a request', () => {
  it('brings body and headers, to the path and query that were given', async () => {
    expect(await post(`${receiver.url}/a%20b?token=x&y=`)).toMatchObject({ kind: 'answered', status: 204 })
    expect(receiver.received).toMatchObject([
      {
        path: '/hooks/a%20b?token=x&y=',
        body: '{"a":"例"}',
        headers: { 'x-test': '1', host: `127.0.0.1:${receiver.port}`, connection: 'close', 'content-length': '11' },
      },
    ])
  })

  it('follows no redirect', async () => {
    for (const code of [301, 302, 303, 307, 308]) {
      receiver.next(status(code, { location: '/elsewhere' }))
      expect(await post()).toMatchObject({ status: code })
    }
    expect(receiver.of('/elsewhere')).toEqual([])
  })

  it('that nobody answers ends when its time is over', async () => {
    receiver.next(hang)
    const startedMs = performance.now()
    expect(await post(receiver.url, 400)).toEqual({ kind: 'unanswered', why: 'time-out' })
    expect(performance.now() - startedMs).toBeLessThan(1_500)
  })

  it('whose name nobody looks up in time ends as well, and goes nowhere later', async () => {
    names.answers.set('slow.test', [['127.0.0.1']])
    names.takesMs = 1_500
    const startedMs = performance.now()
    expect(await post(`http://slow.test:${receiver.port}/`, 200)).toEqual({ kind: 'unanswered', why: 'time-out' })
    expect(performance.now() - startedMs).toBeLessThan(1_200)
    await new Promise((resolve) => setTimeout(resolve, 1_600))
    expect(receiver.received).toEqual([])
  })

  it('has no answer where nobody listens, and none where the line is cut before one', async () => {
    expect(await post('http://127.0.0.1:1025/')).toEqual({ kind: 'unanswered', why: 'no-connection' })
    receiver.next(hangUp)
    expect(await post()).toEqual({ kind: 'unanswered', why: 'no-connection' })
  })

  it('has its answer once the status is there, however the body goes on', async () => {
    receiver.next(breakOff(200))
    expect(await post()).toMatchObject({ kind: 'answered', status: 200, body: 'half of what', isWhole: false })
    receiver.next(trickle(200))
    const startedMs = performance.now()
    expect(await post(receiver.url, 10_000)).toMatchObject({ kind: 'answered', status: 200, isWhole: false })
    expect(performance.now() - startedMs).toBeLessThan(3_000)
  })

  it('reads no more than the first kilobyte of an answer', async () => {
    receiver.next(flood(500))
    const answer = await post(receiver.url, 5_000)
    expect(answer).toMatchObject({ status: 500, body: 'x'.repeat(1_024), isWhole: false })
    for (const [length, isWhole] of [
      [1_024, true],
      [1_025, false],
    ] as const) {
      receiver.next(status(200, {}, 'x'.repeat(length)))
      expect(await post(), String(length)).toMatchObject({ body: 'x'.repeat(1_024), isWhole })
    }
    receiver.next(status(500, { 'x-long': 'y'.repeat(40_000) }))
    expect(await post()).toEqual({ kind: 'unanswered', why: 'no-connection' })
  })

  it('hands on Retry-After', async () => {
    receiver.next(status(503, { 'retry-after': '120' }, 'busy'))
    expect(await post()).toEqual({ kind: 'answered', status: 503, retryAfter: '120', body: 'busy', isWhole: true })
  })
})

describe('a name', () => {
  it('is looked up once for each request, and what was looked at is connected to', async () => {
    // The second answer is what an attacker would have the connection go to.
    names.answers.set('hook.test', [['127.0.0.1'], ['169.254.169.254']])
    expect(await post(`http://hook.test:${receiver.port}/x`)).toMatchObject({ status: 204 })
    expect(names.lookUps).toEqual(['hook.test'])
    expect(receiver.received[0]?.headers.host).toBe(`hook.test:${receiver.port}`)
  })

  it('that leads inside is refused, also when one of its addresses only does', async () => {
    for (const inside of [
      ['10.0.0.1'],
      ['169.254.169.254'],
      ['fd00:ec2::254'],
      ['::ffff:127.0.0.1'],
      ['8.8.8.8', '10.0.0.1'],
    ]) {
      names.answers.set('inside.test', [inside])
      expect(await post('https://inside.test/'), inside.join()).toEqual({ kind: 'unanswered', why: 'refused-address' })
    }
  })

  it('that changed since it was saved is refused when something is sent', async () => {
    names.answers.set('rebound.test', [['8.8.8.8'], ['169.254.169.254']])
    expect(await findTarget('https://rebound.test/')).toMatchObject({ kind: 'target', address: '8.8.8.8' })
    expect(await post('https://rebound.test/')).toEqual({ kind: 'unanswered', why: 'refused-address' })
  })

  it('that nobody knows has no address', async () => {
    expect(await post('https://nobody.test/')).toEqual({ kind: 'unanswered', why: 'unknown-address' })
  })
})

describe('this machine', () => {
  it('is refused unless a setting says so, by address and by name, and connects to nothing', async () => {
    delete process.env.HOOKS_TO_THIS_MACHINE
    names.answers.set('here.test', [['127.0.0.1']])
    for (const url of [
      `https://127.0.0.1:${receiver.port}/`,
      `https://[::1]:${receiver.port}/`,
      `https://here.test:${receiver.port}/`,
    ]) {
      expect(await findTarget(url), url).toEqual({ kind: 'refused-address' })
      expect(await post(url), url).toEqual({ kind: 'unanswered', why: 'refused-address' })
    }
    expect(await findTarget(receiver.url)).toEqual({ kind: 'bad-url', why: 'not-https' })
    expect(receiver.connections()).toBe(0)
  })

  it('alone goes without https where the setting says so: nobody else does, and nothing inside is reached', async () => {
    names.answers.set('far.test', [['8.8.8.8']])
    names.answers.set('near.test', [['127.0.0.1', '10.0.0.1']])
    names.answers.set('half.test', [['127.0.0.1', '8.8.8.8']])
    expect(await findTarget('http://far.test:8080/')).toEqual({ kind: 'bad-url', why: 'not-https' })
    expect(await findTarget('http://near.test:8080/')).toEqual({ kind: 'refused-address' })
    expect(await findTarget('http://half.test:8080/')).toEqual({ kind: 'refused-address' })
    expect(await findTarget('http://10.0.0.1:8080/')).toEqual({ kind: 'refused-address' })
  })
})

describe.skipIf(!hasTool('openssl', 'version'))('over TLS', () => {
  let dir = ''
  let server: Server
  let port = 0
  const asked: (string | undefined)[] = []
  const known = getCACertificates('default')

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'xianglai-tls-'))
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    const subject = ['-subj', '/CN=hook.test', '-addext', 'subjectAltName=DNS:hook.test']
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', cert],
      {
        stdio: 'ignore',
      },
    )
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      response.end('ok'),
    )
    server.on('secureConnection', (socket) => asked.push((socket as unknown as { servername?: string }).servername))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    port = (server.address() as AddressInfo).port
  })
  afterAll(async () => {
    setDefaultCACertificates(known)
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    rmSync(dir, { recursive: true, force: true })
  })

  it('the receiver shows a certificate for the name that was asked for, by somebody who is trusted', async () => {
    names.answers.set('hook.test', [['127.0.0.1']])
    names.answers.set('other.test', [['127.0.0.1']])
    expect(await post(`https://hook.test:${port}/`)).toEqual({ kind: 'unanswered', why: 'bad-certificate' })
    setDefaultCACertificates([...known, readFileSync(join(dir, 'cert.pem'), 'utf8')])
    asked.length = 0
    expect(await post(`https://hook.test:${port}/`)).toMatchObject({ kind: 'answered', status: 200, body: 'ok' })
    expect(asked).toEqual(['hook.test'])
    // The connection is the same one; the name is not.
    expect(await post(`https://other.test:${port}/`)).toEqual({ kind: 'unanswered', why: 'bad-certificate' })
    expect(await post(`https://127.0.0.1:${port}/`)).toEqual({ kind: 'unanswered', why: 'bad-certificate' })
  })
})
