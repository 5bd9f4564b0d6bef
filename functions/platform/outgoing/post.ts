import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { portOf } from '#shared/kernel/outgoing-url.ts'
import { isAddress } from './address.ts'
import { findTarget, type Target } from './target.ts'

export type Answered =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly retryAfter: string | undefined
      /** The first bytes of the body, as far as they came in time. */
      readonly body: string
      /** All of the body: it ended by itself. */
      readonly isWhole: boolean
    }
  | { readonly kind: 'unanswered'; readonly why: Unanswered }
export type Unanswered = 'time-out' | 'no-connection' | 'bad-certificate' | 'unknown-address' | 'refused-address'

const BODY_BYTES_MAX = 1_024
/** Once it is known whether the receiver took it, its words are not worth a longer wait. */
const BODY_MS = 1_000
const HEADER_BYTES_MAX = 16 * 1_024

/**
 * Posts to an address of somebody else's choice. What was looked up is what is connected to, under the name that was asked
 * for; no redirect is followed, no connection is shared, no more than the first bytes of the answer are read, and all of it
 * ends after `timeoutMs`.
 */
export async function postTo(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
): Promise<Answered> {
  const overall = AbortSignal.timeout(timeoutMs)
  const tooLate = new Promise<Answered>((resolve) => {
    overall.addEventListener('abort', () => resolve({ kind: 'unanswered', why: 'time-out' }), { once: true })
  })
  return Promise.race([tooLate, lookAndSend(url, headers, body, overall)])
}

async function lookAndSend(
  text: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  overall: AbortSignal,
): Promise<Answered> {
  const target = await findTarget(text)
  if (target.kind === 'unknown-address') return { kind: 'unanswered', why: 'unknown-address' }
  if (target.kind !== 'target') return { kind: 'unanswered', why: 'refused-address' }
  return send(target, headers, body, overall)
}

function send(
  { url, address }: Target,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Answered> {
  const bytes = Buffer.from(body)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const options = {
      host: address,
      port: portOf(url),
      // Certificates are for names; one for the bare address is checked as that.
      ...(isAddress(host) ? {} : { servername: host }),
      path: url.pathname + url.search,
      method: 'POST',
      headers: { ...headers, host: url.host, 'content-length': String(bytes.length), connection: 'close' },
      agent: false,
      maxHeaderSize: HEADER_BYTES_MAX,
      // Over before it began, it connects to nothing.
      signal,
    } as const
    const asked: ClientRequest = url.protocol === 'https:' ? requestSecure(options) : requestPlain(options)
    asked.once('response', (answer) => {
      void firstWords(answer).then(({ body: words, isWhole }) => {
        resolve({
          kind: 'answered',
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'],
          body: words,
          isWhole,
        })
        asked.destroy()
      })
    })
    // Errors after the answer began are the answer's: its status counts.
    asked.on('error', (error) => resolve({ kind: 'unanswered', why: signal.aborted ? 'time-out' : reasonOf(error) }))
    asked.end(bytes)
  })
}

/** What could be read of the body until it ended, broke off, was long enough or took too long. */
function firstWords(answer: IncomingMessage): Promise<{ body: string; isWhole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const done = (isWhole = false) => {
      clearTimeout(timer)
      const body = Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString('utf8')
      resolve({ body, isWhole: isWhole && length <= BODY_BYTES_MAX })
      answer.destroy()
    }
    const timer = setTimeout(() => done(), BODY_MS)
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > BODY_BYTES_MAX) done()
    })
    answer.once('end', () => done(true))
    answer.once('error', () => done())
    answer.once('close', () => done())
  })
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|SSL|HOSTNAME_MISMATCH/

function reasonOf(error: Error): Unanswered {
  const { code = '' } = error as { code?: string }
  return CERTIFICATE.test(code) ? 'bad-certificate' : 'no-connection'
}
