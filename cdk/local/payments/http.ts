import type { IncomingMessage, ServerResponse } from 'node:http'

const bodyLimitBytes = 1024 * 1024

/** The whole body as text; undefined when it is over 1 MB. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bodyLimitBytes) chunks.push(chunk)
    })
    request.on('end', () => resolve(bytes > bodyLimitBytes ? undefined : Buffer.concat(chunks).toString('utf8')))
    request.on('error', reject)
  })
}

/** A header that comes at most once. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  response.end(body)
}
