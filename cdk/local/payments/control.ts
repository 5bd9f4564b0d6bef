import type { IncomingMessage, ServerResponse } from 'node:http'
import { closeDispute, openDispute } from './disputes.ts'
import { ApiError } from './errors.ts'
import { applyFaults } from './faults.ts'
import { header, readBody, sendJson } from './http.ts'
import { noCause, type Sandbox } from './sandbox.ts'

export interface Control {
  sandbox: Sandbox
  /** Moves the sandbox's clock forward and lets happen what has become due. Never back. */
  advanceClock(seconds: number): void
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(body: Record<string, unknown>, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new TypeError(`${name} must be a string`)
  return value
}

const maxAdvanceSeconds = 366 * 24 * 3600

/** What a POST does; undefined when there is no such thing. */
function change({ sandbox, advanceClock }: Control, path: string, body: Record<string, unknown>): unknown {
  switch (path) {
    case '/_sandbox/faults': {
      applyFaults(sandbox.faults, body)
      if (!sandbox.faults.webhookHold) sandbox.deliveries.release()
      return sandbox.faults
    }
    case '/_sandbox/clock': {
      const seconds = body.advanceSeconds
      if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 0 || seconds > maxAdvanceSeconds) {
        throw new TypeError(`advanceSeconds must be an integer from 0 to ${maxAdvanceSeconds}`)
      }
      advanceClock(seconds)
      return { now: new Date(sandbox.nowMs()).toISOString() }
    }
    case '/_sandbox/redeliver': {
      const eventId = text(body, 'eventId')
      if (!sandbox.deliveries.redeliver(eventId)) throw new TypeError(`no event ${eventId}`)
      return { eventId }
    }
    case '/_sandbox/disputes':
      return openDispute(
        sandbox,
        text(body, 'paymentIntent'),
        typeof body.reason === 'string' ? body.reason : 'product_not_received',
      )
    case '/_sandbox/disputes/close': {
      const outcome = body.outcome
      if (outcome !== 'won' && outcome !== 'lost') throw new TypeError('outcome must be won or lost')
      return closeDispute(sandbox, text(body, 'dispute'), outcome, noCause).doc
    }
    default:
      return undefined
  }
}

const maxDeliveries = 1000

function read({ sandbox }: Control, path: string, query: URLSearchParams): unknown {
  switch (path) {
    case '/_sandbox/faults':
      return sandbox.faults
    case '/_sandbox/clock':
      return { now: new Date(sandbox.nowMs()).toISOString() }
    case '/_sandbox/deliveries': {
      const after = Number(query.get('after') ?? '0')
      const limit = Number(query.get('limit') ?? '100')
      if (!Number.isInteger(after) || after < 0) throw new TypeError('after must be a delivery id')
      if (!Number.isInteger(limit) || limit < 1 || limit > maxDeliveries)
        throw new TypeError(`limit must be from 1 to ${maxDeliveries}`)
      const data = sandbox.deliveries.list({ after, limit, eventId: query.get('eventId') ?? undefined })
      return { data, nextAfter: data.at(-1)?.id ?? after, pending: sandbox.deliveries.pending() }
    }
    default:
      return undefined
  }
}

/**
 * The control API for tests and demonstrations, under /_sandbox/. Changes have to be sent as application/json: a page in a
 * browser cannot do that to another origin without asking, and is not answered.
 */
export function createControlServer(control: Control) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    try {
      if (request.method === 'GET') {
        const found = read(control, url.pathname, url.searchParams)
        return sendJson(response, found === undefined ? 404 : 200, found ?? { error: 'not found' })
      }
      const body = await readBody(request)
      if (request.method !== 'POST' || !header(request, 'content-type')?.startsWith('application/json')) {
        return sendJson(response, 415, { error: 'POST application/json' })
      }
      const parsed: unknown = JSON.parse(body || '{}')
      if (!isObject(parsed)) throw new TypeError('the body must be an object')
      const changed = change(control, url.pathname, parsed)
      sendJson(response, changed === undefined ? 404 : 200, changed ?? { error: 'not found' })
    } catch (error) {
      if (error instanceof ApiError) return sendJson(response, error.status, { error: error.message })
      if (error instanceof TypeError || error instanceof SyntaxError)
        return sendJson(response, 400, { error: error.message })
      throw error
    }
  }
}
