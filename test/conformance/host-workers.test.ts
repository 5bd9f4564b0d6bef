import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../cdk/local/host.ts'
import { FunctionFailed } from '../../cdk/local/function-worker.ts'
import { eventually, SystemUnderTest } from './host-system.ts'

const WORKER = `
let running = 0
let most = 0
globalThis.mark = globalThis.mark ?? process.env.AWS_LAMBDA_FUNCTION_NAME
export const handler = async (event, context) => {
  switch (event.do) {
    case 'wait': {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, event.ms))
      running -= 1
      return { id: event.id, requestId: context.awsRequestId, most }
    }
    case 'context': return { ...context, left: context.getRemainingTimeInMillis(), function: typeof context.getRemainingTimeInMillis }
    case 'env': return process.env
    case 'set-env': process.env.LEAK = 'yes'; return globalThis.mark
    case 'log': console.log(JSON.stringify({ level: 'INFO', message: 'order placed' })); return null
    case 'throw': throw Object.assign(new TypeError('broken'), { extra: 1 })
    case 'throw-text': throw 'just text'
    case 'loop': for (;;);
    case 'exit': process.exit(1)
    case 'memory': { const kept = []; for (;;) kept.push(new Array(100000).fill({})) }
    case 'date': return { at: new Date(0), none: undefined, nan: NaN }
  }
}`

describe('functions in their workers', () => {
  let system: SystemUnderTest
  let host: Host
  beforeAll(async () => {
    system = new SystemUnderTest('workers')
    const Environment = { Variables: { FROM_TEMPLATE: 'template', BOTH: 'template' } }
    system
      .fn('One', WORKER, [], { FunctionName: 'shop-one', MemorySize: 256, Timeout: 7, Environment })
      .fn('Two', WORKER)
    system
      .fn('Cold', WORKER, [], { Timeout: 1 })
      .fn('Hasty', WORKER, [], { Timeout: 1 })
      .fn('Small', WORKER, [], { MemorySize: 128, Timeout: 20 })
    system.fn('Heavy', `await new Promise((resolve) => setTimeout(resolve, 1500))\n${WORKER}`, [], { Timeout: 1 })
    system
      .fn('Broken', `throw new Error('cannot load')`)
      .fn('Empty', 'export const other = 1')
      .fn('Idle', WORKER, [], { Timeout: 1 })
    host = await system.start({ environment: { BOTH: 'given', GIVEN: 'yes' } })
  })
  afterAll(() => system.dispose())

  const failure = (name: string, event: unknown) =>
    host.invoke(name, event).then(
      () => undefined,
      (error: unknown) => (error instanceof FunctionFailed ? error.detail : undefined),
    )

  it('start with their first invocation', async () => {
    expect(host.stats().functions.find((each) => each.name === 'Idle')?.started).toBe(false)
  })

  it('take many requests at a time, each with its own answer', async () => {
    const began = Date.now()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_none, id) => host.invoke('One', { do: 'wait', id, ms: id % 2 === 0 ? 200 : 50 })),
    )
    expect(Date.now() - began).toBeLessThan(2_000)
    const seen = answers as { id: number; requestId: string; most: number }[]
    expect(seen.map((answer) => answer.id)).toEqual(Array.from({ length: 50 }, (_none, id) => id))
    expect(new Set(seen.map((answer) => answer.requestId)).size).toBe(50)
    expect(Math.max(...seen.map((answer) => answer.most))).toBeGreaterThan(40)
  })

  it('take so many at once and no more; the rest waits, and its time runs from its turn on', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_none, id) => host.invoke('Idle', { do: 'wait', id, ms: 600 })),
    )
    const most = Math.max(...(answers as { most: number }[]).map((answer) => answer.most))
    expect(most).toBeGreaterThan(50)
    expect(most).toBeLessThanOrEqual(64)
  })

  it('see a Lambda context', async () => {
    expect(await host.invoke('One', { do: 'context' })).toMatchObject({
      functionName: 'shop-one',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-one',
      memoryLimitInMB: '256',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      logGroupName: '/aws/lambda/shop-one',
      function: 'function',
    })
    const { left } = (await host.invoke('One', { do: 'context' })) as { left: number }
    expect(left).toBeGreaterThan(5_000)
    expect(left).toBeLessThanOrEqual(7_000)
  })

  it('are found by logical id, name and ARN', async () => {
    for (const name of ['One', 'shop-one', 'arn:aws:lambda:us-east-1:000000000000:function:shop-one']) {
      expect(await host.invoke(name, { do: 'context' })).toMatchObject({ functionName: 'shop-one' })
    }
    await expect(host.invoke('Nobody', {})).rejects.toThrow('no function Nobody')
  })

  it('have an environment of their own; what is given wins over the template', async () => {
    expect(await host.invoke('One', { do: 'env' })).toMatchObject({
      FROM_TEMPLATE: 'template',
      BOTH: 'given',
      GIVEN: 'yes',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'LOCALOne',
      AWS_LAMBDA_FUNCTION_NAME: 'shop-one',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      DYNAMODB_ENDPOINT: expect.stringMatching(/^http:\/\/127/),
    })
    expect(await host.invoke('Two', { do: 'env' })).not.toHaveProperty('HOME')
    expect(await host.invoke('One', { do: 'set-env' })).toBe('shop-one')
    expect(await host.invoke('Two', { do: 'set-env' })).toBe('Two')
    expect(process.env['LEAK']).toBeUndefined()
  })

  it('answer in JSON, as on Lambda', async () => {
    expect(await host.invoke('One', { do: 'date' })).toEqual({ at: '1970-01-01T00:00:00.000Z', nan: null })
  })

  it('write their logs into a file of their own', async () => {
    await host.invoke('Two', { do: 'log' })
    const file = join(system.dataDir, 'logs', 'Two.log')
    await eventually(() => readFileSync(file, 'utf8').includes('{"level":"INFO","message":"order placed"}\n'))
  })

  it('fail with the error they threw, and go on', async () => {
    expect(await failure('One', { do: 'throw' })).toMatchObject({ errorType: 'TypeError', errorMessage: 'broken' })
    expect(await failure('One', { do: 'throw-text' })).toMatchObject({ errorMessage: 'just text' })
    expect(await host.invoke('One', { do: 'wait', id: 1, ms: 1 })).toMatchObject({ id: 1 })
  })

  it('fail when they do not load, each time anew', async () => {
    expect(await failure('Broken', {})).toMatchObject({ errorMessage: 'cannot load' })
    expect(await failure('Broken', {})).toMatchObject({ errorMessage: 'cannot load' })
    expect((await failure('Empty', {}))?.errorMessage).toContain('exports no function handler')
  })

  it('are cut at their time-out; others in the same worker go on', async () => {
    await host.invoke('Hasty', { do: 'wait', id: 0, ms: 1 })
    const other = host.invoke('Hasty', { do: 'wait', id: 2, ms: 700 })
    const began = Date.now()
    expect(await failure('Hasty', { do: 'wait', id: 1, ms: 60_000 })).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Task timed out after 1.00 seconds',
    })
    expect(Date.now() - began).toBeLessThan(1_800)
    expect(await other).toMatchObject({ id: 2 })
  })

  it('are cut at their time-out in their first invocation as well', async () => {
    expect(await failure('Cold', { do: 'wait', id: 1, ms: 5_000 })).toMatchObject({ errorType: 'Sandbox.Timedout' })
  })

  it('are given the time their bundle takes to load', async () => {
    expect(await host.invoke('Heavy', { do: 'wait', id: 1, ms: 1 })).toMatchObject({ id: 1 })
  })

  it('are started anew when stuck in a loop, gone or out of memory', async () => {
    expect(await failure('Hasty', { do: 'loop' })).toMatchObject({ errorType: 'Sandbox.Timedout' })
    await eventually(() => system.logs.some((line) => line.includes('Hasty is stuck in a loop')))
    expect(await host.invoke('Hasty', { do: 'wait', id: 3, ms: 1 })).toMatchObject({ id: 3 })
    expect(await failure('Two', { do: 'exit' })).toMatchObject({ errorType: 'Runtime.ExitError' })
    expect(await host.invoke('Two', { do: 'wait', id: 4, ms: 1 })).toMatchObject({ id: 4 })
    expect(await failure('Small', { do: 'memory' })).toMatchObject({ errorType: 'Runtime.ExitError' })
    expect(await host.invoke('Small', { do: 'wait', id: 5, ms: 1 })).toMatchObject({ id: 5 })
  })

  const refusals: [string, Record<string, unknown>][] = [
    ['runtime python3.13', { Runtime: 'python3.13' }],
    ['layer arn:aws:lambda:us-east-1:1:layer:other:1', { Layers: ['arn:aws:lambda:us-east-1:1:layer:other:1'] }],
    ['handler main.run has no file', { Handler: 'main.run' }],
    ['property VpcConfig', { VpcConfig: {} }],
  ]
  it.each(refusals)('refuse %s', async (text, properties) => {
    const other = new SystemUnderTest('refused').fn('F', WORKER, [], properties)
    await expect(other.start()).rejects.toThrow(text)
    await other.dispose()
  })

  it('must be open to those who call them', async () => {
    const other = new SystemUnderTest('closed').api().fn('F', WORKER).route('GET /', 'F')
    const permission = Object.keys(other.resources).find((id) => id.endsWith('Permission')) ?? ''
    delete other.resources[permission]
    await expect(other.start()).rejects.toThrow('lets apigateway.amazonaws.com invoke it')
    await other.dispose()
  })
})

describe('tables', () => {
  it('are made once, keep their items, and refuse another key schema', async () => {
    const system = new SystemUnderTest('tables').table('Market')
    try {
      await system.start()
      await system.put('Market', 'kept', 'x')
      await system.stopHost()
      const indexed = { ...system.resources['Market']?.Properties }
      const index = {
        IndexName: 'bySort',
        KeySchema: [{ AttributeName: 'SK', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      }
      system.table('Market', { ...indexed, GlobalSecondaryIndexes: [index] })
      await system.start()
      const found = await system.call('dynamodb', 'Query', {
        TableName: 'market-table',
        IndexName: 'bySort',
        KeyConditionExpression: 'SK = :s',
        ExpressionAttributeValues: { ':s': { S: 'x' } },
      })
      expect(found['Count']).toBe(1)
      await system.stopHost()
      system.table('Market', { KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }] })
      await expect(system.start()).rejects.toThrow('another key schema')
    } finally {
      await system.dispose()
    }
  })
})
