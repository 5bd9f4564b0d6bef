import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../cdk/local/host.ts'
import { RouteTable } from '../../cdk/local/http-routes.ts'
import { SystemUnderTest } from './host-system.ts'

const ECHO = `export const handler = async (event) => ({ statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) })`
const ANSWER = `export const handler = async (event) => {
  const how = event.queryStringParameters?.how
  switch (how) {
    case 'text': return 'Hello 乡来'
    case 'object': return { hello: 'world' }
    case 'list': return [1, 2]
    case 'body-only': return { body: 'x' }
    case 'nothing': return undefined
    case 'cookies': return { statusCode: 201, cookies: ['a=1; Path=/', 'b=2; HttpOnly'], headers: { 'X-Own': 'yes', 'Content-Length': '999', Connection: 'close' }, body: 'made' }
    case 'binary': return { statusCode: 200, headers: { 'content-type': 'application/octet-stream' }, isBase64Encoded: true, body: Buffer.from([0, 1, 254, 255]).toString('base64') }
    case 'no-body': return { statusCode: 204 }
    case 'bad-status': return { statusCode: 'many', body: 'x' }
    case 'bad-body': return { statusCode: 200, body: { not: 'text' } }
    case 'bad-headers': return { statusCode: 200, headers: { a: { b: 1 } }, body: '' }
    case 'throw': throw new Error('secret detail')
    case 'slow': await new Promise((resolve) => setTimeout(resolve, 3000)); return 'late'
    case 'large': return { statusCode: 200, body: 'x'.repeat(6_400_000) }
  }
}`

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
interface EchoedEvent {
  readonly [name: string]: unknown
  readonly headers: Record<string, string>
  readonly requestContext: { readonly http: Record<string, string>; readonly [name: string]: unknown }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

describe('the HTTP API', () => {
  let system: SystemUnderTest
  let host: Host
  beforeAll(async () => {
    system = new SystemUnderTest('http')
      .api()
      .fn('Echo', ECHO)
      .fn('Answer', ANSWER)
      .fn('Short', ANSWER, [], { Timeout: 1 })
    system.route('GET /answer', 'Answer').route('HEAD /answer', 'Answer').route('GET /short', 'Short')
    system.route('GET /hurried', 'Answer', {}, { TimeoutInMillis: 300 })
    system
      .route('ANY /echo', 'Echo')
      .route('GET /orders/{orderId}/lines/{line}', 'Echo')
      .route('ANY /files/{path+}', 'Echo')
    host = await system.start()
  })
  afterAll(() => system.dispose())

  function send(
    method: string,
    path: string,
    headers: Record<string, string | string[]> = {},
    body?: Buffer | string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(host.url)
      const outgoing = request({ hostname, port, method, path, headers }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
  const echo = async (...parameters: Parameters<typeof send>) =>
    JSON.parse((await send(...parameters)).body.toString()) as EchoedEvent

  it('hands a request over in payload format 2.0', async () => {
    const before = Date.now()
    const event = await echo('GET', '/echo?b=2&a=1', { 'User-Agent': 'tester/1', 'X-Thing': 'One' })
    const { host: address } = new URL(host.url)
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /echo',
      rawPath: '/echo',
      rawQueryString: 'b=2&a=1',
      queryStringParameters: { a: '1', b: '2' },
      headers: {
        host: address,
        'x-thing': 'One',
        'x-forwarded-proto': 'http',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': new URL(host.url).port,
      },
      requestContext: {
        accountId: '000000000000',
        apiId: 'Api',
        domainName: address,
        http: { method: 'GET', path: '/echo', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tester/1' },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        routeKey: 'ANY /echo',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      },
      isBase64Encoded: false,
    })
    const { timeEpoch } = event.requestContext
    expect(Number(timeEpoch)).toBeGreaterThanOrEqual(before)
    expect(Number(timeEpoch)).toBeLessThanOrEqual(Date.now())
    for (const absent of ['cookies', 'pathParameters', 'stageVariables', 'body'])
      expect(event).not.toHaveProperty(absent)
    expect(event.requestContext).not.toHaveProperty('authorizer')
  })

  it('joins repeated query values and headers by commas, decodes values, and keeps the raw query as sent', async () => {
    const event = await echo('GET', '/echo?tag=a&tag=b%2Cc&name=%E4%B9%A1%E6%9D%A5&empty=&plus=a+b', {
      'x-list': ['one', 'two'],
    })
    expect(event['rawQueryString']).toBe('tag=a&tag=b%2Cc&name=%E4%B9%A1%E6%9D%A5&empty=&plus=a+b')
    expect(event['queryStringParameters']).toEqual({ tag: 'a,b,c', name: '乡来', empty: '', plus: 'a b' })
    expect(event.headers['x-list']).toMatch(/^one, ?two$/)
  })

  it('leaves the query parameters out when there are none', async () => {
    const event = await echo('GET', '/echo')
    expect(event['rawQueryString']).toBe('')
    expect(event).not.toHaveProperty('queryStringParameters')
  })

  it('moves cookies from the headers into a list', async () => {
    const event = await echo('GET', '/echo', { cookie: 'a=1; b=2;c=3' })
    expect(event['cookies']).toEqual(['a=1', 'b=2', 'c=3'])
    expect(event.headers).not.toHaveProperty('cookie')
  })

  it('decodes path parameters and the raw path', async () => {
    const event = await echo('GET', '/orders/%E5%8D%95%2F1/lines/a%20b')
    expect(event['pathParameters']).toEqual({ orderId: '单/1', line: 'a b' })
    expect(event['rawPath']).toBe('/orders/单/1/lines/a b')
    expect(event['routeKey']).toBe('GET /orders/{orderId}/lines/{line}')
    expect((await echo('GET', '/files/a/b/c.txt'))['pathParameters']).toEqual({ path: 'a/b/c.txt' })
  })

  const bodies: [string, string | undefined, boolean][] = [
    ['JSON', 'application/json', false],
    ['JSON with a charset', 'application/json; charset=utf-8', false],
    ['problem JSON', 'application/problem+json', false],
    ['text', 'text/csv', false],
    ['a form', 'application/x-www-form-urlencoded', true],
    ['an image', 'image/png', true],
    ['no type at all', undefined, true],
  ]
  it.each(bodies)('passes a body of %s (%s); as base64: %s', async (_name, type, base64) => {
    const text = '{"名":"西红柿"}'
    const event = await echo('POST', '/echo', type === undefined ? {} : { 'content-type': type }, text)
    expect(event.isBase64Encoded).toBe(base64)
    expect(Buffer.from(event.body ?? '', base64 ? 'base64' : 'utf8').toString()).toBe(text)
  })

  it('keeps binary bytes whole', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_none, at) => at))
    const event = await echo('POST', '/echo', { 'content-type': 'application/octet-stream' }, bytes)
    expect(Buffer.from(event.body ?? '', 'base64')).toEqual(bytes)
  })

  it('keeps hop-by-hop headers to itself and adds the caller to x-forwarded-for', async () => {
    const hop = {
      connection: 'keep-alive, x-private',
      'x-private': '1',
      te: 'trailers',
      'proxy-authorization': 'x',
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-proto': 'gopher',
    }
    const { headers } = await echo('GET', '/echo', hop)
    for (const name of ['connection', 'x-private', 'te', 'proxy-authorization'])
      expect(headers).not.toHaveProperty(name)
    expect(headers['x-forwarded-for']).toBe('10.0.0.1, 127.0.0.1')
    expect(headers['x-forwarded-proto']).toBe('http')
  })

  const json = 'application/json'
  const plain = 'text/plain;charset=UTF-8'
  const answers: [string, number, string | undefined, string][] = [
    ['text', 200, json, 'Hello 乡来'],
    ['object', 200, json, '{"hello":"world"}'],
    ['list', 200, json, '[1,2]'],
    ['body-only', 200, json, '{"body":"x"}'],
    ['nothing', 200, json, 'null'],
    ['cookies', 201, plain, 'made'],
    ['no-body', 204, plain, ''],
    ['bad-status', 500, json, '{"message":"Internal Server Error"}'],
    ['bad-body', 500, json, '{"message":"Internal Server Error"}'],
    ['bad-headers', 500, json, '{"message":"Internal Server Error"}'],
    ['throw', 500, json, '{"message":"Internal Server Error"}'],
    ['large', 500, json, '{"message":"Internal Server Error"}'],
  ]
  it.each(answers)('reads the answer %s', async (how, status, type, body) => {
    const answer = await send('GET', `/answer?how=${how}`)
    expect({ status: answer.status, type: answer.headers['content-type'], body: answer.body.toString() }).toEqual({
      status,
      type,
      body,
    })
    expect(answer.headers['apigw-requestid']).toBeDefined()
  })

  it('sets each cookie apart, passes headers on, and counts the length itself', async () => {
    const { headers } = await send('GET', '/answer?how=cookies')
    expect(headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; HttpOnly'])
    expect(headers).toMatchObject({ 'x-own': 'yes', 'content-length': '4' })
  })

  it('decodes a binary answer', async () => {
    const answer = await send('GET', '/answer?how=binary')
    expect([...answer.body]).toEqual([0, 1, 254, 255])
    expect(answer.headers['content-type']).toBe('application/octet-stream')
  })

  it('answers HEAD without a body', async () => {
    const answer = await send('HEAD', '/answer?how=object')
    expect(answer.headers['content-length']).toBe('17')
    expect(answer.body).toHaveLength(0)
  })

  it('answers 503 when the integration takes too long, 500 when the function passes its own time-out', async () => {
    const hurried = await send('GET', '/hurried?how=slow')
    expect([hurried.status, hurried.body.toString()]).toEqual([503, '{"message":"Service Unavailable"}'])
    const began = Date.now()
    const short = await send('GET', '/short?how=slow')
    expect([short.status, short.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}'])
    expect(Date.now() - began).toBeLessThan(2_500)
  })

  it('answers 404 where there is no route', async () => {
    const answer = await send('GET', '/nowhere')
    expect([answer.status, answer.body.toString()]).toEqual([404, '{"message":"Not Found"}'])
    expect((await send('POST', '/answer')).status).toBe(404)
  })

  it('answers 413 to a body over the limits, announced or not', async () => {
    const announced = await send('POST', '/echo', { 'content-type': 'text/plain' }, Buffer.alloc(10_485_761, 97))
    expect([announced.status, announced.body.toString()]).toEqual([413, '{"message":"Request Entity Too Large"}'])
    const chunked = await send(
      'POST',
      '/echo',
      { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
      Buffer.alloc(10_485_761, 97),
    )
    expect(chunked.status).toBe(413)
    const forLambda = await send('POST', '/echo', { 'content-type': 'text/plain' }, Buffer.alloc(6_300_000, 97))
    expect(forLambda.status).toBe(413)
  })

  it('does not wait for the end of a body that is too large already', async () => {
    const { hostname, port } = new URL(host.url)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' }
      const outgoing = request({ hostname, port, method: 'POST', path: '/echo', headers }, (incoming) => {
        resolve(incoming.statusCode)
        outgoing.destroy()
      })
      outgoing.on('error', reject)
      outgoing.write(Buffer.alloc(10_500_000, 97))
    })
    expect(status).toBe(413)
  })

  it('listens on this machine only and survives rubbish', async () => {
    expect(host.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const { hostname, port } = new URL(host.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.end('GARBAGE\r\n\r\n'))
      socket.on('close', () => resolve())
      socket.on('error', () => resolve())
      socket.resume()
    })
    expect((await send('GET', '/echo?%E0%A4%A&=&&x')).status).toBe(200)
    expect((await send('GET', '/files/%E0%A4%A')).status).toBe(200)
  })
})

describe('route selection', () => {
  const routes = new RouteTable<string>()
  const keys = [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{id}',
    'GET /pets/dog',
    'GET /pets/dog/{proxy+}',
    'ANY /pets/{id}',
    'GET /pets/{id}/toys/{toy}',
    'POST /pets',
    'GET /',
  ]
  for (const key of keys) routes.add(key, key)
  const table: [string, string, string][] = [
    ['GET', '/pets/dog', 'GET /pets/dog'],
    ['GET', '/pets/cat', 'GET /pets/{id}'],
    ['DELETE', '/pets/cat', 'ANY /pets/{id}'],
    ['GET', '/pets/dog/1', 'GET /pets/dog/{proxy+}'],
    ['GET', '/pets/dog/1/2/3', 'GET /pets/dog/{proxy+}'],
    ['GET', '/pets/cat/toys/ball', 'GET /pets/{id}/toys/{toy}'],
    ['GET', '/pets/dog/toys/ball', 'GET /pets/dog/{proxy+}'],
    ['POST', '/pets', 'POST /pets'],
    ['GET', '/pets', 'ANY /{proxy+}'],
    ['GET', '/pets/', 'ANY /{proxy+}'],
    ['GET', '/', 'GET /'],
    ['POST', '/', '$default'],
  ]
  it.each(table)('%s %s → %s', (method, path, expected) => {
    expect(routes.find(method, path)?.route).toBe(expected)
  })
})
