import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { handler as groupBuys } from '#functions/group-buys/index.ts'
import { handler as tick } from '#functions/group-buys/on-tick.ts'
import { saveListing } from '#shared/contracts/catalogue.ts'
import {
  type GroupBuyView,
  getGroupBuy,
  listGroupBuys,
  listRepeats,
  openGroupBuy,
  type Repeat,
  repeatGroupBuy,
  type RepeatWeek,
  REPEATS_PER_COOP_MAX,
  stopRepeating,
} from '#shared/contracts/group-buys.ts'
import { HOUR_MS, plusMs } from '#shared/kernel/time.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call, lambdaContext } from '../fixtures/call.ts'
import { beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { importDistrict, importRows, pairing } from '../fixtures/district.ts'

/** Goal: one edition a week, whatever the clock does; and the co-op learns why there is none. */
let backend: Backend
/** Monday, noon in Shanghai. */
const START = '2026-11-23T04:00:00.000Z'
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(START)
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})
let versions: Record<string, number>
beforeEach(async () => {
  vi.setSystemTime(START)
  versions = {}
  for (const item of await backend.scan('market')) {
    if (item.entity === 'listing') versions[String(item.listingId)] = Number(item.version)
  }
  await list('a-tomato')
  await list('a-leaf')
})
afterEach(async () => {
  vi.restoreAllMocks()
  // What one test repeats does not run in the next.
  const { items } = await repeats()
  for (const { groupBuyId } of items) await stop(groupBuyId)
})

async function list(listingId: string, state: 'active' | 'paused' = 'active'): Promise<void> {
  const body = {
    version: versions[listingId] ?? 0,
    ...{ name: listingId, category: 'leaf', picture: 'leaf', saleUnit: { by: 'weight', portionGrams: 500 } },
    ...{ priceFen: 599, temperatureZone: 'ambient', state },
  }
  const saved = await call(catalogue, saveListing, { params: { coopId: 'coop-a', listingId }, body, as: 'coop-a' })
  expect(saved.status).toBe(200)
  versions[listingId] = (versions[listingId] ?? 0) + 1
}

const after = (hours: number) => plusMs(START, hours * HOUR_MS)
/** Opens at the hour, for two days; in the compounds of both communities. */
async function aGroupBuy(more: object = {}): Promise<string> {
  const groupBuyId = `gb-${randomUUID()}`
  const offer = (listingId: string) => ({
    ...{ offerId: `o-${listingId}`, listingId, priceFen: 599, stock: 41, perHouseholdLimit: 3, buckets: 2 },
    priceSteps: [{ fromPortions: 10, priceFen: 500 }],
  })
  const body = {
    ...{ coopId: 'coop-a', title: '每周鲜货', compoundIds: ['north-1', 'south-1'] },
    ...{ opensAt: after(0), closesAt: after(48), pickUpStartsAt: after(72), pickUpEndsAt: after(75) },
    success: { kind: 'portions', minimum: 5 },
    offers: [offer('a-tomato'), offer('a-leaf')],
    ...more,
  }
  expect((await call(groupBuys, openGroupBuy, { params: { groupBuyId }, body, as: 'coop-a' })).status).toBe(200)
  return groupBuyId
}

const repeat = (groupBuyId: string, body: object = {}, as: string | undefined = 'coop-a') =>
  call(groupBuys, repeatGroupBuy, { params: { groupBuyId }, body, ...(as === undefined ? {} : { as }) })
const stop = (groupBuyId: string, as: string | undefined = 'coop-a') =>
  call(groupBuys, stopRepeating, { params: { groupBuyId }, ...(as === undefined ? {} : { as }) })
const repeats = async () =>
  (await call(groupBuys, listRepeats, { params: { coopId: 'coop-a' }, as: 'coop-a' })).body as {
    items: Repeat[]
    weeks: RepeatWeek[]
  }
const weeksOf = async (groupBuyId: string) => (await repeats()).weeks.filter((week) => week.groupBuyId === groupBuyId)
const run = async () => (await tick({}, lambdaContext())) as Record<string, number>
const runAt = (hours: number) => {
  vi.setSystemTime(after(hours))
  return run()
}
const see = async (groupBuyId = '') =>
  (await call(groupBuys, getGroupBuy, { params: { groupBuyId } })).body as GroupBuyView
/** The group buys that are there, but for those that were there before. */
async function opened(): Promise<string[]> {
  const items = (await backend.scan('market')).filter((item) => item.entity === 'groupBuy')
  return items.map((item) => String(item.groupBuyId)).filter((id) => id.startsWith('w-'))
}
const WEEK = 7 * 24

describe('a group buy that is repeated each week', () => {
  it('is opened a day ahead by the clock: the same goods, prices, steps, condition and compounds, a week later', async () => {
    const groupBuyId = await aGroupBuy()
    const started = await repeat(groupBuyId)
    expect(started).toMatchObject({
      status: 200,
      body: { groupBuyId, next: { week: 1, opensAt: after(WEEK), dueAt: after(WEEK - 24) } },
    })
    expect(started.body).not.toHaveProperty('lastWeek')
    expect(await runAt(WEEK - 24 - 0.1)).toMatchObject({ editionsOpened: 0 })
    expect(await runAt(WEEK - 24)).toMatchObject({ editionsOpened: 1, editionsRefused: 0, failed: 0 })
    const [week] = await weeksOf(groupBuyId)
    expect(week).toMatchObject({ week: 1, outcome: 'opened', final: true, opensAt: after(WEEK) })
    const [source, edition] = [await see(groupBuyId), await see(week?.editionId)]
    expect(edition).toMatchObject({
      ...{ state: 'scheduled', title: source.title, compoundIds: source.compoundIds, success: source.success },
      ...{ opensAt: after(WEEK), closesAt: after(WEEK + 48), pickUpStartsAt: after(WEEK + 72) },
    })
    const goods = (view: GroupBuyView) =>
      view.offers.map(({ offerId: _offerId, finalPriceFen: _final, ...offer }) => offer)
    expect(goods(edition)).toEqual(goods(source))
    expect(edition.offers.map(({ offerId }) => offerId)).not.toEqual(source.offers.map(({ offerId }) => offerId))
    const buckets = (await backend.scan('market')).filter((item) => item.PK === `GB#${week?.editionId}`)
    expect(buckets.filter((item) => item.entity === 'bucket')).toHaveLength(4)
    const shop = (await call(groupBuys, listGroupBuys, { query: { compoundId: 'south-1', limit: '50' } })).body
    expect((shop as { items: GroupBuyView[] }).items.map((item) => item.groupBuyId)).toContain(week?.editionId)
    expect((await repeats()).items).toMatchObject([{ groupBuyId, next: { week: 2, opensAt: after(2 * WEEK) } }])
  })

  it('is opened once, however often and on how many machines the clock runs, and a day late too', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    vi.setSystemTime(after(WEEK))
    const before = (await opened()).length
    const counts = await Promise.all([run(), run(), run()])
    expect(counts.reduce((sum, each) => sum + (each.failed ?? 0), 0)).toBe(0)
    await run()
    expect((await opened()).length - before).toBe(1)
    expect(await weeksOf(groupBuyId)).toHaveLength(1)
    expect((await repeats()).items).toMatchObject([{ next: { week: 2 } }])
  })

  it('killed between any two of its writes and run again, ends the same', async () => {
    const writesOfAll: number[] = []
    for (let writesBefore = 0; writesBefore < 6; writesBefore++) {
      vi.setSystemTime(START)
      const groupBuyId = await aGroupBuy()
      await repeat(groupBuyId)
      vi.setSystemTime(after(WEEK - 24))
      const before = (await opened()).length
      let writes = 0
      killWrites((_writes, request) => {
        // The closing of the first edition is another test's.
        const mine = !JSON.stringify(request).includes(`GB#${groupBuyId}"`)
        return mine && writes++ >= writesBefore
      })
      const cut = await run()
      vi.restoreAllMocks()
      writesOfAll.push(writes)
      expect(cut.failed).toBe(writes > writesBefore ? 1 : 0)
      await run()
      expect((await opened()).length - before).toBe(1)
      const weeks = await weeksOf(groupBuyId)
      expect(weeks).toMatchObject([{ week: 1, outcome: 'opened' }])
      expect(await see(weeks[0]?.editionId)).toMatchObject({ offers: [{ left: 41 }, { left: 41 }] })
      expect((await repeats()).items).toMatchObject([{ groupBuyId, next: { week: 2 } }])
      await stop(groupBuyId)
    }
    // Intent, parts, group buy, the week, the turn: five writes, of which each was the first that failed.
    expect(writesOfAll).toEqual([1, 2, 3, 4, 5, 5])
  })

  it('goes on for as many weeks as asked for, and then ends', async () => {
    const groupBuyId = await aGroupBuy()
    expect((await repeat(groupBuyId, { weeks: 2 })).body).toMatchObject({ lastWeek: 2 })
    await runAt(WEEK - 24)
    expect((await repeats()).items).toMatchObject([{ next: { week: 2 }, lastWeek: 2 }])
    await runAt(2 * WEEK - 24)
    expect((await repeats()).items).toEqual([])
    expect(await runAt(3 * WEEK)).toMatchObject({ editionsOpened: 0 })
    expect((await weeksOf(groupBuyId)).map(({ week, outcome }) => [week, outcome])).toEqual([
      [2, 'opened'],
      [1, 'opened'],
    ])
  })

  it('is not opened in the past: weeks without a clock are missed, one by one, and the one ahead is opened', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    const before = (await opened()).length
    vi.setSystemTime(after(3 * WEEK - 24))
    expect(await run()).toMatchObject({ editionsMissed: 1 })
    expect(await run()).toMatchObject({ editionsMissed: 1 })
    expect(await run()).toMatchObject({ editionsOpened: 1 })
    expect(await run()).toMatchObject({ editionsOpened: 0, editionsMissed: 0 })
    expect((await opened()).length - before).toBe(1)
    expect((await weeksOf(groupBuyId)).map(({ week, outcome }) => [week, outcome])).toEqual([
      [3, 'opened'],
      [2, 'missed'],
      [1, 'missed'],
    ])
  })

  it('stops when it is told to, and again is no error', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    expect(await stop(groupBuyId)).toMatchObject({ status: 200, body: { groupBuyId } })
    expect((await stop(groupBuyId)).status).toBe(200)
    expect((await repeats()).items).toEqual([])
    expect(await runAt(WEEK)).toMatchObject({ editionsOpened: 0, editionsMissed: 0 })
    expect(await weeksOf(groupBuyId)).toEqual([])
  })

  it('that is stopped while the clock opens an edition stays stopped, and the edition is told of', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    vi.setSystemTime(after(WEEK - 24))
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.entity?.S === 'repeatWeek'),
      () => stop(groupBuyId),
    )
    await run()
    expect((await repeats()).items).toEqual([])
    expect(await weeksOf(groupBuyId)).toMatchObject([{ outcome: 'opened' }])
  })

  it('begun again after it was opened, it does not open the same week twice', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    await runAt(WEEK - 24)
    await stop(groupBuyId)
    const before = (await opened()).length
    expect((await repeat(groupBuyId)).body).toMatchObject({ next: { week: 1 } })
    await run()
    expect((await opened()).length).toBe(before)
    expect((await repeats()).items).toMatchObject([{ next: { week: 2 } }])
  })
})

describe('a week that cannot be opened', () => {
  it('is refused for the same reason as by hand, tried again each hour, and opened once it is mended', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    await list('a-leaf', 'paused')
    expect(await runAt(WEEK - 24)).toMatchObject({ editionsRefused: 1, editionsOpened: 0 })
    expect(await weeksOf(groupBuyId)).toMatchObject([
      { week: 1, outcome: 'refused', code: 'LISTING_PAUSED', detail: 'a-leaf已暂停', final: false },
    ])
    expect(await runAt(WEEK - 23.5)).toMatchObject({ editionsRefused: 0 })
    expect(await runAt(WEEK - 23)).toMatchObject({ editionsRefused: 1 })
    await list('a-leaf')
    expect(await runAt(WEEK - 22)).toMatchObject({ editionsOpened: 1 })
    const weeks = await weeksOf(groupBuyId)
    expect(weeks).toMatchObject([{ week: 1, outcome: 'opened', final: true }])
    expect(weeks[0]).not.toHaveProperty('code')
  })

  it('is given up at its opening time, and the next week has its own chance', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    await list('a-leaf', 'paused')
    await runAt(WEEK - 0.5)
    await runAt(WEEK)
    expect(await weeksOf(groupBuyId)).toMatchObject([{ week: 1, outcome: 'refused', final: true }])
    await list('a-leaf')
    expect(await runAt(2 * WEEK - 24)).toMatchObject({ editionsOpened: 1 })
    expect(await weeksOf(groupBuyId)).toMatchObject([
      { week: 2, outcome: 'opened' },
      { week: 1, outcome: 'refused' },
    ])
  })

  it('names the compound whose community is not paired any more', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    await importRows([pairing('south', 'village-a', { toDay: '2026-11-27' })])
    await runAt(WEEK)
    await importRows([pairing('south', 'village-a')])
    expect(await weeksOf(groupBuyId)).toMatchObject([
      { outcome: 'refused', code: 'NOT_PAIRED', detail: '只能向整个团购期间都结对的社区开团（小区 south-1）' },
    ])
  })

  it('names the compound without a pick-up point', async () => {
    const groupBuyId = await aGroupBuy()
    await repeat(groupBuyId)
    const point = (await backend.scan('market')).find(
      (item) => item.entity === 'pickUpPoint' && item.compoundId === 'north-1',
    )
    await backend.put('market', { ...point, SK: 'GONE' })
    const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb')
    const Key = { PK: { S: String(point?.PK) }, SK: { S: String(point?.SK) } }
    await backend.client.send(new DeleteItemCommand({ TableName: 'market', Key }))
    await runAt(WEEK)
    await backend.put('market', point ?? {})
    expect(await weeksOf(groupBuyId)).toMatchObject([
      { outcome: 'refused', code: 'NO_PICK_UP_POINT', detail: '小区 north-1还没有自提点' },
    ])
  })

  it('does not keep the others waiting when something breaks', async () => {
    const [broken, whole] = [await aGroupBuy(), await aGroupBuy()]
    await repeat(broken)
    await repeat(whole)
    await runAt(49)
    const offer = (await backend.scan('market')).find((item) => item.PK === `GB#${broken}` && item.entity === 'offer')
    await backend.put('market', { ...offer, stock: 'many' })
    expect(await runAt(WEEK - 24)).toMatchObject({ editionsOpened: 1, failed: 1 })
    expect(await weeksOf(whole)).toMatchObject([{ outcome: 'opened' }])
    await backend.put('market', { ...offer })
    expect(await run()).toMatchObject({ editionsOpened: 1, failed: 0 })
  })
})

describe('beginning and ending it', () => {
  it('sent again is the same, with other weeks it changes how long', async () => {
    const groupBuyId = await aGroupBuy()
    const first = await repeat(groupBuyId, { weeks: 4 })
    expect((await repeat(groupBuyId, { weeks: 4 })).body).toEqual(first.body)
    expect((await repeat(groupBuyId, { weeks: 2 })).body).toMatchObject({ lastWeek: 2 })
    expect((await repeat(groupBuyId)).body).not.toHaveProperty('lastWeek')
    expect((await repeats()).items).toHaveLength(1)
  })

  it.each([[{ weeks: 0 }], [{ weeks: 53 }], [{ weeks: 1.5 }], [{ weeks: '4' }], [{ often: 1 }]])(
    'does not parse %j',
    async (body) => {
      const groupBuyId = await aGroupBuy()
      expect((await repeat(groupBuyId, body)).status).toBe(400)
      expect((await repeats()).items).toEqual([])
    },
  )

  it('of a cancelled group buy is refused', async () => {
    const groupBuyId = await aGroupBuy()
    const item = (await backend.scan('market')).find(
      (each) => each.PK === `GB#${groupBuyId}` && each.entity === 'groupBuy',
    )
    await backend.put('market', { ...item, state: 'cancelled' })
    expect(await repeat(groupBuyId)).toMatchObject({ status: 409, body: { code: 'GROUP_BUY_CANCELLED' } })
  })

  it('keeps the number of repeated group buys within its cap', async () => {
    const all: string[] = []
    for (let at = 0; at < REPEATS_PER_COOP_MAX; at++) all.push(await aGroupBuy())
    for (const groupBuyId of all) expect((await repeat(groupBuyId)).status).toBe(200)
    const one = await aGroupBuy()
    expect(await repeat(one)).toMatchObject({ status: 409, body: { code: 'TOO_MANY_REPEATS' } })
    await stop(all[0] ?? '')
    expect((await repeat(one)).status).toBe(200)
  })

  it('two who begin at once begin the same', async () => {
    const groupBuyId = await aGroupBuy()
    const answers = await Promise.all([repeat(groupBuyId), repeat(groupBuyId), repeat(groupBuyId)])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect((await repeats()).items).toHaveLength(1)
  })

  it.each([
    ['nobody', undefined, 401, 401],
    ['a stranger', 'stranger', 403, 403],
    ['a worker', 'worker-north', 403, 403],
    ["another co-op's member", 'coop-b', 404, 403],
    ["the co-op's member", 'coop-a', 200, 200],
    ['an administrator', 'admin', 200, 200],
  ])('is for the co-op itself and administrators: %s', async (_who, as, status, listStatus) => {
    const groupBuyId = await aGroupBuy()
    const who = as === undefined ? {} : { as }
    const params = { groupBuyId }
    expect((await call(groupBuys, repeatGroupBuy, { params, body: {}, ...who })).status).toBe(status)
    expect((await repeats()).items).toHaveLength(status === 200 ? 1 : 0)
    await repeat(groupBuyId)
    expect((await call(groupBuys, stopRepeating, { params, ...who })).status).toBe(status)
    expect((await repeats()).items).toHaveLength(status === 200 ? 0 : 1)
    const listed = await call(groupBuys, listRepeats, { params: { coopId: 'coop-a' }, ...who })
    expect(listed.status).toBe(listStatus)
  })

  it('of a group buy that does not exist is not found', async () => {
    expect((await repeat('nothing')).status).toBe(404)
    expect((await stop('nothing')).status).toBe(404)
  })
})
