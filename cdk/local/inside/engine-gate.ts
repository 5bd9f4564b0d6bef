import http from 'node:http'
import https from 'node:https'
import { syncBuiltinESMExports } from 'node:module'
import { Readable } from 'node:stream'
import { faultAnswer, faultsOf } from './faults.ts'
import type { EngineAnswer, FaultPlan, FaultSource } from './faults.ts'
import { permissionsOf } from './permissions.ts'
import type { Grant } from './permissions.ts'

/**
 * Stands between a function and the engine: every request it makes to the engine is checked against the
 * function's role, and may meet a fault. It wraps `request` of node:http inside the function's own worker or process,
 * so a request still takes one hop. Requests to AWS itself are refused: nothing of this machine may reach an account.
 */
export interface GateSettings {
  readonly engine: string
  readonly grants: readonly Grant[]
  readonly tableArnPrefix: string
  /** What AWS would call the caller in an access error. */
  readonly principal: string
  /** The function's physical name and logical id. */
  readonly names: readonly string[]
  readonly faults: FaultPlan | null
  /** Counters shared with the host: [0] engine requests, [1] denied, [2] conflicts, [3] throttled, [4] lost answers. */
  readonly counters: SharedArrayBuffer | null
}

export interface Gate {
  readonly setFaults: (plan: FaultPlan | null) => void
}

type Body = Readonly<Record<string, unknown>>

export function installEngineGate(settings: GateSettings): Gate {
  const engine = new URL(settings.engine)
  const permissions = permissionsOf(settings.grants, settings.tableArnPrefix)
  const counters = new Int32Array(settings.counters ?? new SharedArrayBuffer(20))
  let faults: FaultSource | undefined = faultsOf(settings.faults, settings.names)
  const original = { http: http.request, https: https.request }

  const forEngine = (options: http.RequestOptions | undefined) =>
    options !== undefined &&
    (options.hostname ?? options.host) === engine.hostname &&
    String(options.port ?? 80) === engine.port

  function judge(operation: string, body: Body): { answer?: EngineAnswer; loseAnswer: boolean } {
    Atomics.add(counters, 0, 1)
    const denial = permissions.check(operation, body)
    if (denial !== undefined) {
      Atomics.add(counters, 1, 1)
      const reason = denial.explicit ? 'with an explicit deny in' : 'because no identity-based policy allows'
      const Message = `User: ${settings.principal} is not authorized to perform: ${denial.action} on resource: ${denial.resource} ${reason} ${denial.explicit ? 'an identity-based policy' : `the ${denial.action} action`}`
      return {
        answer: { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException', Message } },
        loseAnswer: false,
      }
    }
    const fault = faults?.draw(operation)
    if (fault === undefined || faults === undefined) return { loseAnswer: false }
    Atomics.add(counters, fault === 'conflict' ? 2 : fault === 'throttle' ? 3 : 4, 1)
    if (fault === 'timeout-after-commit') return { loseAnswer: true }
    return { answer: faultAnswer(fault, operation, body, faults.random), loseAnswer: false }
  }

  function gated(...parameters: Parameters<typeof http.request>): http.ClientRequest {
    const options = optionsOf(parameters)
    refuseAws(options)
    const outgoing = original.http(...parameters)
    return forEngine(options) ? holdUntilJudged(outgoing, judge) : outgoing
  }

  function gatedHttps(...parameters: Parameters<typeof https.request>): http.ClientRequest {
    refuseAws(optionsOf(parameters as Parameters<typeof http.request>))
    return original.https(...parameters)
  }

  const get =
    (request: (...parameters: Parameters<typeof http.request>) => http.ClientRequest) =>
    (...parameters: Parameters<typeof http.request>) => {
      const outgoing = request(...parameters)
      outgoing.end()
      return outgoing
    }
  Object.assign(http, { request: gated, get: get(gated) })
  Object.assign(https, { request: gatedHttps, get: get(gatedHttps as typeof gated) })
  syncBuiltinESMExports()
  return { setFaults: (plan) => void (faults = faultsOf(plan, settings.names)) }
}

function optionsOf(parameters: readonly unknown[]): http.RequestOptions {
  const [first, second] = parameters
  if (typeof first === 'string' || first instanceof URL) {
    const url = new URL(first)
    const more = typeof second === 'object' && second !== null ? second : {}
    return { hostname: url.hostname, port: url.port, path: url.pathname, ...more }
  }
  return typeof first === 'object' && first !== null ? first : {}
}

function refuseAws(options: http.RequestOptions): void {
  const host = String(options.hostname ?? options.host ?? '')
  if (/(^|\.)amazonaws\.com(\.cn)?$/i.test(host) || host === '169.254.169.254') {
    throw new Error(`${host} is refused: this machine simulates DynamoDB only, no other AWS service`)
  }
}

/** Keeps the body back until the request is complete and judged; then sends it, or answers in the engine's place. */
function holdUntilJudged(
  outgoing: http.ClientRequest,
  judge: (operation: string, body: Body) => { answer?: EngineAnswer; loseAnswer: boolean },
): http.ClientRequest {
  const chunks: (Buffer | string)[] = []
  const end = outgoing.end.bind(outgoing)
  const keep = (chunk: unknown, encoding: unknown) => {
    // Text stays text: Node then sends it in one piece with the headers.
    if (typeof chunk === 'string')
      chunks.push(typeof encoding === 'string' ? Buffer.from(chunk, encoding as BufferEncoding) : chunk)
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
  }
  outgoing.write = (chunk: unknown, encoding?: unknown, callback?: unknown) => {
    keep(chunk, encoding)
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') queueMicrotask(done as () => void)
    return true
  }
  outgoing.end = (chunk?: unknown, encoding?: unknown, callback?: unknown) => {
    if (typeof chunk !== 'function') keep(chunk, encoding)
    const done = [chunk, encoding, callback].find((each): each is () => void => typeof each === 'function')
    if (done !== undefined) outgoing.once('finish', done)
    const [only = ''] = chunks
    const payload = chunks.length <= 1 ? only : Buffer.concat(chunks.map((each) => Buffer.from(each)))
    const operation = String(outgoing.getHeader('x-amz-target') ?? '').replace(/^.*\./, '')
    const { answer, loseAnswer } = judge(operation, parseBody(payload))
    if (answer !== undefined) {
      answerInstead(outgoing, answer)
      return outgoing
    }
    if (loseAnswer) dropResponse(outgoing)
    return end(payload)
  }
  return outgoing
}

function parseBody(payload: Buffer | string): Body {
  try {
    const parsed: unknown = JSON.parse(payload.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Body) : {}
  } catch {
    // Not JSON: no table can be named, so no role allows it.
    return {}
  }
}

function answerInstead(outgoing: http.ClientRequest, answer: EngineAnswer): void {
  const payload = Buffer.from(JSON.stringify(answer.body))
  const response = Object.assign(Readable.from([payload]), {
    statusCode: answer.status,
    statusMessage: 'Bad Request',
    httpVersion: '1.1',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(payload.length),
      'x-amzn-requestid': crypto.randomUUID(),
    },
  })
  setImmediate(() => {
    outgoing.emit('response', response)
    // The connection was reserved and never used; whatever its end reports concerns nobody any more.
    outgoing.removeAllListeners('error')
    outgoing.on('error', () => undefined)
    outgoing.destroy()
  })
}

function dropResponse(outgoing: http.ClientRequest): void {
  const emit = outgoing.emit.bind(outgoing)
  outgoing.emit = (event: string | symbol, ...values: unknown[]) => {
    if (event !== 'response') return emit(event, ...values)
    const response = values[0] as http.IncomingMessage
    response.resume()
    response.once('end', () => {
      emit('error', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
    })
    return true
  }
}
