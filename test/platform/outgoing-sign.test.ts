import { spawnSync } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKeys, signedHeaders } from '#functions/platform/outgoing/sign.ts'
import { hasTool } from '../fixtures/tools.ts'

/** Goal: whoever follows the standard, in whatever language, can check what we sign. Neither of the checkers here is ours. */
const [python, openssl] = [hasTool('python3', '--version'), hasTool('openssl', 'version')]
let dir = ''
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'xianglai-sign-'))))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const BODY = JSON.stringify({
  type: 'sale.recorded.v1',
  timestamp: '2026-11-27T04:00:00.000Z',
  data: { saleId: '例-1' },
})
const ID = 'msg_0123456789abcdef0123456789abcdef'

type Headers = ReturnType<typeof signedHeaders>

/** As the README tells a receiver to do it. */
const PYTHON = `
import base64, hashlib, hmac, sys
secret, id, timestamp, signatures = sys.argv[1:5]
body = sys.stdin.buffer.read()
key = base64.b64decode(secret.removeprefix("whsec_"))
good = "v1," + base64.b64encode(hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
print(any(hmac.compare_digest(good, each) for each in signatures.split(" ")))
`

function pythonSays(secret: string, headers: Headers, body: string): boolean {
  const given = [secret, headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']]
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PYTHON, ...given], { input: body, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout.trim() === 'True'
}

/** SubjectPublicKeyInfo of an ed25519 key (RFC 8410), before its 32 bytes. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

function opensslSays(publicKey: string, headers: Headers, body: string): boolean {
  const [key, text, signature] = [join(dir, 'key.der'), join(dir, 'text'), join(dir, 'signature')]
  writeFileSync(key, Buffer.concat([SPKI, Buffer.from(publicKey.slice('whpk_'.length), 'base64')]))
  writeFileSync(text, `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
  return headers['webhook-signature'].split(' ').some((each) => {
    if (!each.startsWith('v1a,')) return false
    writeFileSync(signature, Buffer.from(each.slice('v1a,'.length), 'base64'))
    const args = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      key,
      '-keyform',
      'DER',
      '-rawin',
      '-in',
      text,
      '-sigfile',
      signature,
    ]
    return spawnSync('openssl', args, { encoding: 'utf8' }).stdout.includes('Verified Successfully')
  })
}

/** As the README tells a receiver in Node. */
function nodeSays(publicKey: string, headers: Headers, body: string): boolean {
  const spki = Buffer.concat([SPKI, Buffer.from(publicKey.slice('whpk_'.length), 'base64')])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const text = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
  return headers['webhook-signature']
    .split(' ')
    .some((each) => each.startsWith('v1a,') && verify(null, text, key, Buffer.from(each.slice(4), 'base64')))
}

/** All that can check it here: each has to say the same. */
function checkersSay({ secret, publicKey }: ReturnType<typeof newKeys>, headers: Headers, body: string): boolean[] {
  const library = () => {
    try {
      return JSON.stringify(new Webhook(secret).verify(body, headers)) === body
    } catch {
      return false
    }
  }
  return [
    library(),
    nodeSays(publicKey, headers, body),
    ...(python ? [pythonSays(secret, headers, body)] : []),
    ...(openssl ? [opensslSays(publicKey, headers, body)] : []),
  ]
}
const all = (says: boolean) => [says, says, ...(python ? [says] : []), ...(openssl ? [says] : [])]

describe('what is signed', () => {
  it('agrees with the published vectors of both schemes', () => {
    const keys = {
      secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      privateKey: 'whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=',
    }
    expect(signedHeaders([keys], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, '{"test": 2432232314}')).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': [
        'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
        'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
      ].join(' '),
    })
  })

  it('is checked by the reference library, by Python with the secret, by openssl with the public key', () => {
    const keys = newKeys()
    expect(checkersSay(keys, signedHeaders([keys], ID, Date.now(), BODY), BODY)).toEqual(all(true))
  })

  it('is refused by each of them when a byte, the id, the second or the key is another', () => {
    const keys = newKeys()
    const headers = signedHeaders([keys], ID, Date.now(), BODY)
    const second = String(Number(headers['webhook-timestamp']) + 1)
    expect(checkersSay(keys, headers, BODY.replace('例', '倒'))).toEqual(all(false))
    expect(checkersSay(keys, { ...headers, 'webhook-id': `${ID}0` }, BODY)).toEqual(all(false))
    expect(checkersSay(keys, { ...headers, 'webhook-timestamp': second }, BODY)).toEqual(all(false))
    expect(checkersSay(newKeys(), headers, BODY)).toEqual(all(false))
  })

  it('while keys change is good for the old ones and for the new ones, in both schemes', () => {
    const [fresh, old] = [newKeys(), newKeys()]
    const headers = signedHeaders([fresh, old], ID, Date.now(), BODY)
    for (const keys of [fresh, old]) expect(checkersSay(keys, headers, BODY)).toEqual(all(true))
    expect(headers['webhook-signature'].split(' ').map((each) => each.split(',')[0])).toEqual([
      'v1',
      'v1',
      'v1a',
      'v1a',
    ])
  })
})

describe('new keys', () => {
  it('are written as the standard has it, and never the same', () => {
    const made = Array.from({ length: 20 }, newKeys)
    for (const { secret, privateKey, publicKey } of made) {
      expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32)
      expect(Buffer.from(privateKey.replace('whsk_', ''), 'base64')).toHaveLength(32)
      expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/)
    }
    expect(new Set(made.flatMap(({ secret, privateKey, publicKey }) => [secret, privateKey, publicKey])).size).toBe(60)
  })
})
