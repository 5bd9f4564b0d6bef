import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { runApi, type ApiCall } from './api.ts'
import { ApiError } from './errors.ts'
import { takeFault } from './faults.ts'
import { header, readBody } from './http.ts'
import { Idempotency, type Answer } from './idempotency.ts'
import { newId } from './ids.ts'
import { apiVersion, type Sandbox } from './sandbox.ts'

const brokenAnswer = new ApiError(
  500,
  { type: 'api_error', message: 'An unknown error occurred (injected by the payment sandbox).' },
  false,
)

/** A bearer token, or HTTP Basic with the key as user name: both are Stripe's. */
function presentedKey(request: IncomingMessage): string | undefined {
  const value = header(request, 'authorization') ?? ''
  const [, scheme = '', token = ''] = /^(Bearer|Basic) (\S+)$/i.exec(value) ?? []
  if (scheme.toLowerCase() === 'basic') return Buffer.from(token, 'base64').toString('utf8').split(':', 1)[0]
  return token === '' ? undefined : token
}

function checkKey(request: IncomingMessage, secretKey: string): void {
  const key = presentedKey(request)
  if (key === secretKey) return
  const message =
    key === undefined
      ? 'You did not provide an API key.'
      : `Invalid API Key provided: ${key.slice(0, 8)}****${key.slice(-4)}`
  throw new ApiError(401, { type: 'invalid_request_error', message }, false)
}

function errorAnswer(error: ApiError): Answer {
  return { status: error.status, body: JSON.stringify({ error: error.body }), replayed: false }
}

/** The `/v1` API over HTTP: authentication, idempotency, injected faults, error shapes. */
export function createApiServer(
  sandbox: Sandbox,
  secretKey: string,
  log: (message: string, facts?: Record<string, unknown>) => void,
) {
  const idempotency = new Idempotency(sandbox)

  /** The work and the key's memory of it are one transaction. */
  function execute(call: ApiCall, key: string | undefined): Answer {
    try {
      return sandbox.store.write(() => {
        const { result, expanded } = runApi(sandbox, call)
        const answer = { status: 200, body: JSON.stringify(result), replayed: false }
        if (key !== undefined) idempotency.keep(key, call.path, call.form, answer, expanded ? undefined : result)
        return answer
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const answer = errorAnswer(error)
      if (key !== undefined && error.remembered) idempotency.keep(key, call.path, call.form, answer)
      return answer
    }
  }

  async function answerCall(call: ApiCall, key: string | undefined): Promise<Answer> {
    if (key !== undefined) idempotency.claim(key)
    try {
      if (sandbox.faults.apiDelayMs > 0) await sleep(sandbox.faults.apiDelayMs)
      if (takeFault(sandbox.faults, 'apiFailNext')) throw brokenAnswer
      const kept = key === undefined ? undefined : idempotency.recall(key, call.path, call.form)
      return kept ?? execute(call, key)
    } finally {
      if (key !== undefined) idempotency.release(key)
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newId('req_')
    const method = request.method ?? 'GET'
    const [path = '', query = ''] = (request.url ?? '').split('?', 2)
    const key = method === 'POST' ? header(request, 'idempotency-key') : undefined
    const body = method === 'POST' ? await readBody(request) : query
    let answer: Answer
    try {
      checkKey(request, secretKey)
      if (body === undefined)
        throw new ApiError(413, { type: 'invalid_request_error', message: 'Request body too large.' }, false)
      const cause = { requestId, idempotencyKey: key ?? null }
      answer = await answerCall({ method, path, form: body, cause }, key)
      await sandbox.store.durable()
    } catch (error) {
      if (!(error instanceof ApiError))
        log('payment sandbox failed', {
          requestId,
          path,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      answer = errorAnswer(
        error instanceof ApiError
          ? error
          : new ApiError(500, { type: 'api_error', message: 'The payment sandbox failed.' }, false),
      )
    }
    if (answer.status < 400 && takeFault(sandbox.faults, 'apiLoseAnswerNext')) {
      response.destroy()
      return
    }
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer.body),
      'request-id': requestId,
      'stripe-version': header(request, 'stripe-version') ?? apiVersion,
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(answer.replayed && { 'idempotent-replayed': 'true' }),
    })
    response.end(answer.body)
  }

  return { handle, sweep: () => idempotency.sweep() }
}
