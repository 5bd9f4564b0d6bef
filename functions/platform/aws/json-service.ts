import aws4 from 'aws4'
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { assert } from '#shared/kernel/assert.ts'

/**
 * An AWS service that speaks the JSON protocol ("AWS JSON 1.0/1.1" of the Smithy specification): one POST an operation,
 * named by `x-amz-target`, signed with Signature Version 4 by the credentials and in the region that Lambda hands over in
 * the environment. Nothing is sent twice: only the caller knows what may be repeated.
 */
export type JsonServiceOptions = {
  /** As in the signature and the host name: `dynamodb`. */
  readonly name: string
  /** What stands before the operation in `x-amz-target`. */
  readonly targetPrefix: string
  readonly version: '1.0' | '1.1'
  /** Another address than the service's own in the region. */
  readonly endpoint?: string | undefined
}

/** The service looked at the request and said no, or is broken (`status` ≥ 500). `code` is its own name for it. */
export class ServiceError extends Error {
  override name = 'ServiceError'
  readonly code: string
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, body: Readonly<Record<string, unknown>>) {
    super(`${code}: ${String(body['message'] ?? body['Message'] ?? '')}`)
    this.code = code
    this.status = status
    this.body = body
  }
}

/** No whole answer came: it was late, or the connection broke. Whether the request was carried out is not known. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

/** Without a word for so long, a connection counts as dead. */
const SILENT_MS = 5_000
const SOCKETS_MAX = 256

export class JsonService {
  readonly #options: JsonServiceOptions
  readonly #at: URL
  readonly #region: string
  readonly #agent: HttpAgent | HttpsAgent

  constructor(options: JsonServiceOptions) {
    this.#options = options
    this.#region = required('AWS_REGION')
    this.#at = new URL(options.endpoint ?? addressOf(options.name, this.#region))
    const settings = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: SILENT_MS }
    this.#agent = this.#at.protocol === 'http:' ? new HttpAgent(settings) : new HttpsAgent(settings)
  }

  get host(): string {
    return this.#at.host
  }

  /** One operation, once. Throws `ServiceError` or `NoAnswer`. */
  async call(operation: string, input: object): Promise<Record<string, unknown>> {
    const { status, text } = await this.#send(operation, JSON.stringify(input))
    const body = parseObject(text)
    if (status === 200 && body !== undefined) return body
    if (status === 200) throw new NoAnswer(`the answer to ${operation} is not JSON`)
    throw new ServiceError(codeOf(body), status, body ?? {})
  }

  #send(operation: string, body: string): Promise<{ status: number; text: string }> {
    const { protocol, hostname, port, host } = this.#at
    const { name, targetPrefix, version } = this.#options
    const signed = aws4.sign(
      {
        service: name,
        region: this.#region,
        method: 'POST',
        path: '/',
        body,
        headers: {
          Host: host,
          'Content-Type': `application/x-amz-json-${version}`,
          'Content-Length': Buffer.byteLength(body),
          'X-Amz-Target': `${targetPrefix}.${operation}`,
        },
      },
      credentials(),
    )
    return new Promise((resolve, reject) => {
      const outgoing = (protocol === 'http:' ? httpRequest : httpsRequest)({
        hostname,
        port,
        agent: this.#agent,
        timeout: SILENT_MS,
        method: 'POST',
        path: '/',
        headers: signed.headers as Record<string, string>,
      })
      outgoing.on('response', (incoming) => readText(incoming, resolve, reject))
      outgoing.on('timeout', () => outgoing.destroy(new NoAnswer(`${operation}: silent for ${SILENT_MS} ms`)))
      outgoing.on('error', (error) => reject(error instanceof NoAnswer ? error : new NoAnswer(error.message)))
      outgoing.end(body)
    })
  }
}

function readText(
  incoming: IncomingMessage,
  resolve: (answer: { status: number; text: string }) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('error', (error) => reject(new NoAnswer(error.message)))
  incoming.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8')
    resolve({ status: incoming.statusCode ?? 0, text })
  })
}

/** AWS China has a domain of its own. */
function addressOf(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

/** Read each time: Lambda's own refresh changes the environment of a warm instance when it thaws. */
function credentials() {
  const sessionToken = process.env['AWS_SESSION_TOKEN']
  return {
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken ? { sessionToken } : {}),
  }
}

function required(name: 'AWS_REGION' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY'): string {
  const value = process.env[name]
  assert(value !== undefined && value !== '', `environment variable ${name} is missing`)
  return value
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException` is a `ThrottlingException`. */
function codeOf(body: Readonly<Record<string, unknown>> | undefined): string {
  return String(body?.['__type'] ?? 'Unknown').replace(/^.*#/, '')
}
