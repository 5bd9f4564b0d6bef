import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JsonService, NoAnswer, ServiceError } from '#functions/platform/aws/json-service.ts'
import { failureOf } from '#functions/platform/table/failure.ts'

type Seen = { readonly headers: IncomingMessage['headers']; readonly body: string; readonly url: string | undefined }

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const before = { ...process.env }
let server: Server
let seen: Seen[]
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  Object.assign(process.env, CREDENTIALS, { AWS_REGION: 'cn-northwest-1' })
  delete process.env['AWS_SESSION_TOKEN']
  seen = []
  answer = (response) => response.end('{"Item":{"PK":{"S":"菜"}}}')
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), url: request.url })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  process.env = { ...before }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const service = () =>
  new JsonService({
    name: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    version: '1.0',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })

const INPUT = { TableName: 'market', Key: { PK: { S: 'ORDER#青菜 “9”' } } }

/** Node's hashes in the shape that the SDK's signer asks for. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  }
  update(chunk: string | Uint8Array) {
    this.#hash.update(chunk)
  }
  digest() {
    return Promise.resolve(new Uint8Array(this.#hash.digest()))
  }
  reset() {}
}

/** The signature that the official SDK's own signer puts on the request that arrived. */
async function signedBySdk(request: Seen, sessionToken?: string): Promise<string | undefined> {
  const signer = new SignatureV4({
    service: 'dynamodb',
    region: 'cn-northwest-1',
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    sha256: Sha256 as never,
    applyChecksum: false,
  })
  const named = /SignedHeaders=([^,]+)/.exec(String(request.headers.authorization))?.[1]?.split(';') ?? []
  const date = String(request.headers['x-amz-date']).replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  )
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: request.url ?? '',
      query: {},
      headers: Object.fromEntries(named.map((name) => [name, String(request.headers[name])])),
      body: request.body,
    } as never,
    { signingDate: new Date(date), signableHeaders: new Set(named) },
  )
  return signed.headers['authorization']
}

describe('a service that speaks JSON', () => {
  it('gets what was asked, as the protocol has it, and gives back what it answered', async () => {
    expect(await service().call('GetItem', INPUT)).toEqual({ Item: { PK: { S: '菜' } } })
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(INPUT)
    expect(seen[0]?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      'content-length': String(Buffer.byteLength(JSON.stringify(INPUT))),
    })
  })

  it('is asked under the very signature of the official SDK', async () => {
    await service().call('GetItem', INPUT)
    const [request] = seen
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/cn-northwest-1\/dynamodb\/aws4_request, /,
    )
    expect(request && (await signedBySdk(request))).toBe(request?.headers.authorization)
    expect(request && (await signedBySdk({ ...request, body: `${request.body} ` }))).not.toBe(
      request?.headers.authorization,
    )
  })

  it('is asked with the session token that Lambda gives, read anew each time', async () => {
    process.env['AWS_SESSION_TOKEN'] = 'first/token=='
    const one = service()
    await one.call('GetItem', INPUT)
    process.env['AWS_SESSION_TOKEN'] = 'second'
    await one.call('GetItem', INPUT)
    expect(seen.map(({ headers }) => headers['x-amz-security-token'])).toEqual(['first/token==', 'second'])
    for (const request of seen) {
      const token = String(request.headers['x-amz-security-token'])
      expect(request.headers.authorization).toContain('x-amz-security-token')
      expect(await signedBySdk(request, token)).toBe(request.headers.authorization)
    }
  })

  it('lives under another domain in China', async () => {
    for (const [region, host] of [
      ['cn-northwest-1', 'secretsmanager.cn-northwest-1.amazonaws.com.cn'],
      ['eu-central-1', 'secretsmanager.eu-central-1.amazonaws.com'],
    ] as const) {
      process.env['AWS_REGION'] = region
      const manager = new JsonService({ name: 'secretsmanager', targetPrefix: 'secretsmanager', version: '1.1' })
      expect(manager.host).toBe(host)
    }
  })

  it('is not asked without credentials', async () => {
    delete process.env['AWS_SECRET_ACCESS_KEY']
    await expect(service().call('GetItem', INPUT)).rejects.toThrow('AWS_SECRET_ACCESS_KEY')
    expect(seen).toEqual([])
  })
})

describe('what a failure means', () => {
  async function thrown(): Promise<unknown> {
    return service()
      .call('TransactWriteItems', INPUT)
      .then(
        () => undefined,
        (error: unknown) => error,
      )
  }
  const refuse = (status: number, body: unknown) => {
    answer = (response) => {
      response.statusCode = status
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
  }
  const type = (name: string) => `com.amazonaws.dynamodb.v20120810#${name}`

  it('a condition that failed comes with the items that said no', async () => {
    const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { PK: { S: 'x' } } }]
    refuse(400, { __type: type('TransactionCanceledException'), Message: 'cancelled', CancellationReasons })
    expect(failureOf(await thrown())).toEqual({ kind: 'condition', reasons: CancellationReasons })
    refuse(400, { __type: type('ConditionalCheckFailedException'), message: 'no', Item: { PK: { S: 'y' } } })
    expect(failureOf(await thrown())).toMatchObject({
      kind: 'condition',
      reasons: [{ Code: 'ConditionalCheckFailed', Item: { PK: { S: 'y' } } }],
    })
  })

  it.each([
    ['ProvisionedThroughputExceededException', 400, 'again'],
    ['ThrottlingException', 400, 'again'],
    ['TransactionConflictException', 400, 'again'],
    ['TransactionInProgressException', 400, 'unknown'],
    ['InternalServerError', 500, 'unknown'],
    ['ServiceUnavailable', 503, 'unknown'],
    ['AccessDeniedException', 400, 'fatal'],
    ['ValidationException', 400, 'fatal'],
  ])('%s (%i): %s', async (name, status, kind) => {
    refuse(status, { __type: type(name), message: 'so it is' })
    const error = await thrown()
    expect(error).toBeInstanceOf(ServiceError)
    expect(failureOf(error)).toEqual({ kind })
  })

  it('a conflict beside a failed condition is the condition’s refusal', async () => {
    const reasons = [{ Code: 'TransactionConflict' }, { Code: 'ConditionalCheckFailed' }]
    refuse(400, { __type: type('TransactionCanceledException'), CancellationReasons: reasons })
    expect(failureOf(await thrown())).toMatchObject({ kind: 'condition' })
    refuse(400, {
      __type: type('TransactionCanceledException'),
      CancellationReasons: [{ Code: 'TransactionConflict' }],
    })
    expect(failureOf(await thrown())).toEqual({ kind: 'again' })
  })

  it('a broken page of a proxy in between is not taken for an answer', async () => {
    refuse(502, '<html>bad gateway</html>')
    expect(failureOf(await thrown())).toEqual({ kind: 'unknown' })
    refuse(200, '<html>hello</html>')
    expect(await thrown()).toBeInstanceOf(NoAnswer)
    expect(failureOf(await thrown())).toEqual({ kind: 'unknown' })
  })

  it('a connection that breaks, before or within the answer, leaves the outcome unknown', async () => {
    answer = (response) => response.destroy()
    expect(failureOf(await thrown())).toEqual({ kind: 'unknown' })
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"half":')
      setTimeout(() => response.destroy(), 20)
    }
    expect(failureOf(await thrown())).toEqual({ kind: 'unknown' })
  })

  it('nobody there: unknown, at once', async () => {
    const gone = service()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const error = await gone.call('GetItem', INPUT).catch((why: unknown) => why)
    expect(failureOf(error)).toEqual({ kind: 'unknown' })
    server.listen(0, '127.0.0.1')
  })

  it('a service that falls silent is given up after five seconds', async () => {
    answer = () => undefined
    const begun = performance.now()
    expect(failureOf(await thrown())).toEqual({ kind: 'unknown' })
    expect(performance.now() - begun).toBeGreaterThan(4_500)
    expect(performance.now() - begun).toBeLessThan(7_500)
  }, 10_000)

  it('a service that falls silent within its answer is given up too', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"half":')
    }
    expect(failureOf(await thrown())).toEqual({ kind: 'unknown' })
  }, 10_000)

  it('anything else is a bug and is not taken for the service’s word', () => {
    expect(failureOf(new TypeError('x is not a function'))).toEqual({ kind: 'fatal' })
  })
})
