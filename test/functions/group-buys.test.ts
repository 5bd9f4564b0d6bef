import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { handler as groupBuys } from '#functions/group-buys/index.ts'
import { saveListing } from '#shared/contracts/catalogue.ts'
import {
  getGroupBuy,
  type GroupBuyView,
  listCoopGroupBuys,
  listGroupBuys,
  listPairedCompounds,
  openGroupBuy,
} from '#shared/contracts/group-buys.ts'
import { HOUR_MS, instant, plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'
import { districtRows, importDistrict, importRows, pairing, pickUpPoint } from '../fixtures/district.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
  await importDistrict(backend)
  for (const coop of ['a', 'b', 'c']) {
    for (const name of ['tomato', 'leaf', 'pear']) await addListing(`coop-${coop}`, `${coop}-${name}`, { name })
  }
  await addListing('coop-a', 'a-paused', { state: 'paused' })
  await importRows([pickUpPoint('north-2')])
})
afterAll(() => backend.stop())
afterEach(() => vi.restoreAllMocks())

async function addListing(coopId: string, listingId: string, more: Record<string, unknown> = {}): Promise<void> {
  const body = {
    version: 0,
    name: '番茄',
    category: 'solanaceous',
    picture: 'tomato',
    saleUnit: { by: 'weight', portionGrams: 1500 },
    priceFen: 599,
    temperatureZone: 'ambient',
    state: 'active',
    ...more,
  }
  const answer = await call(catalogue, saveListing, { params: { coopId, listingId }, body, as: coopId })
  expect(answer.status).toBe(200)
}

const hours = (count: number) => instant(Date.now() + count * HOUR_MS)

function body(more: Record<string, unknown> = {}) {
  return {
    coopId: 'coop-a',
    title: '本周鲜货',
    compoundIds: ['north-1', 'south-1'],
    opensAt: hours(-1),
    closesAt: hours(48),
    pickUpStartsAt: hours(72),
    pickUpEndsAt: hours(75),
    offers: [
      { offerId: 'o-tomato', listingId: 'a-tomato', priceFen: 599, stock: 100, perHouseholdLimit: 5 },
      { offerId: 'o-leaf', listingId: 'a-leaf', priceFen: 250, stock: 41, perHouseholdLimit: 8, buckets: 3 },
    ],
    ...more,
  }
}

const freshId = () => `gb-${randomUUID()}`
const open = (groupBuyId: string, sent: unknown, as = 'coop-a') =>
  call(groupBuys, openGroupBuy, { params: { groupBuyId }, body: sent, as })
const shop = async (compoundId: string, query: Record<string, string> = {}) => {
  // A page size keeps the answer out of the cache.
  const answer = await call(groupBuys, listGroupBuys, { query: { compoundId, limit: '50', ...query } })
  return answer.body as { items: (GroupBuyView & { offers?: unknown })[] }
}
const partition = async (groupBuyId: string) =>
  (await backend.scan('market')).filter((item) => item.PK === `GB#${groupBuyId}`)

describe('opening a group buy', () => {
  it('shows it, with unit prices and what is left, to the compounds it was opened for and to no other', async () => {
    const groupBuyId = freshId()
    const opened = await open(groupBuyId, body())
    expect(opened.status).toBe(200)
    expect(opened.body).toMatchObject({
      groupBuyId,
      state: 'open',
      coopName: 'village-a 合作社',
      villageId: 'village-a',
      offerCount: 2,
      offers: [
        { offerId: 'o-tomato', priceFen: 599, perJinFen: 200, perKgFen: 399, stock: 100, left: 100 },
        { offerId: 'o-leaf', stock: 41, left: 41 },
      ],
    })
    expect((await call(groupBuys, getGroupBuy, { params: { groupBuyId } })).body).toEqual(opened.body)
    const north = (await shop('north-1', { with: 'offers' })).items.find((item) => item.groupBuyId === groupBuyId)
    expect(north?.offers).toEqual((opened.body as GroupBuyView).offers)
    const plain = (await shop('north-1')).items.find((item) => item.groupBuyId === groupBuyId)
    expect(plain).toBeDefined()
    expect(plain).not.toHaveProperty('offers')
    expect((await shop('south-1')).items.map((item) => item.groupBuyId)).toContain(groupBuyId)
    expect((await shop('north-2')).items.map((item) => item.groupBuyId)).not.toContain(groupBuyId)
  })

  it('sells by the real weight what the listing sells so, also when the listing is changed later', async () => {
    const saleUnit = { by: 'weight', portionGrams: 2500, weighed: true }
    await addListing('coop-a', 'a-melon', { saleUnit })
    const groupBuyId = freshId()
    const offers = [{ offerId: 'o', listingId: 'a-melon', priceFen: 1000, stock: 5, perHouseholdLimit: 1 }]
    expect(await open(groupBuyId, body({ offers }))).toMatchObject({ status: 200, body: { offers: [{ saleUnit }] } })
    await addListing('coop-a', 'a-melon', { version: 1, saleUnit: { by: 'weight', portionGrams: 2500 } })
    const now = await call(groupBuys, getGroupBuy, { params: { groupBuyId } })
    expect(now.body).toMatchObject({ offers: [{ saleUnit, perJinFen: 200 }] })
  })

  it('keeps what was told of the origin when it opened: a later edit is for the next group buy', async () => {
    const facts = { provenance: '村东头大棚', harvest: '每天清晨', certificate: 'HG-2026-001' }
    await addListing('coop-a', 'a-fact', facts)
    const offers = [{ offerId: 'o', listingId: 'a-fact', priceFen: 1000, stock: 5, perHouseholdLimit: 1 }]
    const [first, next] = [freshId(), freshId()]
    expect(await open(first, body({ offers }))).toMatchObject({ status: 200, body: { offers: [facts] } })
    await addListing('coop-a', 'a-fact', { version: 1, provenance: '别处收来的' })
    const told = async (groupBuyId: string) => {
      const answer = await call(groupBuys, getGroupBuy, { params: { groupBuyId } })
      return (answer.body as GroupBuyView).offers[0]
    }
    expect(await told(first)).toMatchObject(facts)
    await open(next, body({ offers }))
    expect(await told(next)).toMatchObject({ provenance: '别处收来的' })
    expect(await told(next)).not.toHaveProperty('certificate')
  })

  it('tells the seller’s licence as it was when the group buy opened', async () => {
    const coop = districtRows.find((row) => row.kind === 'coop' && row.coopId === 'coop-a')
    const before = freshId()
    await open(before, body())
    const licensed = { ...coop, licence: '示例：自产自销，免于登记' }
    expect(await importRows([licensed])).toMatchObject([{ outcome: 'updated' }])
    const after = freshId()
    await open(after, body())
    const seen = async (groupBuyId: string) =>
      (await call(groupBuys, getGroupBuy, { params: { groupBuyId } })).body as GroupBuyView
    expect(await seen(before)).not.toHaveProperty('coopLicence')
    expect(await seen(after)).toMatchObject({ coopLicence: '示例：自产自销，免于登记' })
    expect((await shop('north-1')).items).toEqual(
      expect.arrayContaining([expect.objectContaining({ groupBuyId: after, coopLicence: '示例：自产自销，免于登记' })]),
    )
  })

  it('keeps the stock in buckets that add up', async () => {
    const groupBuyId = freshId()
    await open(groupBuyId, body())
    const buckets = (await partition(groupBuyId)).filter((item) => item.entity === 'bucket')
    expect(buckets.map((item) => [item.offerId, item.available, item.state])).toEqual([
      ['o-leaf', 14, 'open'],
      ['o-leaf', 14, 'open'],
      ['o-leaf', 13, 'open'],
      ['o-tomato', 100, 'open'],
    ])
  })

  it('sent again is the same group buy, and what was sold meanwhile stays sold', async () => {
    const groupBuyId = freshId()
    const sent = body()
    await open(groupBuyId, sent)
    const bucket = (await partition(groupBuyId)).find((item) => item.offerId === 'o-tomato' && item.entity === 'bucket')
    await backend.put('market', { ...bucket, available: 7 })
    const again = await open(groupBuyId, Object.fromEntries(Object.entries(sent).reverse()))
    expect(again.status).toBe(200)
    expect((again.body as GroupBuyView).offers[0]?.left).toBe(7)
  })

  it('the same id with another body is refused', async () => {
    const groupBuyId = freshId()
    const sent = body()
    await open(groupBuyId, sent)
    const other = await open(groupBuyId, { ...sent, title: '另一个' })
    expect(other).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_EXISTS' } })
  })

  it('sent 20 times at once is one group buy', async () => {
    const groupBuyId = freshId()
    const sent = body()
    const answers = await Promise.all(Array.from({ length: 20 }, () => open(groupBuyId, sent)))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    expect(await partition(groupBuyId)).toHaveLength(1 + 2 + 2 + 4 + 2)
  })

  it('a late second run of the same request does not bring back what was sold meanwhile', async () => {
    const groupBuyId = freshId()
    const sent = body()
    beforeWriting(
      (writes) => writes.length > 5,
      async () => {
        expect((await open(groupBuyId, sent)).status).toBe(200)
        const bucket = (await partition(groupBuyId)).find((item) => item.SK === 'BUCKET#o-tomato#00')
        await backend.put('market', { ...bucket, available: 7 })
      },
    )
    const late = await open(groupBuyId, sent)
    expect(late.status).toBe(200)
    expect((late.body as GroupBuyView).offers.map((offer) => offer.left)).toEqual([7, 41])
  })

  it('two different bodies under one id at once: one wins whole, nothing of the other is mixed in', async () => {
    const groupBuyId = freshId()
    const offer = (offerId: string, listingId: string) => ({
      offerId,
      listingId,
      priceFen: 100,
      stock: 9,
      perHouseholdLimit: 1,
    })
    const left = body({ compoundIds: ['north-1'], offers: [offer('o-1', 'a-tomato')] })
    const right = body({ compoundIds: ['south-1'], offers: [offer('o-2', 'a-leaf')] })
    const answers = await Promise.all([left, right, left, right].map((sent) => open(groupBuyId, sent)))
    const won = answers.find((answer) => answer.status === 200)?.body as GroupBuyView
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 409, 409])
    expect(won.offers).toHaveLength(1)
    const there = (await partition(groupBuyId)).filter((item) => item.entity === 'offer' || item.entity === 'bucket')
    expect(there.map((item) => item.offerId)).toEqual([won.offers[0]?.offerId, won.offers[0]?.offerId])
  })

  it('cut off after any of its writes, it shows nothing, sells nothing, and the same request completes it', async () => {
    for (let id = 0; id < 40; id++) await addListing('coop-a', `a-many-${id}`, { name: `菜 ${id}` })
    const offers = Array.from({ length: 40 }, (_, at) => ({
      offerId: `o-${at}`,
      listingId: `a-many-${at}`,
      priceFen: 100 + at,
      stock: 1000,
      perHouseholdLimit: 5,
      buckets: 6,
    }))
    const sent = body({ offers })
    const groupBuyId = freshId()
    const parts = 2 + 40 + 240
    // The first run writes the intent; each later one is told that it is there, and gets one pack of parts further.
    for (const [writesAllowed, itemsAfter] of [
      [1, 1],
      [2, 1 + 99],
      [2, 1 + 198],
      [2, 1 + parts],
      [1, 1 + parts],
    ] as const) {
      killWritesAfter(writesAllowed)
      expect((await open(groupBuyId, sent)).status).toBe(500)
      vi.restoreAllMocks()
      expect(await partition(groupBuyId)).toHaveLength(itemsAfter)
      expect((await call(groupBuys, getGroupBuy, { params: { groupBuyId } })).status).toBe(404)
      for (const query of [{}, { with: 'offers' }]) {
        expect((await shop('north-1', query)).items.map((item) => item.groupBuyId)).not.toContain(groupBuyId)
      }
      const differs = await open(groupBuyId, { ...sent, title: '另一个' })
      expect(differs).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_EXISTS' } })
    }
    const opened = await open(groupBuyId, sent)
    expect(opened.status).toBe(200)
    expect((opened.body as GroupBuyView).offers.map((offer) => [offer.offerId, offer.left])).toEqual(
      offers.map((offer) => [offer.offerId, 1000]),
    )
    expect(await partition(groupBuyId)).toHaveLength(1 + parts + 2)
  })

  it.each([
    [
      'a compound of a community that is not paired',
      { coopId: 'coop-b', compoundIds: ['south-1'], offers: offersOf('b') },
      422,
      'NOT_PAIRED',
      'coop-b',
    ],
    ['a compound that does not exist', { compoundIds: ['nowhere'] }, 422, 'NOT_PAIRED', 'coop-a'],
    ['a co-op without any pairing', { coopId: 'coop-c', offers: offersOf('c') }, 422, 'NOT_PAIRED', 'coop-c'],
    ['a window in the past', { opensAt: hours(-48), closesAt: hours(-1) }, 422, 'BAD_WINDOW', 'coop-a'],
    ["another co-op's listing", { offers: offersOf('b') }, 422, 'UNKNOWN_LISTING', 'coop-a'],
    ['a paused listing', { offers: [{ ...offersOf('a')[0], listingId: 'a-paused' }] }, 409, 'LISTING_PAUSED', 'coop-a'],
    [
      'a listing twice',
      { offers: [offersOf('a')[0], { ...offersOf('a')[0], offerId: 'other' }] },
      422,
      'DUPLICATE_OFFER',
      'coop-a',
    ],
  ])('refuses %s', async (_what, more, status, code, as) => {
    const groupBuyId = freshId()
    const answer = await open(groupBuyId, body(more), as)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(await partition(groupBuyId)).toEqual([])
  })

  function offersOf(coop: string) {
    return [{ offerId: 'o-1', listingId: `${coop}-tomato`, priceFen: 100, stock: 10, perHouseholdLimit: 1 }]
  }

  it('refuses a compound without a pick-up point', async () => {
    await importRows([
      {
        kind: 'compound',
        compoundId: 'north-3',
        name: '无自提点',
        type: 'old',
        communityId: 'north',
        communityName: 'north 社区',
        townId: 'town-1',
        townName: '古楼街道',
        synthetic: true,
      },
    ])
    const answer = await open(freshId(), body({ compoundIds: ['north-3'] }))
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'NO_PICK_UP_POINT', fields: { compoundIds: 'north-3' } },
    })
  })

  it('refuses when the pairing ends before the group buy closes', async () => {
    const today = shanghaiDay(instant(Date.now()))
    await importRows([
      { kind: 'community', communityId: 'brief', name: '短期社区', townId: 'town-1', townName: '古楼街道' },
      {
        kind: 'compound',
        compoundId: 'brief-1',
        name: '短期小区',
        type: 'old',
        communityId: 'brief',
        communityName: '短期社区',
        townId: 'town-1',
        townName: '古楼街道',
        synthetic: true,
      },
      pickUpPoint('brief-1'),
      pairing('brief', 'village-a', { fromDay: '2020-01-01', toDay: today }),
    ])
    const refused = await open(freshId(), body({ compoundIds: ['brief-1'] }))
    expect(refused).toMatchObject({ status: 422, body: { code: 'NOT_PAIRED' } })
  })

  it.each([
    ['nobody', undefined, 401],
    ['a stranger', 'stranger', 403],
    ['a worker', 'worker-north', 403],
    ["another co-op's member", 'coop-b', 403],
    ["the co-op's member", 'coop-a', 200],
    ['an administrator', 'admin', 200],
  ])('is for the co-op itself and administrators: %s', async (_who, as, status) => {
    const groupBuyId = freshId()
    const answer = await call(groupBuys, openGroupBuy, { params: { groupBuyId }, body: body(), ...(as ? { as } : {}) })
    expect(answer.status).toBe(status)
    if (status !== 200) expect(await partition(groupBuyId)).toEqual([])
  })

  it('a co-op that does not exist is not found', async () => {
    expect((await open(freshId(), body({ coopId: 'coop-z' }), 'admin')).status).toBe(404)
  })
})

describe('the shop window', () => {
  it('announces what opens within a week, and nothing later', async () => {
    const [soon, late] = [freshId(), freshId()]
    const from = (days: number) => ({
      opensAt: hours(days * 24),
      closesAt: hours(days * 24 + 24),
      pickUpStartsAt: hours(days * 24 + 48),
      pickUpEndsAt: hours(days * 24 + 50),
    })
    expect((await open(soon, body(from(3)))).body).toMatchObject({ state: 'scheduled' })
    await open(late, body(from(9)))
    const items = (await shop('north-1')).items
    expect(items.find((item) => item.groupBuyId === soon)?.state).toBe('scheduled')
    expect(items.map((item) => item.groupBuyId)).not.toContain(late)
  })

  it('drops a group buy the moment it closes, with the tick still to come', async () => {
    const groupBuyId = freshId()
    await open(
      groupBuyId,
      body({ closesAt: instant(Date.now() + 600), pickUpStartsAt: hours(1), pickUpEndsAt: hours(2) }),
    )
    expect((await shop('north-1')).items.map((item) => item.groupBuyId)).toContain(groupBuyId)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect((await shop('north-1')).items.map((item) => item.groupBuyId)).not.toContain(groupBuyId)
    expect((await call(groupBuys, getGroupBuy, { params: { groupBuyId } })).body).toMatchObject({ state: 'closing' })
  })

  it('hides the group buys of a village whose pairing has ended', async () => {
    const groupBuyId = freshId()
    const today = shanghaiDay(instant(Date.now()))
    const term = (toDay: string) => pairing('ending', 'village-b', { fromDay: '2020-01-01', toDay })
    await importRows([
      { kind: 'community', communityId: 'ending', name: '到期社区', townId: 'town-1', townName: '古楼街道' },
      {
        kind: 'compound',
        compoundId: 'ending-1',
        name: '到期小区',
        type: 'old',
        communityId: 'ending',
        communityName: '到期社区',
        townId: 'town-1',
        townName: '古楼街道',
        synthetic: true,
      },
      pickUpPoint('ending-1'),
      term(plusDays(today, 10)),
    ])
    const offers = [{ offerId: 'o-1', listingId: 'b-tomato', priceFen: 100, stock: 10, perHouseholdLimit: 1 }]
    await open(groupBuyId, body({ coopId: 'coop-b', compoundIds: ['ending-1'], offers }), 'coop-b')
    expect((await shop('ending-1')).items.map((item) => item.groupBuyId)).toEqual([groupBuyId])
    await importRows([term(plusDays(today, -1))])
    expect((await shop('ending-1')).items).toEqual([])
  })

  it('is the soonest closing first, and pages without loss', async () => {
    const all = (await shop('north-1')).items
    const closings = all.map((item) => item.closesAt)
    expect(closings).toEqual([...closings].sort())
    const paged: string[] = []
    let cursor: string | undefined
    do {
      const page = (
        await call(groupBuys, listGroupBuys, {
          query: { compoundId: 'north-1', limit: '3', ...(cursor ? { cursor } : {}) },
        })
      ).body as { items: { groupBuyId: string }[]; nextCursor?: string }
      paged.push(...page.items.map((item) => item.groupBuyId))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(paged).toEqual(all.map((item) => item.groupBuyId))
  })

  it("refuses another compound's cursor, an unknown compound, and no compound", async () => {
    const first = (await call(groupBuys, listGroupBuys, { query: { compoundId: 'north-1', limit: '1' } })).body as {
      nextCursor: string
    }
    const other = await call(groupBuys, listGroupBuys, { query: { compoundId: 'south-1', cursor: first.nextCursor } })
    expect(other.status).toBe(400)
    expect((await call(groupBuys, listGroupBuys, { query: { compoundId: 'nowhere' } })).status).toBe(404)
    expect((await call(groupBuys, listGroupBuys, { query: {} })).status).toBe(400)
  })

  it('may be two seconds old and no older', async () => {
    const window = async () =>
      (await call(groupBuys, listGroupBuys, { query: { compoundId: 'north-2' } })).body as {
        items: { groupBuyId: string }[]
      }
    await window()
    const groupBuyId = freshId()
    await open(groupBuyId, body({ compoundIds: ['north-2'] }))
    await new Promise((resolve) => setTimeout(resolve, 2_050))
    expect((await window()).items.map((item) => item.groupBuyId)).toContain(groupBuyId)
  })
})

describe("a co-op's own view", () => {
  it('tells what is taken so far, by offer and in money', async () => {
    const groupBuyId = freshId()
    await open(groupBuyId, body())
    for (const item of await partition(groupBuyId)) {
      if (item.entity === 'bucket' && item.offerId === 'o-leaf') await backend.put('market', { ...item, available: 10 })
    }
    const answer = await call(groupBuys, listCoopGroupBuys, {
      params: { coopId: 'coop-a' },
      query: { limit: '50' },
      as: 'coop-a',
    })
    const items = (answer.body as { items: { groupBuyId: string }[] }).items
    expect(items.find((item) => item.groupBuyId === groupBuyId)).toMatchObject({
      compoundCount: 2,
      offers: [
        { offerId: 'o-tomato', unitLabel: '1.5 千克', stock: 100, taken: 0, takenFen: 0 },
        { offerId: 'o-leaf', stock: 41, taken: 11, takenFen: 2750 },
      ],
      takenFen: 2750,
    })
  })

  it('adds up to more than any one amount may be', async () => {
    const groupBuyId = freshId()
    const offer = { offerId: 'o-1', listingId: 'a-tomato', priceFen: 1_000_000, stock: 1_500, perHouseholdLimit: 5 }
    expect((await open(groupBuyId, body({ offers: [offer] }))).status).toBe(200)
    const bucket = (await partition(groupBuyId)).find((item) => item.entity === 'bucket')
    await backend.put('market', { ...bucket, available: 0 })
    const query = { limit: '50' }
    const answer = await call(groupBuys, listCoopGroupBuys, { params: { coopId: 'coop-a' }, query, as: 'coop-a' })
    expect(answer.status).toBe(200)
    const items = (answer.body as { items: { groupBuyId: string }[] }).items
    expect(items.find((item) => item.groupBuyId === groupBuyId)).toMatchObject({
      offers: [{ taken: 1_500, takenFen: 1_500_000_000 }],
      takenFen: 1_500_000_000,
    })
  })

  it('offers the compounds of communities that are paired today', async () => {
    const answer = await call(groupBuys, listPairedCompounds, { params: { coopId: 'coop-b' }, as: 'coop-b' })
    const items = (answer.body as { items: { compoundId: string; hasPickUpPoint: boolean }[] }).items
    expect(items.map((item) => [item.compoundId, item.hasPickUpPoint])).toEqual([
      ['north-1', true],
      ['north-2', true],
      ['north-3', false],
    ])
  })

  it.each([
    ['nobody', undefined, 401],
    ['a stranger', 'stranger', 403],
    ['a worker', 'worker-north', 403],
    ["another co-op's member", 'coop-b', 403],
    ["the co-op's member", 'coop-a', 200],
    ['an administrator', 'admin', 200],
  ])('is for the co-op itself and administrators: %s', async (_who, as, status) => {
    for (const route of [listCoopGroupBuys, listPairedCompounds]) {
      const answer = await call(groupBuys, route, { params: { coopId: 'coop-a' }, ...(as ? { as } : {}) })
      expect(answer.status).toBe(status)
    }
  })
})
