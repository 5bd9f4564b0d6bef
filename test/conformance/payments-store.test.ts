import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decode, encode } from '../../cdk/local/payments/codec.ts'
import { parseForm } from '../../cdk/local/payments/form.ts'
import { Store } from '../../cdk/local/payments/store.ts'
import { order, paidSession, startHarness } from './payments-harness.ts'

let dataDir: string
let store: Store
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'payments-store-'))
  store = new Store(dataDir)
})
afterEach(async () => {
  store.close()
  await rm(dataDir, { recursive: true, force: true })
})

/** What another process would find in the file now. */
function inFile(): string[] {
  const other = new DatabaseSync(join(dataDir, 'payments.sqlite'), { readOnly: true })
  const rows = other.prepare('select name from settings order by name').all()
  other.close()
  return rows.map((row) => String(row.name))
}
const save = (name: string) => () => store.saveSetting(name, 'x')
const saveAndFail = (name: string) => () => {
  store.saveSetting(name, 'x')
  store.afterCommit(() => told.push(name))
  throw new Error('refused')
}
let told: string[] = []
beforeEach(() => {
  told = []
})

describe('payment sandbox: storage', () => {
  it('commits what one turn writes together, and says when it is in the file', async () => {
    store.write(save('a'))
    store.write(save('b'))
    store.afterCommit(() => told.push('both'))
    expect([inFile(), told]).toEqual([[], []])
    await store.durable()
    expect([inFile(), told]).toEqual([['a', 'b'], ['both']])
  })

  it('undoes a work that fails, and nothing of the others in its turn', async () => {
    expect(() => store.write(saveAndFail('first'))).toThrow('refused')
    store.write(save('a'))
    expect(() => store.write(saveAndFail('second'))).toThrow('refused')
    store.write(save('b'))
    expect(() => store.write(() => store.write(saveAndFail('inner')))).toThrow('refused')
    await store.durable()
    expect([inFile(), told]).toEqual([['a', 'b'], []])
  })

  it('leaves nothing behind when the only work of a turn fails', async () => {
    expect(() => store.write(saveAndFail('only'))).toThrow('refused')
    await store.durable()
    store.write(save('next'))
    await store.durable()
    expect([inFile(), told]).toEqual([['next'], []])
  })

  it('writes what is open when it is closed', () => {
    store.write(save('last'))
    store.close()
    expect(inFile()).toEqual(['last'])
    store = new Store(dataDir)
  })

  it('stores documents without what they always hold, and gives them back whole', async () => {
    const harness = await startHarness()
    const { session, intentId } = await paidSession(harness)
    const intent = await harness.stripe.paymentIntents.retrieve(intentId)
    const [event] = (await harness.stripe.events.list()).data
    if (!event) throw new Error('no event')
    for (const [kind, doc] of [
      ['checkout.session', session],
      ['payment_intent', intent],
      ['event', event],
    ] as const) {
      const text = encode(kind, doc)
      expect(decode(kind, text)).toEqual({ ...doc })
      expect(text.length).toBeLessThan(JSON.stringify(doc).length * 0.75)
    }
    await harness.close()
  })

  it('keeps refused and accepted calls apart when they come at once', async () => {
    const harness = await startHarness()
    const calls = Array.from({ length: 40 }, (_, n) =>
      harness.stripe.checkout.sessions.create(order(n % 2 === 0 ? {} : { line_items: [] })),
    )
    const results = await Promise.allSettled(calls)
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(20)
    expect((await harness.stripe.checkout.sessions.list({ limit: 100 })).data).toHaveLength(20)
    await harness.close()
  })
})

describe('payment sandbox: forms', () => {
  it('decodes nested and listed names as the SDK writes them', () => {
    expect(JSON.parse(JSON.stringify(parseForm('a[b][0][c]=1&a[b][1][c]=2&d=%E8%A5%BF+x&e[]=1&e[]=2')))).toEqual({
      a: { b: { 0: { c: '1' }, 1: { c: '2' } } },
      d: '西 x',
      e: { 0: '1', 1: '2' },
    })
  })

  it.each([
    'a[b',
    'a]b',
    '[a]=1',
    'a[b]c=1',
    'a=1&a[b]=1',
    `a${'[b]'.repeat(9)}=1`,
    Array.from({ length: 2001 }, (_, n) => `k${n}=1`).join('&'),
  ])('refuses what is no form (%#)', (text) => {
    expect(() => parseForm(text)).toThrow()
  })
})
