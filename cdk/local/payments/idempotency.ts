import { hash } from 'node:crypto'
import { decode, encode, kindOf } from './codec.ts'
import { kinds } from './documents.ts'
import { ApiError, type ErrorBody } from './errors.ts'
import type { Sandbox } from './sandbox.ts'

const lifeMs = 24 * 3600 * 1000
const maxKeyLength = 255

export interface Answer {
  status: number
  body: string
  replayed: boolean
}

function idempotencyError(status: number, message: string, code?: string): ApiError {
  const body: ErrorBody = { type: 'idempotency_error', message, ...(code && { code }) }
  return new ApiError(status, body, false)
}

/**
 * Idempotency keys as Stripe keeps them: the first answer, success or refusal by state, is repeated for 24 hours to the same request;
 * another request under the same key is an error; one that still runs is a conflict. Afterwards a key is as good as new, and
 * the same call does its work a second time.
 */
export class Idempotency {
  readonly #sandbox: Sandbox
  readonly #running = new Set<string>()

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  /** Marks a key as in use until `release`; throws 409 when it is. */
  claim(key: string): void {
    if (key.length > maxKeyLength)
      throw idempotencyError(400, `Idempotency key is too long: at most ${maxKeyLength} characters.`)
    if (this.#running.has(key)) {
      const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
      throw idempotencyError(409, message, 'idempotency_key_in_use')
    }
    this.#running.add(key)
  }

  release(key: string): void {
    this.#running.delete(key)
  }

  static #describe(path: string, form: string): string {
    return `${path} ${hash('sha256', form)}`
  }

  /** The kept answer, if this very request was made under the key within the last 24 hours. */
  recall(key: string, path: string, form: string): Answer | undefined {
    const row = this.#sandbox.store.sql('select request, status, kind, body, created from keys where key = ?').get(key)
    if (!row || Number(row.created) <= this.#sandbox.nowMs() - lifeMs) return undefined
    if (row.request !== Idempotency.#describe(path, form)) {
      const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
      throw idempotencyError(400, message)
    }
    const kind = kinds.find((known) => known === row.kind)
    const body = kind === undefined ? String(row.body) : JSON.stringify(decode(kind, String(row.body)))
    return { status: Number(row.status), body, replayed: true }
  }

  /** Keeps an answer. A whole document is kept packed; anything else as it was sent. */
  keep(key: string, path: string, form: string, answer: Answer, document?: object): void {
    const kind = kindOf(document)
    const body = kind === undefined || document === undefined ? answer.body : encode(kind, document)
    this.#sandbox.store
      .sql('insert or replace into keys (key, request, status, kind, body, created) values (?, ?, ?, ?, ?, ?)')
      .run(key, Idempotency.#describe(path, form), answer.status, kind ?? null, body, Math.floor(this.#sandbox.nowMs()))
  }

  sweep(): void {
    this.#sandbox.store.sql('delete from keys where created <= ?').run(Math.floor(this.#sandbox.nowMs() - lifeMs))
  }
}
