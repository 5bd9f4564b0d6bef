import { Agent, request } from 'node:http'

/**
 * Plain calls of the engine's JSON protocol from the host itself (tables, streams): no SDK on the hot path, and no
 * credentials, which local engines do not check beyond their presence.
 */

export class EngineError extends Error {
  override name = 'EngineError'
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status: number) {
    super(`${code}: ${message}`)
    this.code = code
    this.status = status
  }
}

export interface EngineCall {
  (target: 'dynamodb' | 'streams', operation: string, body: unknown): Promise<Record<string, unknown>>
  readonly close: () => void
}

const PREFIX = { dynamodb: 'DynamoDB_20120810', streams: 'DynamoDBStreams_20120810' } as const

export function engineCalls(endpoint: string, region: string): EngineCall {
  const { hostname, port } = new URL(endpoint)
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const authorization = `AWS4-HMAC-SHA256 Credential=localhost/20200101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`
  const call = (target: 'dynamodb' | 'streams', operation: string, body: unknown) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const payload = Buffer.from(JSON.stringify(body))
      const outgoing = request(
        {
          hostname,
          port,
          agent,
          method: 'POST',
          path: '/',
          timeout: 30_000,
          headers: {
            'content-type': 'application/x-amz-json-1.0',
            'content-length': payload.length,
            'x-amz-target': `${PREFIX[target]}.${operation}`,
            'x-amz-date': '20200101T000000Z',
            authorization,
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            try {
              const parsed = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>
              if (response.statusCode === 200) return resolve(parsed)
              const code = String(parsed['__type'] ?? 'Unknown').replace(/^.*#/, '')
              reject(
                new EngineError(code, String(parsed['message'] ?? parsed['Message'] ?? ''), response.statusCode ?? 0),
              )
            } catch (error) {
              reject(error instanceof Error ? error : new Error(String(error)))
            }
          })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error(`the engine did not answer ${operation} within 30 s`)))
      outgoing.on('error', reject)
      outgoing.end(payload)
    })
  return Object.assign(call, { close: () => agent.destroy() })
}
