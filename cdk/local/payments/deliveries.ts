import { createHmac } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { Agent as TlsAgent, request as httpsRequest } from 'node:https'
import type { EventDoc } from './documents.ts'
import { takeFault, type Faults } from './faults.ts'
import type { Store } from './store.ts'

export interface DeliveryOptions {
  url: string
  secret: string
  /** Waits between attempts, in ms; after the last one the delivery is given up. */
  retryDelaysMs: readonly number[]
  concurrency: number
  timeoutMs: number
  log: (message: string, facts?: Record<string, unknown>) => void
}

/** One row of the delivery log: an event on its way to the webhook. */
export interface Delivery {
  id: number
  eventId: string
  type: string
  /** What the event tells of: a session, a payment intent, a refund … */
  objectId: string | null
  state: 'pending' | 'delivered' | 'given_up' | 'dropped'
  attempts: number
  /** The last answer; null when there was none yet, or none at all (refused, timed out). */
  status: number | null
  latencyMs: number | null
  createdAt: string
  /** When the last answer came: for a delivered event, the 2xx from which the merchant's own lag is measured. */
  answeredAt: string | null
  error: string | null
}

/** Answers that arrive within this time are written in one transaction; after a crash such an event is sent once more. */
const gatherMs = 5

/** What is on its way, in memory; the row in the file is the truth. */
interface Job {
  id: number
  eventId: string
  attempts: number
  body: string | undefined
}

interface Outcome {
  job: Job
  status: number | null
  latencyMs: number
  answeredAtMs: number
  error: string | null
}

/** Stripe's signature scheme v1: an HMAC over the time of sending and the body. Each attempt is signed anew. */
export function signature(body: string, secret: string, timestampSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${timestampSeconds}.${body}`).digest('hex')
  return `t=${timestampSeconds},v1=${mac}`
}

/**
 * Sends events to the webhook: at least once, in no promised order, again with growing waits until it answers 2xx. Real time, not the
 * sandbox's clock, rules here: the receiver checks the signature's age. What a crash leaves pending is sent again.
 */
export class Deliveries {
  readonly #store: Store
  readonly #faults: Faults
  readonly #options: DeliveryOptions
  readonly #url: URL
  readonly #agent: Agent
  readonly #ready: Job[] = []
  readonly #held: Job[] = []
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #flying = new Set<{ destroy(): void }>()
  #outcomes: Outcome[] = []
  #next = 0
  #closed = false

  constructor(store: Store, faults: Faults, options: DeliveryOptions) {
    this.#store = store
    this.#faults = faults
    this.#options = options
    this.#url = new URL(options.url)
    const agentOptions = { keepAlive: true, maxFreeSockets: options.concurrency }
    this.#agent = this.#url.protocol === 'https:' ? new TlsAgent(agentOptions) : new Agent(agentOptions)
  }

  /** Takes up what an earlier run left pending. */
  resume(): number {
    const rows = this.#store
      .sql(`select id, event, attempts, next_at from deliveries where state = 'pending' order by id`)
      .all()
    for (const row of rows) {
      const job = { id: Number(row.id), eventId: String(row.event), attempts: Number(row.attempts), body: undefined }
      this.#schedule(job, Number(row.next_at) - Date.now())
    }
    return rows.length
  }

  /** Queues a new event's webhook, as often as the faults say, within the caller's transaction. */
  enqueue(event: EventDoc): void {
    const dropped = takeFault(this.#faults, 'webhookDropNext')
    const body = JSON.stringify(event)
    for (let copy = 0; copy < this.#faults.webhookCopies; copy += 1) {
      const disorderMs = Math.random() * this.#faults.webhookDisorderMs
      this.#insert(event, body, this.#faults.webhookDelayMs + disorderMs, dropped)
    }
  }

  /** Sends an event once more, whatever became of it. False if there is no such event. */
  redeliver(eventId: string): boolean {
    const event = this.#store.get('event', eventId)
    if (!event) return false
    this.#store.write(() => this.#insert(event.doc, JSON.stringify(event.doc), 0, false))
    return true
  }

  #insert(event: EventDoc, body: string, delayMs: number, dropped: boolean): void {
    const now = Date.now()
    const inserted = this.#store
      .sql('insert into deliveries (event, type, state, attempts, next_at, created_at) values (?, ?, ?, 0, ?, ?)')
      .run(event.id, event.type, dropped ? 'dropped' : 'pending', Math.ceil(now + delayMs), now)
    if (dropped) return
    const job = { id: Number(inserted.lastInsertRowid), eventId: event.id, attempts: 0, body }
    this.#store.afterCommit(() => this.#schedule(job, delayMs))
  }

  #schedule(job: Job, delayMs: number): void {
    if (delayMs <= 0) {
      this.#ready.push(job)
      this.#pump()
      return
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.#schedule(job, 0)
      },
      Math.min(delayMs, 2 ** 31 - 1),
    )
    timer.unref()
    this.#timers.add(timer)
  }

  /** Lets go what was held. */
  release(): void {
    for (const job of this.#held.splice(0)) this.#schedule(job, 0)
  }

  #pump(): void {
    while (!this.#closed && this.#flying.size < this.#options.concurrency && this.#next < this.#ready.length) {
      const job = this.#ready[this.#next]
      this.#next += 1
      if (this.#next === this.#ready.length || this.#next > 1000) {
        this.#ready.splice(0, this.#next)
        this.#next = 0
      }
      if (!job) continue
      if (this.#faults.webhookHold) this.#held.push(job)
      else this.#send(job)
    }
  }

  #send(job: Job): void {
    const body = job.body ?? JSON.stringify(this.#store.get('event', job.eventId)?.doc)
    const startedMs = performance.now()
    const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest
    const sending = send(this.#url, {
      method: 'POST',
      agent: this.#agent,
      timeout: this.#options.timeoutMs,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Stripe/1.0 (+payment sandbox)',
        'stripe-signature': signature(body, this.#options.secret, Math.floor(Date.now() / 1000)),
      },
    })
    this.#flying.add(sending)
    let ended = false
    const end = (status: number | null, error: string | null): void => {
      if (ended) return
      ended = true
      this.#flying.delete(sending)
      if (this.#closed) return // stays pending: the next start sends it again
      this.#record({ job, status, latencyMs: performance.now() - startedMs, answeredAtMs: Date.now(), error })
      this.#pump()
    }
    sending.on('response', (response) => {
      response.on('error', () => end(null, 'answer broke off'))
      response.on('end', () => end(response.statusCode ?? null, null))
      response.resume()
    })
    sending.on('timeout', () => sending.destroy(new Error('timeout')))
    sending.on('error', (error) => end(null, error.message))
    sending.end(body)
  }

  /** Outcomes that arrive together are written together. */
  #record(outcome: Outcome): void {
    this.#outcomes.push(outcome)
    if (this.#outcomes.length === 1) setTimeout(() => this.#flush(), gatherMs)
  }

  #flush(): void {
    const outcomes = this.#outcomes
    this.#outcomes = []
    if (outcomes.length === 0) return
    this.#store.write(() => {
      for (const outcome of outcomes) this.#settle(outcome)
    })
  }

  #settle({ job, status, latencyMs, answeredAtMs, error }: Outcome): void {
    job.attempts += 1
    const delivered = status !== null && status >= 200 && status < 300
    const delayMs = this.#options.retryDelaysMs[job.attempts - 1]
    const state = delivered ? 'delivered' : delayMs === undefined ? 'given_up' : 'pending'
    this.#store
      .sql(
        'update deliveries set state = ?, attempts = ?, next_at = ?, status = ?, latency_ms = ?, answered_at = ?, error = ? where id = ?',
      )
      .run(state, job.attempts, answeredAtMs + (delayMs ?? 0), status, latencyMs, answeredAtMs, error, job.id)
    if (delivered) return
    this.#options.log('webhook not accepted', { event: job.eventId, attempts: job.attempts, status, error, state })
    if (delayMs === undefined) return
    job.body = undefined // read again when it is sent again
    this.#store.afterCommit(() => this.#schedule(job, delayMs))
  }

  /** The log, oldest first, after a row id. */
  list(query: { after: number; limit: number; eventId?: string | undefined }): Delivery[] {
    const byEvent = query.eventId === undefined ? '' : 'and event = ?'
    const values = query.eventId === undefined ? [query.after] : [query.after, query.eventId]
    return this.#store
      .sql(`select * from deliveries where id > ? ${byEvent} order by id limit ?`)
      .all(...values, query.limit)
      .map((row) => ({
        id: Number(row.id),
        eventId: String(row.event),
        type: String(row.type),
        objectId: idOf(this.#store.get('event', String(row.event))?.doc.data.object),
        state: toState(row.state),
        attempts: Number(row.attempts),
        status: row.status === null ? null : Number(row.status),
        latencyMs: row.latency_ms === null ? null : Number(row.latency_ms),
        createdAt: new Date(Number(row.created_at)).toISOString(),
        answeredAt: row.answered_at === null ? null : new Date(Number(row.answered_at)).toISOString(),
        error: row.error === null ? null : String(row.error),
      }))
  }

  pending(): number {
    return Number(this.#store.sql(`select count(*) as n from deliveries where state = 'pending'`).get()?.n)
  }

  /** Stops sending. What is under way is cut and stays pending. */
  close(): void {
    this.#flush()
    this.#closed = true
    for (const timer of this.#timers) clearTimeout(timer)
    for (const sending of this.#flying) sending.destroy()
    this.#agent.destroy()
  }
}

function idOf(object: unknown): string | null {
  return typeof object === 'object' && object !== null && 'id' in object ? String(object.id) : null
}

function toState(value: unknown): Delivery['state'] {
  switch (value) {
    case 'pending':
    case 'delivered':
    case 'given_up':
    case 'dropped':
      return value
    default:
      throw new Error(`unknown delivery state ${String(value)}`)
  }
}
