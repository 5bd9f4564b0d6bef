import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import type { Host } from '../../cdk/local/host.ts'
import { parseSchedule } from '../../cdk/local/schedule-expression.ts'
import { eventually, SystemUnderTest } from './host-system.ts'

const TICK = `
const events = []
let holdMs = 0, failing = false, running = 0, most = 0
export const handler = async (event) => {
  if (event.ask) return { events, most }
  if (event.orders) { ({ holdMs = 0, failing = false } = event.orders); return 'ok' }
  running += 1
  most = Math.max(most, running)
  events.push(event)
  await new Promise((resolve) => setTimeout(resolve, holdMs))
  running -= 1
  if (failing) throw new Error('told to fail')
}`

interface Asked {
  readonly events: Record<string, unknown>[]
  readonly most: number
}

let system: SystemUnderTest | undefined
afterEach(async () => {
  await system?.dispose()
  system = undefined
})
const build = () => (system = new SystemUnderTest('schedules').fn('Tick', TICK))
const ask = async (host: Host) => (await host.invoke('Tick', { ask: true })) as Asked

function shiftLastFired(of: SystemUnderTest, ms: number): void {
  const database = new DatabaseSync(join(of.dataDir, 'host.sqlite'))
  database.exec(`UPDATE schedules SET last_fired = last_fired - ${ms}`)
  database.close()
}

describe('schedules', () => {
  it('fire with the event EventBridge sends; tickSeconds shortens those of one minute only', async () => {
    const of = build()
      .rule('Minute', 'rate(1 minute)', 'Tick', { Name: 'minute' })
      .rule('Hour', 'rate(1 hour)', 'Tick', { Name: 'hour' })
    const host = await of.start({ tickSeconds: 0.1 })
    const { events } = await eventually(async () => {
      const asked = await ask(host)
      return asked.events.length >= 3 && asked
    })
    expect(events[0]).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/minute'],
      detail: {},
    })
    expect(events.every((event) => String(event['resources']).endsWith('rule/minute'))).toBe(true)
  })

  it('send a target’s own input', async () => {
    const Targets = [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Tick', 'Arn'] }, Input: '{"job":"reconcile"}' }]
    const of = build().rule('Minute', 'cron(* * * * ? *)', 'Tick', { Targets })
    const host = await of.start({ tickSeconds: 0.1 })
    const { events } = await eventually(async () => {
      const asked = await ask(host)
      return asked.events.length > 0 && asked
    })
    expect(events[0]).toEqual({ job: 'reconcile' })
  })

  it('fire once after any number of missed times, and not at all when none was missed', async () => {
    const of = build().rule('Night', 'cron(0 19 * * ? *)', 'Tick')
    let host = await of.start()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await ask(host)).events).toEqual([])
    await of.stopHost()
    shiftLastFired(of, 5 * 86_400_000)
    host = await of.start()
    await eventually(async () => (await ask(host)).events.length > 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await ask(host)).events).toHaveLength(1)
    await of.stopHost()
    host = await of.start()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await ask(host)).events).toEqual([])
  })

  it('do not overlap: a slow run is followed by one more', async () => {
    const of = build().rule('Minute', 'rate(1 minute)', 'Tick')
    const host = await of.start({ tickSeconds: 0.05 })
    await host.invoke('Tick', { orders: { holdMs: 400 } })
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const { events, most } = await ask(host)
    expect(most).toBe(1)
    expect(events.length).toBeGreaterThanOrEqual(3)
    expect(events.length).toBeLessThanOrEqual(6)
  })

  it('go on after a failure', async () => {
    const of = build().rule('Minute', 'rate(1 minute)', 'Tick')
    const host = await of.start({ tickSeconds: 0.1 })
    await host.invoke('Tick', { orders: { failing: true } })
    await eventually(async () => (await ask(host)).events.length >= 3)
    expect(of.logs.some((line) => line.includes('Tick failed on a schedule'))).toBe(true)
  })

  it('rest while disabled', async () => {
    const of = build().rule('Minute', 'rate(1 minute)', 'Tick', { State: 'DISABLED' })
    const host = await of.start({ tickSeconds: 0.05 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await ask(host)).events).toEqual([])
  })

  it('run EventBridge Scheduler’s schedules too', async () => {
    const of = build().add('Sweep', 'AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': ['Tick', 'Arn'] },
        RoleArn: 'arn:aws:iam::000000000000:role/x',
        Input: '{"at":"<aws.scheduler.scheduled-time>"}',
      },
    })
    const host = await of.start({ tickSeconds: 0.1 })
    const { events } = await eventually(async () => {
      const asked = await ask(host)
      return asked.events.length > 0 && asked
    })
    expect(events[0]).toEqual({ at: expect.stringMatching(/^\d{4}-.*Z$/) })
  })

  it('refuse rules on event patterns and targets they do not know', async () => {
    const of = build().rule('Minute', 'rate(1 minute)', 'Tick', {
      Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Tick', 'Arn'] }, InputTransformer: {} }],
    })
    await expect(of.start()).rejects.toThrow('InputTransformer')
    of.add('Minute', 'AWS::Events::Rule', { EventPattern: { source: ['x'] } })
    await expect(of.start()).rejects.toThrow('EventPattern')
  })
})

describe('schedule expressions', () => {
  const after = Date.parse('2026-11-23T10:15:30Z')
  const table: [string, string][] = [
    ['rate(1 minute)', '2026-11-23T10:16:30Z'],
    ['rate(5 minutes)', '2026-11-23T10:20:30Z'],
    ['rate(12 hours)', '2026-11-23T22:15:30Z'],
    ['rate(7 days)', '2026-11-30T10:15:30Z'],
    ['cron(* * * * ? *)', '2026-11-23T10:16:00Z'],
    ['cron(0 19 * * ? *)', '2026-11-23T19:00:00Z'],
    ['cron(0/15 * * * ? *)', '2026-11-23T10:30:00Z'],
    ['cron(15 10 ? * 2-6 *)', '2026-11-24T10:15:00Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-11-23T18:00:00Z'],
    ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00Z'],
    ['cron(0 8 ? JAN,MAR SUN *)', '2027-01-03T08:00:00Z'],
    ['cron(30 1 29 2 ? *)', '2028-02-29T01:30:00Z'],
    ['cron(0 9,21 * * ? 2027)', '2027-01-01T09:00:00Z'],
  ]
  it.each(table)('%s → %s', (expression, expected) => {
    expect(new Date(parseSchedule(expression).next(after)).toISOString()).toBe(expected.replace('Z', '.000Z'))
  })

  it('count in the schedule’s own time zone', () => {
    const next = parseSchedule('cron(0 3 * * ? *)', 8 * 3_600_000).next(after)
    expect(new Date(next).toISOString()).toBe('2026-11-23T19:00:00.000Z')
  })

  it.each([
    'at(2026-11-23T10:00:00)',
    'cron(0 0 L * ? *)',
    'cron(* * * * *)',
    'rate(0 minutes)',
    'cron(60 * * * ? *)',
    'cron(0/0 * * * ? *)',
    'cron(0 0 31 2 ? *)',
  ])('refuse %s', (expression) => {
    expect(() => parseSchedule(expression).next(after)).toThrow('schedule')
  })
})
