import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { TRIES_MAX } from '#shared/domain/hooks/schedule.ts'
import { handler as onEvent } from '#functions/hooks/on-event.ts'
import { handler as onTick } from '#functions/hooks/on-tick.ts'
import { type Backend, startBackend, lives } from '../fixtures/backend.ts'
import { breakOff, hangUp, type Receiver, startReceiver, status } from '../fixtures/hook-receiver.ts'
import { killWrites } from '../fixtures/interleave.ts'
import { anAdmin } from '../fixtures/market.ts'
import { tick } from '../fixtures/ordering.ts'
import { deliver, record } from './fund-table.ts'
import { aSale, logOf, subscribed, twoPlaces } from './hooks-table.ts'

/**
 * Goal: whatever receivers answer, machines die of, and in whatever order and how often the stream brings what happened,
 * every event arrives at every receiver that ever takes it, and more than once only where somebody died over it.
 */
let backend: Backend
let receivers: Receiver[]

beforeAll(async () => {
  backend = await startBackend({ HOOKS_TO_THIS_MACHINE: '1' })
  receivers = [await startReceiver(), await startReceiver()]
})
afterAll(async () => {
  for (const receiver of receivers) await receiver.stop()
  await backend.stop()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const answers = {
  taken: status(204),
  brokenOff: breakOff(200),
  broken: status(500),
  busy: status(503, { 'retry-after': '120' }),
  moved: status(301, { location: 'https://example.com/' }),
  hungUp: hangUp,
} as const
type Answer = keyof typeof answers
const isYes = (answer: Answer) => answer === 'taken' || answer === 'brokenOff'

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('bring' as const),
      from: fc.nat(7),
      count: fc.integer({ min: 1, max: 8 }),
      back: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tick' as const), atOnce: fc.integer({ min: 1, max: 2 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 400 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), after: fc.nat(6) }) },
)
const story = fc.record({
  steps: fc.array(step, { minLength: 6, maxLength: 14 }),
  said: fc.array(fc.constantFrom(...(Object.keys(answers) as Answer[])), { minLength: 4, maxLength: 40 }),
})

it('every event arrives at every receiver that takes it, under one id, and twice only where somebody died', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ steps, said }) => {
      vi.useRealTimers()
      vi.restoreAllMocks()
      await backend.empty()
      await twoPlaces(backend)
      await anAdmin(backend, 'admin-1')
      const hooks = []
      const yes = receivers.map(() => new Map<string, number>())
      for (const [at, receiver] of receivers.entries()) {
        receiver.reset()
        let nth = at
        receiver.always((response, received) => {
          const answer = said[nth++ % said.length] ?? 'taken'
          const id = String(received.headers['webhook-id'])
          if (isYes(answer)) yes[at]?.set(id, (yes[at]?.get(id) ?? 0) + 1)
          answers[answer](response, received, nth)
        })
        hooks.push(await subscribed(receiver.url))
      }
      const events: SaleEvent[] = Array.from({ length: 8 }, () => aSale())
      await record(backend, events)
      let deaths = 0
      let dies = -1
      const wait = (ms: number) => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
      const brought = new Set<SaleEvent>()
      for (const each of steps) {
        if (dies >= 0 && each.kind !== 'die') killWrites(() => dies-- <= 0 && ++deaths > 0)
        if (each.kind === 'wait') wait(each.minutes * 60_000)
        if (each.kind === 'die') dies = each.after
        if (each.kind === 'tick') await Promise.allSettled(Array.from({ length: each.atOnce }, () => tick(onTick)))
        if (each.kind === 'bring') {
          const some = events.slice(each.from, each.from + each.count)
          const ordered = each.back ? some.toReversed() : some
          const told = await deliver(onEvent, ordered).catch(() => ({ batchItemFailures: [{ itemIdentifier: '0' }] }))
          // The platform replays from the lowest that failed.
          const from = told.batchItemFailures[0]?.itemIdentifier
          for (const event of from === undefined ? ordered : ordered.slice(0, Number(from))) brought.add(event)
        }
        if (each.kind !== 'die' && dies !== -1) {
          dies = -1
          vi.restoreAllMocks()
        }
      }
      vi.restoreAllMocks()
      // In the end the stream has brought everything, and the receivers are well.
      await deliver(onEvent, events)
      for (const receiver of receivers) receiver.always(answers.taken)
      const before = receivers.map(({ received }) => received.length)
      for (let n = 0; n < 14; n++) {
        wait(25 * 3_600_000)
        await tick(onTick)
      }
      for (const [at, { hookId, secret }] of hooks.entries()) {
        const log = await logOf(hookId)
        expect(log).toHaveLength(events.length)
        for (const receivedLater of receivers[at]?.received.slice(before[at]) ?? []) {
          const id = String(receivedLater.headers['webhook-id'])
          yes[at]?.set(id, (yes[at]?.get(id) ?? 0) + 1)
        }
        for (const { state, tries, webhookId, nextAt } of log) {
          expect(['delivered', 'failed']).toContain(state)
          expect(nextAt).toBeUndefined()
          expect(tries).toBeLessThanOrEqual(TRIES_MAX)
          const times = yes[at]?.get(webhookId) ?? 0
          // What was given up was tried ten times; the last yes may have been lost with who heard it.
          if (state === 'delivered') expect(times).toBeGreaterThanOrEqual(1)
          else expect(tries).toBe(TRIES_MAX)
          if (deaths === 0) expect(times).toBeLessThanOrEqual(1)
        }
        for (const { headers, body } of receivers[at]?.received ?? []) {
          vi.setSystemTime(Number(headers['webhook-timestamp']) * 1000)
          expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toBeDefined()
        }
      }
      vi.useRealTimers()
    }),
    { numRuns: lives(12), interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
  )
})
