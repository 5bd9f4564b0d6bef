import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handler as tick } from '#functions/group-buys/on-tick.ts'
import { HOUR_MS, instant } from '#shared/kernel/time.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { lambdaContext } from '../fixtures/call.ts'
import { beforeWriting, killWritesAfter } from '../fixtures/interleave.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
})
afterAll(() => backend.stop())
afterEach(() => vi.restoreAllMocks())

const hours = (count: number) => instant(Date.now() + count * HOUR_MS)

/** A group buy straight in the table, as it is after opening: 3 offers of 4 buckets each. */
async function putGroupBuy({ closesAt, state = 'open' }: { closesAt: string; state?: string }): Promise<string> {
  const groupBuyId = `gb-${randomUUID()}`
  const pk = `GB#${groupBuyId}`
  const window = { opensAt: hours(-72), closesAt, pickUpStartsAt: hours(24), pickUpEndsAt: hours(27) }
  await backend.put('market', {
    ...{ PK: pk, SK: 'A#GROUPBUY', GSI1PK: 'GB#COOP#coop-a', GSI1SK: `${window.opensAt}#${groupBuyId}` },
    ...{ entity: 'groupBuy', v: 1, groupBuyId, title: '团购', state, ...window },
    ...{ coopId: 'coop-a', coopName: '合作社', villageId: 'village-a', villageName: '村', townName: '镇' },
    ...{ offerCount: 3, compoundIds: ['north-1'], bodyHash: 'hash' },
  })
  await backend.put('market', {
    ...{ PK: pk, SK: 'A#WATCH', GSI1PK: 'GB#WATCH', GSI1SK: `${closesAt}#${groupBuyId}` },
    ...{ entity: 'groupBuyWatch', v: 1, groupBuyId, dueAt: closesAt, due: 'close' },
  })
  for (const offerId of ['o-1', 'o-2', 'o-3']) {
    for (let n = 0; n < 4; n++) {
      await backend.put('market', {
        ...{ PK: pk, SK: `BUCKET#${offerId}#0${n}`, entity: 'bucket', v: 1, groupBuyId, offerId, n },
        ...{ available: 5, state: 'open', opensAt: window.opensAt, closesAt, priceVersion: 1 },
      })
    }
  }
  return groupBuyId
}

type Stored = Record<string, unknown>
async function look(groupBuyId: string) {
  const items = (await backend.scan('market')).filter((item) => item.PK === `GB#${groupBuyId}`)
  const buckets = items.filter((item) => item.entity === 'bucket')
  return {
    state: items.find((item) => item.entity === 'groupBuy')?.state,
    watch: items.find((item) => item.entity === 'groupBuyWatch') as Stored,
    openBuckets: buckets.filter((bucket) => bucket.state === 'open').length,
    closedBuckets: buckets.filter((bucket) => bucket.state === 'closed').length,
  }
}

const NOTHING_DONE = {
  ...{ closed: 0, bucketsClosed: 0, decided: 0, waiting: 0, failed: 0 },
  ...{ editionsOpened: 0, editionsRefused: 0, editionsMissed: 0 },
}

const run = (remainingMs = 30_000) =>
  tick({}, { ...lambdaContext(), getRemainingTimeInMillis: () => remainingMs }) as Promise<Record<string, number>>

describe('closing group buys by the clock', () => {
  let due: string
  beforeEach(async () => {
    due = await putGroupBuy({ closesAt: hours(-1) })
  })

  it('flips every bucket, then the group buy, then decides it and hands the watch on', async () => {
    expect(await run()).toMatchObject({ closed: 1, bucketsClosed: 12, failed: 0 })
    const after = await look(due)
    expect(after).toMatchObject({ state: 'failed', openBuckets: 0, closedBuckets: 12 })
    expect(after.watch).toMatchObject({ due: 'refund', GSI1PK: 'GB#WATCH' })
    expect(after.watch.GSI1SK).toBe(`${String(after.watch.dueAt)}#${due}`)
  })

  it('does nothing the second time', async () => {
    await run()
    const before = await backend.scan('market')
    expect(await run()).toEqual(NOTHING_DONE)
    expect(await backend.scan('market')).toEqual(before)
  })

  it('leaves what is still open, and what opens later, alone', async () => {
    const open = await putGroupBuy({ closesAt: hours(1) })
    const scheduled = await putGroupBuy({ closesAt: hours(50), state: 'scheduled' })
    await run()
    expect(await look(open)).toMatchObject({ state: 'open', openBuckets: 12, watch: { due: 'close' } })
    expect(await look(scheduled)).toMatchObject({ state: 'scheduled', openBuckets: 12 })
  })

  it('closes one that was never written `open`: the clock opened it without a write', async () => {
    const scheduled = await putGroupBuy({ closesAt: hours(-1), state: 'scheduled' })
    await run()
    expect(await look(scheduled)).toMatchObject({ state: 'failed', openBuckets: 0 })
  })

  it('does not bring a cancelled one back to life', async () => {
    const cancelled = await putGroupBuy({ closesAt: hours(-1), state: 'cancelled' })
    await run()
    expect(await look(cancelled)).toMatchObject({ state: 'cancelled' })
  })

  it('one that is cancelled while its buckets are being flipped stays cancelled', async () => {
    beforeWriting(
      (writes) => writes.length === 2,
      async () => {
        const groupBuy = (await backend.scan('market')).find(
          (item) => item.PK === `GB#${due}` && item.SK === 'A#GROUPBUY',
        )
        await backend.put('market', { ...groupBuy, state: 'cancelled' })
      },
    )
    expect(await run()).toMatchObject({ closed: 0, bucketsClosed: 12 })
    expect(await look(due)).toMatchObject({ state: 'cancelled', watch: { due: 'close' } })
  })

  it('killed between any two of its writes and run again, ends the same', async () => {
    await run()
    for (const writesBefore of [0, 1, 5, 11, 12]) {
      const groupBuyId = await putGroupBuy({ closesAt: hours(-1) })
      killWritesAfter(writesBefore)
      expect(await run()).toMatchObject({ closed: 0, failed: 1 })
      vi.restoreAllMocks()
      const between = await look(groupBuyId)
      expect(between.closedBuckets).toBe(Math.min(writesBefore, 12))
      // As long as one bucket may be open the group buy is not closing, and the clock still watches it.
      expect(between).toMatchObject({ state: 'open', watch: { due: 'close' } })
      expect(await run()).toMatchObject({ closed: 1, bucketsClosed: 12 - between.closedBuckets })
      expect(await look(groupBuyId)).toMatchObject({ state: 'failed', openBuckets: 0, watch: { due: 'refund' } })
    }
  })

  it('one that cannot be closed does not keep the others open', async () => {
    const broken = await putGroupBuy({ closesAt: hours(-2) })
    const bucket = (await backend.scan('market')).find((item) => item.PK === `GB#${broken}` && item.entity === 'bucket')
    await backend.put('market', { ...bucket, available: -1 })
    expect(await run()).toMatchObject({ closed: 1, failed: 1 })
    expect(await look(due)).toMatchObject({ state: 'failed' })
    await backend.put('market', { ...bucket })
    await run()
    expect(await look(broken)).toMatchObject({ state: 'failed' })
  })

  it('two ticks at once close it once', async () => {
    const counts = await Promise.all([run(), run(), run()])
    expect(counts.reduce((sum, each) => sum + (each.closed ?? 0), 0)).toBe(1)
    expect(counts.reduce((sum, each) => sum + (each.bucketsClosed ?? 0), 0)).toBe(12)
    expect(await look(due)).toMatchObject({ state: 'failed', openBuckets: 0 })
  })

  it('closes more than one page of them, and starts none it has no time for', async () => {
    const all = await Promise.all(Array.from({ length: 55 }, () => putGroupBuy({ closesAt: hours(-1) })))
    expect(await run(1_000)).toEqual(NOTHING_DONE)
    expect(await run()).toMatchObject({ closed: 56, failed: 0 })
    for (const groupBuyId of all.slice(0, 3)) expect(await look(groupBuyId)).toMatchObject({ state: 'failed' })
  })

  it('a bucket whose own closing time has not come is not flipped, and its group buy not closed', async () => {
    const later = (await backend.scan('market')).find((item) => item.PK === `GB#${due}` && item.entity === 'bucket')
    await backend.put('market', { ...later, closesAt: hours(1) })
    expect(await run()).toMatchObject({ closed: 0, failed: 1 })
    expect(await look(due)).toMatchObject({ state: 'open', watch: { due: 'close' } })
    expect((await backend.scan('market')).find((item) => item.PK === later?.PK && item.SK === later?.SK)?.state).toBe(
      'open',
    )
    await backend.put('market', { ...later })
    expect(await run()).toMatchObject({ closed: 1 })
  })
})
