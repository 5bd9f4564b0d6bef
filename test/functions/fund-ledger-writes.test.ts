import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { publishRoots } from '#functions/fund/publish-roots.ts'
import { reconcileFund } from '#functions/fund/reconcile-fund.ts'
import { dynamo, type TableRequest } from '#functions/platform/table/client.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { startBackend, type Backend } from '../fixtures/backend.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { writesOf } from '../fixtures/writes.ts'
import { deliver, record } from './fund-table.ts'

const FUND = 'c-writes'
let backend: Backend
const requests: TableRequest[] = []

const at = (events: readonly SaleEvent[]): SaleEvent[] => events.map((event) => ({ ...event, compoundId: FUND }))

/** Everything the fund ever does to the ledger: days that pass, reversals, settlements, the sweep, a seal, a root. */
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  backend = await startBackend()
  const client = dynamo() as unknown as { send: (request: TableRequest) => Promise<unknown> }
  const real = client.send.bind(client)
  client.send = (request) => {
    requests.push(request)
    return real(request)
  }
  vi.setSystemTime('2026-11-23T05:00:00.000Z')
  const first = at([sale('s1', 10_000), sale('s2', 5_000), reversal('r1', 's1', 100)])
  await record(backend, [...first, ...at([settlement('s1'), reversal('r2', 's2', 50)])])
  await deliver(onSale, first)
  vi.setSystemTime('2026-11-27T05:00:00.000Z')
  await deliver(onSale, at([settlement('s1')]))
  await reconcileFund(FUND, '2026-11-27T05:00:00.000Z', { whole: true, hasTime: () => true })
  for (let twice = 0; twice < 2; twice += 1) await publishRoots('2026-11-27T05:00:00.000Z', () => true)
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const writes = () => requests.flatMap(writesOf)

describe('the ledger', () => {
  it('knows these requests and no others, and nothing in it is ever deleted', () => {
    const kinds = new Set(requests.map((request) => request.operation))
    expect([...kinds].sort()).toEqual([
      'BatchGetItem',
      'GetItem',
      'PutItem',
      'Query',
      'TransactWriteItems',
      'UpdateItem',
    ])
    expect(writes().filter((write) => write.Delete !== undefined)).toEqual([])
  })

  it('puts an item only where there is none', () => {
    const puts = writes().flatMap((write) => write.Put ?? [])
    const entities = new Set(puts.map((put) => unmarshall(put.Item ?? {})['entity']))
    expect([...entities].sort()).toEqual([
      'closedDay',
      'dayRoot',
      'entry',
      'fundHead',
      'postedReversal',
      'postedSale',
      'rootPart',
      'seal',
    ])
    for (const put of puts) expect(put.ConditionExpression).toBe('attribute_not_exists(PK)')
  })

  it('updates only heads, the markers of sales and the sweep’s bookmark, each from the state that was read', () => {
    const updates = writes().flatMap((write) => write.Update ?? [])
    const conditions = new Map<string, Set<string | undefined>>()
    for (const update of updates) {
      const { PK, SK } = unmarshall(update.Key ?? {}) as { PK: string; SK: string }
      const what = SK === 'MARKER' ? PK.slice(ledgerKeys.marker(FUND, '').PK.length).split(':')[0] : SK
      conditions.set(what ?? '', (conditions.get(what ?? '') ?? new Set()).add(update.ConditionExpression))
    }
    expect(Object.fromEntries([...conditions].map(([what, all]) => [what, [...all]]))).toEqual({
      HEAD: ['#seq = :readSeq AND #hash = :readHash'],
      sale: ['reversedFen = :readReversedFen AND settled = :readSettled'],
      CHECK: ['attribute_not_exists(PK) OR sealedThrough <= :sealedThrough'],
    })
  })

  it('never holds a household, an order, a person or free text', async () => {
    const stored = JSON.stringify(await backend.scan('ledger'))
    for (const word of ['household', 'order', 'person', 'phone', 'note', 'reason', 'communityId']) {
      expect(stored).not.toContain(word)
    }
  })

  it('is written by one module', () => {
    const folder = join(import.meta.dirname, '../../functions')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const text = (name: string) => readFileSync(join(folder, name), 'utf8')
    const writing = files.filter((name) => text(name).includes('LEDGER_TABLE') && /\btransact\b/.test(text(name)))
    expect(writing.sort()).toEqual(['platform/table/ledger.ts', 'platform/table/table.ts'])
    // The table module alone speaks to the service, so nobody can write past it.
    const speaking = files.filter((name) =>
      /operation: '(Put|Update|Delete|BatchWrite|TransactWrite)Items?'|json-service/.test(text(name)),
    )
    expect(speaking.filter((name) => text(name).includes('LEDGER_TABLE'))).toEqual(['platform/table/table.ts'])
  })
})

describe('keys of the ledger', () => {
  it('keep each access pattern in its own range, in order (L1–L8)', () => {
    expect(ledgerKeys.head('f')).toEqual({ PK: 'FUND#f', SK: 'HEAD' })
    expect(ledgerKeys.entry('f', 7).SK).toBe('E#000000000007')
    expect(ledgerKeys.entry('f', 9).SK < ledgerKeys.entry('f', 10).SK).toBe(true)
    expect(ledgerKeys.entry('f', 999_999_999_999).SK < ledgerKeys.head('f').SK).toBe(true)
    expect(ledgerKeys.closedDay('f', '2026-11-23')).toEqual({ PK: 'FUND#f', SK: 'DAY#2026-11-23' })
    expect(ledgerKeys.seal('f', '2026-11-23')).toEqual({ PK: 'FUND#f', SK: 'SEAL#2026-11-23' })
    expect(ledgerKeys.check('f')).toEqual({ PK: 'FUND#f', SK: 'CHECK' })
    expect(ledgerKeys.dayRoot('2026-11-23')).toEqual({ PK: 'ROOTS', SK: 'DAY#2026-11-23' })
    expect(ledgerKeys.rootPart('2026-11-23', 2)).toEqual({ PK: 'ROOTS#2026-11-23', SK: 'PART#0002' })
    // An id holds no `#`, so a marker's partition is never another fund's.
    expect(ledgerKeys.marker('f', 'sale:s1')).toEqual({ PK: 'FUND#f#M#sale:s1', SK: 'MARKER' })
  })
})
