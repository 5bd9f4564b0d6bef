import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { handler as groupBuys } from '#functions/group-buys/index.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { handler as places } from '#functions/places/index.ts'
import { query, queryAll, type QueryOptions } from '#functions/platform/table/table.ts'
import { listListings } from '#shared/contracts/catalogue.ts'
import { listCoopGroupBuys, listGroupBuys } from '#shared/contracts/group-buys.ts'
import { listCompoundShares, listMyOrders } from '#shared/contracts/orders.ts'
import { listParkedMoney } from '#shared/contracts/payments.ts'
import { claimHousehold, listHouseholdMembers, PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import type { Route } from '#shared/contracts/route.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { importDistrict } from '../fixtures/district.ts'

/**
 * Goal: a page's cursor tells nobody who is on the list, walks it without loss while it changes, and one that somebody made
 * up is an invalid request whatever it says.
 */
let backend: Backend
const SUBJECTS = ['li-lei', 'han-meimei', 'wang-fang', 'zhao-min', 'qian-yi']

beforeAll(async () => {
  backend = await startBackend()
  await importDistrict(backend)
  for (const [at, as] of SUBJECTS.entries()) {
    const room = { compoundId: 'south-1', building: '1', unit: '1', room: `10${at}` }
    const answer = await call(places, claimHousehold, { body: { ...room, consentVersion: PRIVACY_NOTICE_VERSION }, as })
    expect(answer.status).toBe(200)
  }
  for (let n = 0; n < 7; n++) await put(n)
})
afterAll(() => backend.stop())

const LIST = 'GB#cursors'
const nth = (n: number) => `row-${String(n).padStart(2, '0')}`
/** Rows that lie in the table and, the other way round, in an index. */
const put = (n: number) =>
  backend.put('market', { PK: LIST, SK: `ROW#${nth(n)}`, GSI1PK: 'GB#CURSORS', GSI1SK: `x#${nth(99 - n)}`, n })
const row = z.object({ n: z.int() })

const plain: Omit<QueryOptions, 'limit'> = { pk: LIST }
const lists: [string, Omit<QueryOptions, 'limit'>, number[]][] = [
  ['a whole partition', plain, [0, 1, 2, 3, 4, 5, 6]],
  ['by prefix', { pk: LIST, prefix: 'ROW#' }, [0, 1, 2, 3, 4, 5, 6]],
  ['a range', { pk: LIST, between: ['ROW#row-01', 'ROW#row-05'] }, [1, 2, 3, 4, 5]],
  ['newest first', { pk: LIST, newestFirst: true }, [6, 5, 4, 3, 2, 1, 0]],
  ['a range, newest first', { pk: LIST, between: ['ROW#row-01', 'ROW#row-05'], newestFirst: true }, [5, 4, 3, 2, 1]],
  ['by prefix, newest first', { pk: LIST, prefix: 'ROW#', newestFirst: true }, [6, 5, 4, 3, 2, 1, 0]],
  ['an index', { pk: 'GB#CURSORS', index: 'GSI1' }, [6, 5, 4, 3, 2, 1, 0]],
  ['an index, newest first', { pk: 'GB#CURSORS', index: 'GSI1', newestFirst: true }, [0, 1, 2, 3, 4, 5, 6]],
]

describe('walking a list', () => {
  const walk = async (options: Omit<QueryOptions, 'limit'>, limit: number, between: () => Promise<unknown>) => {
    const seen: number[][] = []
    let cursor: string | undefined
    do {
      const page = await query(row, { ...options, limit, cursor })
      seen.push(page.items.map((item) => item.n))
      expect(seen.length).toBeLessThan(20)
      cursor = page.nextCursor
      if (cursor !== undefined) await between()
    } while (cursor !== undefined)
    return seen
  }

  it.each(lists)('finds each item once, and never more than a page holds: %s', async (_name, options, expected) => {
    for (const limit of [1, 2, 3, 7, 100]) {
      const pages = await walk(options, limit, () => Promise.resolve())
      expect(pages.flat()).toEqual(expected)
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit)
    }
  })

  it('goes on where it was when the item it stood on is gone', async () => {
    let gone = false
    const pages = await walk(plain, 3, async () => {
      if (gone) return
      gone = true
      const Key = marshall({ PK: LIST, SK: `ROW#${nth(2)}` })
      await backend.client.send(new DeleteItemCommand({ TableName: 'market', Key }))
    })
    await put(2)
    expect(pages.filter((page) => page.length > 0)).toEqual([[0, 1, 2], [3, 4, 5], [6]])
  })
})

type Asked = {
  route: Route
  handler: unknown
  as?: string
  params?: Record<string, string>
  query?: Record<string, string>
}
const routes: [string, Asked][] = (
  [
    { route: listHouseholdMembers, handler: places, as: 'worker-south', params: { compoundId: 'south-1' } },
    {
      route: listHouseholdMembers,
      handler: places,
      as: 'worker-south',
      params: { compoundId: 'south-1' },
      query: { state: 'claimed' },
    },
    { route: listMyOrders, handler: orders, as: 'li-lei' },
    {
      route: listCompoundShares,
      handler: orders,
      as: 'worker-south',
      params: { compoundId: 'south-1', groupBuyId: 'gb-1' },
    },
    { route: listCoopGroupBuys, handler: groupBuys, as: 'coop-a', params: { coopId: 'coop-a' } },
    { route: listListings, handler: catalogue, as: 'coop-a', params: { coopId: 'coop-a' } },
    { route: listGroupBuys, handler: groupBuys, query: { compoundId: 'south-1' } },
    { route: listParkedMoney, handler: payments, as: 'admin' },
  ] as const satisfies readonly Asked[]
).map((asked) => [`${asked.route.name} ${JSON.stringify('query' in asked ? asked.query : {})}`, asked])

const page = async ({ route, handler, ...asked }: Asked, cursor: string) =>
  call(handler, route, { ...asked, query: { ...asked.query, limit: '2', cursor } })

describe('a cursor', () => {
  it('of the people of a compound shows no person, however it is looked at', async () => {
    const asked = routes[0]?.[1] as Asked
    const first = await call(asked.handler, asked.route, { ...asked, query: { limit: '2' } })
    const { nextCursor } = first.body as { nextCursor: string }
    const looks = [
      nextCursor,
      Buffer.from(nextCursor, 'base64url').toString(),
      Buffer.from(nextCursor, 'hex').toString(),
    ]
    for (const text of looks) {
      for (const told of [...SUBJECTS, ISSUER, 'issuer', 'PERSON', '|']) expect(text).not.toContain(told)
    }
    const rest = await page(asked, nextCursor)
    expect((rest.body as { items: unknown[] }).items).toHaveLength(2)
  })

  it('of one filter is not a cursor of another', async () => {
    const [all, claimed] = [routes[0]?.[1] as Asked, routes[1]?.[1] as Asked]
    const answer = await call(claimed.handler, claimed.route, { ...claimed, query: { state: 'claimed', limit: '2' } })
    const { nextCursor } = answer.body as { nextCursor: string }
    expect((await page(claimed, nextCursor)).status).toBe(200)
    for (const other of [all, { ...all, query: { state: 'verified' } }]) {
      expect(await page(other, nextCursor)).toMatchObject({
        status: 400,
        body: { fields: { cursor: expect.any(String) } },
      })
    }
  })

  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const made: [string, string][] = [
    ['nothing', ''],
    ['a word', 'nobody'],
    ['signs that no cursor has', '%%%'],
    ['JSON', encoded({})],
    ['null', encoded(null)],
    ['a key of another shape', encoded(['PLACE#COMPOUND-MEMBERS#south-1', { PK: 'a', SK: 'b' }])],
    ['a key with too much', encoded(['CATALOGUE#coop-a', { PK: 'CATALOGUE#coop-a', SK: 'LISTING#x', more: '' }])],
    ['a key with empty parts', encoded(['CATALOGUE#coop-a', { PK: '', SK: '' }])],
    ['a key with a number', encoded(['CATALOGUE#coop-a', { PK: 'CATALOGUE#coop-a', SK: 5 }])],
    ['a position without its list', Buffer.from('0000000000000000LISTING#x').toString('base64url')],
  ]
  it.each(made.flatMap(([what, cursor]) => routes.map(([name, asked]) => [name, what, asked, cursor] as const)))(
    '%s: that is made of %s is refused',
    async (_name, _what, asked, cursor) => {
      expect(await page(asked, cursor)).toMatchObject({ status: 400, body: { fields: { cursor: expect.any(String) } } })
    },
  )

  it.each([
    ['nothing', false, ''],
    ['a place after the end', false, 'S'],
    ['a place before the beginning, newest first', true, 'A'],
    ['a control character', false, 'ROW#\u0000'],
    ['far too much', false, `ROW#${'x'.repeat(2_000)}`],
  ])('with the mark of the right list and, for a position, %s is refused too', async (_what, newestFirst, position) => {
    const options = { pk: LIST, prefix: 'ROW#', limit: 2, newestFirst } as const
    const { nextCursor = '' } = await query(row, options)
    const mark = Buffer.from(nextCursor, 'base64url').toString().split('ROW#')[0] ?? ''
    const cursor = Buffer.from(`${mark}${position}`).toString('base64url')
    await expect(query(row, { ...options, cursor })).rejects.toMatchObject({
      name: 'Invalid',
      fields: { cursor: expect.any(String) },
    })
  })
})

describe('a partition that outgrows its limit', () => {
  it('is named by its context, never by the person it belongs to', async () => {
    const pk = `PLACE#PERSON#${ISSUER}|secret-subject`
    for (const SK of ['A', 'B']) await backend.put('market', { PK: pk, SK, n: 1 })
    const failure = await queryAll(row, { pk, max: 1 }).catch((error: unknown) => error)
    expect(String(failure)).toContain('PLACE')
    expect(String(failure)).not.toMatch(/secret-subject|issuer|PERSON/)
  })
})
