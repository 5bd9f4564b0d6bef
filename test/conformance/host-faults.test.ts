import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultPlan, Host } from '../../cdk/local/host.ts'
import { faultsOf } from '../../cdk/local/inside/faults.ts'
import { SystemUnderTest, WITH_TABLES } from './host-system.ts'

const CALLER = `${WITH_TABLES}
const item = (id) => ({ PK: { S: id }, SK: { S: 'x' } })
const commands = {
  put: (id) => new PutItemCommand({ TableName: 'market-table', Item: item(id) }),
  get: (id) => new GetItemCommand({ TableName: 'market-table', Key: item(id), ConsistentRead: true }),
  transact: (id) => new TransactWriteItemsCommand({ TransactItems: [1, 2, 3].map((at) => ({ Put: { TableName: 'market-table', Item: item(id + at) } })) }),
}
export const handler = async ({ command, id }) => {
  try {
    const answer = await client.send(commands[command](id))
    return { ok: true, item: answer.Item ?? null }
  } catch (error) {
    return { ok: false, name: error.name, code: error.code ?? null, message: error.message, reasons: error.CancellationReasons ?? null, status: error.$metadata?.httpStatusCode ?? null }
  }
}`

interface Answer {
  readonly ok: boolean
  readonly name?: string
  readonly code?: string | null
  readonly item?: unknown
  readonly reasons?: { Code: string }[] | null
  readonly status?: number | null
}

describe('injected faults', () => {
  let system: SystemUnderTest
  let host: Host
  beforeAll(async () => {
    system = new SystemUnderTest('faults').table('Market')
    const all = { Effect: 'Allow', Action: 'dynamodb:*', Resource: { 'Fn::GetAtt': ['Market', 'Arn'] } }
    system.fn('Caller', CALLER, [all]).fn('Spared', CALLER, [all])
    host = await system.start()
  })
  afterAll(() => system.dispose())

  const call = async (command: string, id: string, name = 'Caller') =>
    (await host.invoke(name, { command, id })) as Answer
  const within = async (plan: FaultPlan, check: () => Promise<void>) => {
    host.faults.set(plan)
    try {
      await check()
    } finally {
      host.faults.set(null)
    }
  }

  it('cancel a transaction with a conflict on one of its items; nothing is written', async () => {
    await within({ seed: 1, conflictRate: 1 }, async () => {
      const answer = await call('transact', 'conflict')
      expect(answer).toMatchObject({ ok: false, name: 'TransactionCanceledException', status: 400 })
      expect(answer.reasons?.map((reason) => reason.Code).sort()).toEqual(['None', 'None', 'TransactionConflict'])
      expect(await call('put', 'conflict')).toMatchObject({ ok: false, name: 'TransactionConflictException' })
      expect(await call('get', 'conflict')).toMatchObject({ ok: true, item: null })
    })
    for (const at of [1, 2, 3]) expect(await call('get', `conflict${at}`)).toMatchObject({ item: null })
  })

  it('throttle any request, transactions in both ways AWS has', async () => {
    await within({ seed: 1, throttleRate: 1 }, async () => {
      const names = new Set<string | undefined>()
      for (let turn = 0; turn < 40; turn += 1) {
        const answer = await call('transact', 'throttled')
        expect(answer.ok).toBe(false)
        names.add(answer.name)
        for (const reason of answer.reasons ?? []) names.add(reason.Code)
      }
      expect([...names].filter((name) => name !== 'None').sort()).toEqual([
        'ProvisionedThroughputExceeded',
        'ProvisionedThroughputExceededException',
        'ThrottlingError',
        'ThrottlingException',
        'TransactionCanceledException',
      ])
      expect((await call('get', 'throttled')).ok).toBe(false)
    })
  })

  it('lose the answer of a write that the engine has carried out', async () => {
    await within({ seed: 1, timeoutAfterCommitRate: 1 }, async () => {
      expect(await call('put', 'lost')).toMatchObject({ ok: false, code: 'ECONNRESET' })
      expect(await call('transact', 'lost')).toMatchObject({ ok: false, code: 'ECONNRESET' })
    })
    expect(await call('get', 'lost')).toMatchObject({ ok: true, item: { PK: { S: 'lost' } } })
    for (const at of [1, 2, 3])
      expect(await call('get', `lost${at}`)).toMatchObject({ item: { PK: { S: `lost${at}` } } })
  })

  it('keep to their rate and to the functions they name', async () => {
    await within({ seed: 5, conflictRate: 0.3, functions: ['Caller'] }, async () => {
      let failed = 0
      for (let turn = 0; turn < 200; turn += 1) if (!(await call('put', 'rate')).ok) failed += 1
      expect(failed).toBeGreaterThan(35)
      expect(failed).toBeLessThan(85)
      for (let turn = 0; turn < 20; turn += 1) expect((await call('put', 'rate', 'Spared')).ok).toBe(true)
    })
    expect(host.stats().functions.find((each) => each.name === 'Caller')?.injected.conflicts).toBeGreaterThan(35)
  })

  it('come in the same order for the same seed', () => {
    const run = (seed: number) => {
      const source = faultsOf({ seed, conflictRate: 0.2, throttleRate: 0.2, timeoutAfterCommitRate: 0.2 }, ['Caller'])
      return Array.from({ length: 100 }, () => source?.draw('TransactWriteItems') ?? '-').join(' ')
    }
    expect(run(11)).toBe(run(11))
    expect(run(11)).not.toBe(run(12))
    for (const fault of ['conflict', 'throttle', 'timeout-after-commit', '-']) expect(run(11)).toContain(fault)
  })
})
