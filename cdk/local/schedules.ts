import { randomUUID } from 'node:crypto'
import type { FunctionWorker } from './function-worker.ts'
import { resultValue } from './function-worker.ts'
import type { HostStore } from './host-store.ts'
import { RefusedByHost } from './resource-types.ts'
import { parseSchedule } from './schedule-expression.ts'
import type { Schedule } from './schedule-expression.ts'
import { isRecord } from './template.ts'
import type { LocalResource, LocalTemplate } from './template.ts'

/** Rules and schedules of the template. One that was due while the machine was off fires once at the next start. */

export interface SchedulesOptions {
  readonly template: LocalTemplate
  readonly findWorker: (functionArn: string) => FunctionWorker
  readonly requirePermission: (functionArn: string, principal: string) => void
  readonly store: HostStore
  /** Replaces the period of schedules of one minute. */
  readonly tickSeconds: number | undefined
  readonly log: (line: string) => void
}

interface Entry {
  readonly name: string
  readonly schedule: Schedule
  readonly periodMs: number | undefined
  readonly targets: readonly { readonly worker: FunctionWorker; readonly event: (at: number) => unknown }[]
}

/** Lambda's defaults for asynchronous events: two more attempts, after one minute and after two. */
const DEFAULT_RETRIES = 2
const RETRY_AFTER_MS = [60_000, 120_000]
/** The longest delay a timer takes; longer waits are cut into pieces. */
const LONGEST_TIMER_MS = 2_000_000_000
const OFFSETS: Readonly<Record<string, number>> = { UTC: 0, 'Etc/UTC': 0, 'Asia/Shanghai': 8 * 3_600_000 }

export class Schedules {
  readonly #options: SchedulesOptions
  readonly #entries: readonly Entry[]
  readonly #invokers = new Map<FunctionWorker, AsyncInvoker>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #closed = false

  constructor(options: SchedulesOptions) {
    this.#options = options
    const rules = options.template.ofType('AWS::Events::Rule').flatMap((rule) => this.#readRule(rule) ?? [])
    const schedules = options.template
      .ofType('AWS::Scheduler::Schedule')
      .flatMap((each) => this.#readSchedule(each) ?? [])
    this.#entries = [...rules, ...schedules]
    for (const { targets } of this.#entries) {
      for (const { worker } of targets) {
        if (!this.#invokers.has(worker)) this.#invokers.set(worker, this.#invoker(worker))
      }
    }
  }

  start(): void {
    const { store } = this.#options
    const now = Date.now()
    for (const entry of this.#entries) {
      const last = store.lastFired(entry.name)
      // The first start ever counts from now; it has missed nothing.
      if (last === undefined) store.writeLastFired(entry.name, now)
      this.#arm(entry, this.#due(entry, last ?? now))
    }
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    for (const invoker of this.#invokers.values()) invoker.close()
  }

  #due(entry: Entry, after: number): number {
    return entry.periodMs === undefined ? entry.schedule.next(after) : after + entry.periodMs
  }

  #arm(entry: Entry, at: number): void {
    if (this.#closed) return
    const wait = Math.max(0, at - Date.now())
    const timer = setTimeout(
      () => (wait > LONGEST_TIMER_MS ? this.#arm(entry, at) : this.#fire(entry, at)),
      Math.min(wait, LONGEST_TIMER_MS),
    )
    this.#timers.set(entry.name, timer)
  }

  #fire(entry: Entry, at: number): void {
    if (this.#closed) return
    const now = Date.now()
    this.#options.store.writeLastFired(entry.name, now)
    for (const { worker, event } of entry.targets) this.#invokers.get(worker)?.send(event(now))
    // A rate keeps its beat when it fires on time, and starts a new one after a break.
    const next = this.#due(entry, at)
    this.#arm(entry, next > now ? next : this.#due(entry, now))
  }

  #entry(resource: LocalResource, expression: string, offsetMs: number, targets: Entry['targets']): Entry {
    const schedule = parseSchedule(expression, offsetMs)
    const { tickSeconds } = this.#options
    const periodMs = schedule.everyMinute && tickSeconds !== undefined ? tickSeconds * 1_000 : undefined
    return { name: resource.logicalId, schedule, periodMs, targets }
  }

  #readRule(rule: LocalResource): Entry | undefined {
    const { properties, logicalId } = rule
    if (properties['State'] === 'DISABLED') return undefined
    const expression = properties['ScheduleExpression']
    if (typeof expression !== 'string')
      throw new RefusedByHost(`${logicalId}: only rules with a schedule are simulated here`)
    const arn = this.#options.template.arnOf(logicalId)
    const targets = (Array.isArray(properties['Targets']) ? properties['Targets'] : [])
      .filter(isRecord)
      .map((target) => {
        const worker = this.#target(target, logicalId, ['Id'])
        this.#options.requirePermission(worker.settings.arn, 'events.amazonaws.com')
        return { worker, event: eventOf(target['Input'], 'aws.events', arn, this.#options.template, {}) }
      })
    return this.#entry(rule, expression, 0, targets)
  }

  #readSchedule(resource: LocalResource): Entry | undefined {
    const { properties, logicalId } = resource
    if (properties['State'] === 'DISABLED') return undefined
    const flexible = properties['FlexibleTimeWindow']
    if (isRecord(flexible) && flexible['Mode'] !== 'OFF') {
      throw new RefusedByHost(`${logicalId}: a flexible time window is not simulated here`)
    }
    const zone = String(properties['ScheduleExpressionTimezone'] ?? 'UTC')
    const offset = OFFSETS[zone]
    if (offset === undefined) throw new RefusedByHost(`${logicalId}: time zone ${zone} is not simulated here`)
    const target = isRecord(properties['Target']) ? properties['Target'] : {}
    const arn = this.#options.template.arnOf(logicalId)
    const worker = this.#target(target, logicalId, ['RoleArn'])
    const event = eventOf(target['Input'], 'aws.scheduler', arn, this.#options.template, '{}')
    return this.#entry(resource, String(properties['ScheduleExpression']), offset, [{ worker, event }])
  }

  #target(target: Record<string, unknown>, logicalId: string, more: readonly string[]): FunctionWorker {
    // Delivery to a function of this machine cannot fail, so its retry policy and dead letters never apply.
    const known = ['Arn', 'Input', 'RetryPolicy', 'DeadLetterConfig', ...more]
    const unknown = Object.keys(target).filter((key) => !known.includes(key))
    if (unknown.length > 0)
      throw new RefusedByHost(`${logicalId}: target setting ${unknown.join(', ')} is not simulated here`)
    return this.#options.findWorker(String(target['Arn']))
  }

  #invoker(worker: FunctionWorker): AsyncInvoker {
    const { template, store, log } = this.#options
    const configuration = template
      .ofType('AWS::Lambda::EventInvokeConfig')
      .find(({ properties }) =>
        [worker.settings.name, worker.settings.arn].includes(String(properties['FunctionName'])),
      )
    const retries = Number(configuration?.properties['MaximumRetryAttempts'] ?? DEFAULT_RETRIES)
    const destination = configuration?.properties['DestinationConfig']
    const onFailure = isRecord(destination) && isRecord(destination['OnFailure']) ? destination['OnFailure'] : {}
    const queue =
      onFailure['Destination'] === undefined ? undefined : String(onFailure['Destination']).split(':').at(-1)
    return new AsyncInvoker(
      worker,
      retries,
      (body) => (queue === undefined ? undefined : store.enqueue(queue, body)),
      log,
    )
  }
}

function eventOf(
  input: unknown,
  source: string,
  arn: string,
  template: LocalTemplate,
  detail: unknown,
): (at: number) => unknown {
  if (typeof input === 'string') {
    return (at) =>
      JSON.parse(
        input
          .replaceAll('<aws.scheduler.scheduled-time>', isoSeconds(at))
          .replaceAll('<aws.scheduler.schedule-arn>', arn)
          .replaceAll('<aws.scheduler.execution-id>', randomUUID())
          .replaceAll('<aws.scheduler.attempt-number>', '1'),
      ) as unknown
  }
  return (at) => ({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: template.identity.account,
    time: isoSeconds(at),
    region: template.identity.region,
    resources: [arn],
    detail,
  })
}

function isoSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/**
 * Asynchronous invocations of one function: one at a time (on AWS two may overlap, here a slow run is followed by the
 * latest waiting event only), tried again as Lambda does, then sent to the on-failure destination.
 */
export class AsyncInvoker {
  readonly #worker: FunctionWorker
  readonly #retries: number
  readonly #onFailure: (body: unknown) => void
  readonly #log: (line: string) => void
  #running = false
  #waiting: { readonly event: unknown } | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  constructor(
    worker: FunctionWorker,
    retries: number,
    onFailure: (body: unknown) => void,
    log: (line: string) => void,
  ) {
    this.#worker = worker
    this.#retries = retries
    this.#onFailure = onFailure
    this.#log = log
  }

  send(event: unknown): void {
    if (this.#closed) return
    if (this.#running) {
      this.#waiting = { event }
      return
    }
    // A newer event does the work of one that waits to be tried again.
    clearTimeout(this.#retry)
    void this.#run(event, 1)
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
  }

  async #run(event: unknown, attempt: number): Promise<void> {
    this.#running = true
    try {
      resultValue(await this.#worker.invoke(event))
    } catch (error) {
      if (!this.#closed) this.#failed(event, attempt, error)
    }
    this.#running = false
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined && !this.#closed) this.send(waiting.event)
  }

  #failed(event: unknown, attempt: number, error: unknown): void {
    const { name, arn } = this.#worker.settings
    this.#log(
      `${name} failed on a schedule (attempt ${attempt}): ${error instanceof Error ? error.message : String(error)}`,
    )
    if (attempt <= this.#retries) {
      this.#retry = setTimeout(
        () => {
          if (!this.#running) void this.#run(event, attempt + 1)
        },
        RETRY_AFTER_MS[attempt - 1] ?? 120_000,
      )
      return
    }
    this.#onFailure({
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: { functionArn: arn, condition: 'RetriesExhausted', approximateInvokeCount: attempt },
      requestPayload: event,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    })
  }
}
