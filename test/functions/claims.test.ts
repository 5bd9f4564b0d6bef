import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { takeCash } from '#shared/contracts/cash.ts'
import {
  CLAIMS_PER_SHARE_MAX,
  decideClaim,
  fileClaim,
  listClaims,
  listGroupBuyClaims,
} from '#shared/contracts/claims.ts'
import { collectShares, getOrder, refundOrder } from '#shared/contracts/orders.ts'
import { getClaimPhoto, getPhoto, putPhoto } from '#shared/contracts/photos.ts'
import { handler as claims } from '#functions/claims/index.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { handler as photos } from '#functions/photos/index.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeReadingMany, beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { aCoopMember, aMarket, aResident, aWorker, anAdmin, COMPOUND } from '../fixtures/market.ts'
import { lookAt, ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import { base64, pngOf } from '../fixtures/pictures.ts'

/** Goal: who got bad goods says so with a photo, a worker decides once, and exactly that money goes back, exactly once. */
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>
let gb = ''

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  buyers = ordering(backend, provider)
  for (const person of ['resident-1', 'resident-2']) await aResident(backend, person)
  await aResident(backend, 'worker-who-lives-here', 'resident-1')
  await aResident(backend, 'newcomer', 'resident-1')
  await aResident(backend, 'family', 'resident-1')
  const verified = (await backend.scan('market')).find(({ PK }) => PK === keys.person(`${ISSUER}|family`).PK)
  await backend.put('market', { ...verified, state: 'verified' })
  for (const person of ['worker-1', 'worker-b', 'worker-who-lives-here']) await aWorker(backend, person)
  await aWorker(backend, 'worker-2', 'community-2')
  await aCoopMember(backend, 'coop-1')
  await aCoopMember(backend, 'coop-2', 'coop-2')
  await anAdmin(backend, 'admin-1')
})
afterAll(async () => {
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  gb = await aGroupBuy()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Its pick-up began half an hour ago. */
async function aGroupBuy(): Promise<string> {
  const groupBuyId = `gb-${randomUUID().slice(0, 8)}`
  const pickUpEndsAt = new Date(Date.now() + 1_800_000).toISOString()
  const offers = [
    { offerId: 'apple', priceFen: 1001, stock: 40, limit: 20 },
    { offerId: 'cucumber', priceFen: 430, stock: 40, limit: 20 },
  ]
  await aMarket(backend, { groupBuyId, pickUpEndsAt, offers })
  return groupBuyId
}
const HOUR = 3_600_000
function later(hours: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * HOUR })
}

/** An order of three portions, closed, confirmed, and handed out unless it says otherwise. */
async function bought(as = 'resident-1', handedOut = true): Promise<string> {
  const orderId = await buyers.buy(gb, as, { apple: 3, cucumber: 1 })
  await buyers.close(gb)
  if (!handedOut) return orderId
  const pickUp = { pickUpId: randomUUID() }
  expect(await call(orders, collectShares, { params: { orderId }, body: pickUp, as: 'worker-1' })).toMatchObject({
    status: 200,
  })
  return orderId
}
type Seen = {
  refundedFen: number
  claims: { claimId: string; state: string; decided?: { amountFen: number; words?: string } }[]
  shares: { saleId: string; settledAt?: string; lines: { refundedFen: number; dropped: number }[] }[]
  refunds: { refundId: string; state: string; amountFen: number; reason: string; lines: object[] }[]
}
const see = async (orderId: string, as = 'resident-1') =>
  (await call(orders, getOrder, { params: { orderId }, as })).body as Seen
const saleOf = async (orderId: string) => (await see(orderId, 'worker-1')).shares[0]?.saleId ?? ''

type Filing = { as?: string; claimId?: string; body?: object; portions?: number }
async function file(orderId: string, more: Filing = {}) {
  const lines = [{ lineId: '1-1', portions: more.portions ?? 2 }]
  const body = { saleId: await saleOf(orderId), lines, reason: 'broken', ...more.body }
  const claimId = more.claimId ?? randomUUID()
  return call(claims, fileClaim, { params: { orderId, claimId }, body, as: more.as ?? 'resident-1' })
}
const claimed = async (orderId: string, more: Filing = {}) => {
  const answer = await file(orderId, more)
  expect(answer).toMatchObject({ status: 200, body: { state: 'open' } })
  return (answer.body as { claimId: string }).claimId
}
const decide = (orderId: string, claimId: string, body: object, as = 'worker-1') =>
  call(payments, decideClaim, { params: { orderId, claimId }, body, as })
const PORTIONS = (portions: number) => ({ decision: 'accept', lines: [{ lineId: '1-1', portions }] })
const MONEY = (amountFen: number) => ({ decision: 'accept', lines: [{ lineId: '1-1', amountFen }] })
const NO = { decision: 'decline', words: '照片上看是好的' }
async function aPhoto(orderId: string, as = 'resident-1', more: { photoId?: string } = {}) {
  const photoId = more.photoId ?? randomUUID()
  const body = { for: { kind: 'claim', orderId, saleId: await saleOf(orderId) }, photo: base64(pngOf(6, 4)) }
  return { photoId, answer: await call(photos, putPhoto, { params: { photoId }, body, as }) }
}
const desk = async (state = 'open', as = 'worker-1') =>
  call(claims, listClaims, { params: { compoundId: COMPOUND }, query: { state, limit: '100' }, as })
const reversalsOf = async () => (await lookAt(backend, gb)).reversals

describe('a resident', () => {
  it('claims once: sent again it is the same claim, another under its id is refused', async () => {
    const orderId = await bought()
    const claimId = randomUUID()
    const first = await file(orderId, { claimId })
    expect(first).toMatchObject({ status: 200, body: { claimId, state: 'open', lines: [{ portions: 2 }] } })
    expect(await file(orderId, { claimId })).toEqual(first)
    expect(await file(orderId, { claimId, portions: 1 })).toMatchObject({ body: { code: 'CLAIM_ID_REUSED' } })
    const many = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => file(orderId, { claimId: many })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await see(orderId)).claims).toHaveLength(2)
  })

  it('whose request comes twice at once is counted once', async () => {
    const orderId = await bought()
    const claimId = randomUUID()
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'claim'),
      () => file(orderId, { claimId }),
    )
    expect(await file(orderId, { claimId })).toMatchObject({ status: 200, body: { claimId } })
    const share = (await lookAt(backend, gb)).shares.get(orderId)
    expect(share).toMatchObject({ claimCount: 1, openClaims: 1 })
  })

  it('whose last request comes again while it is being kept gets the first result', async () => {
    const orderId = await bought()
    for (let n = 1; n < CLAIMS_PER_SHARE_MAX; n++) await claimed(orderId, { portions: 1 })
    const [claimId, saleId] = [randomUUID(), await saleOf(orderId)]
    const body = { saleId, lines: [{ lineId: '1-1', portions: 1 }], reason: 'broken' }
    const last = () => call(claims, fileClaim, { params: { orderId, claimId }, body, as: 'resident-1' })
    beforeReadingMany(last)
    expect(await last()).toMatchObject({ status: 200, body: { claimId } })
    expect((await see(orderId)).claims).toHaveLength(CLAIMS_PER_SHARE_MAX)
  })

  it('claims for their own order: to everybody else it does not exist', async () => {
    const orderId = await bought()
    for (const as of ['resident-2', 'worker-1', 'coop-1', 'admin-1', 'stranger']) {
      expect(await file(orderId, { as }), as).toMatchObject({ status: 404 })
    }
    expect((await see(orderId)).claims).toEqual([])
  })

  it('or for their family’s, once a worker has verified that they live there', async () => {
    const orderId = await bought()
    expect(await file(orderId, { as: 'newcomer' })).toMatchObject({ status: 404 })
    const { photoId } = await aPhoto(orderId, 'family')
    expect(await file(orderId, { as: 'family', body: { photoIds: [photoId] } })).toMatchObject({ status: 200 })
    expect(await call(photos, getClaimPhoto, { params: { photoId }, as: 'resident-1' })).toMatchObject({ status: 200 })
    expect(await call(photos, getClaimPhoto, { params: { photoId }, as: 'newcomer' })).toMatchObject({ status: 404 })
  })

  it('has to say what it is when it is something else, in so many words', async () => {
    const orderId = await bought()
    expect(await file(orderId, { body: { reason: 'other' } })).toMatchObject({ body: { fields: { words: /./ } } })
    const long = { reason: 'other', words: '好'.repeat(201) }
    expect(await file(orderId, { body: long })).toMatchObject({ body: { fields: { words: /200/ } } })
    expect(await file(orderId, { body: { reason: 'other', words: '好'.repeat(200) } })).toMatchObject({ status: 200 })
  })

  it('does not claim without end, not even all at once', async () => {
    const orderId = await bought()
    const answers = await Promise.all(Array.from({ length: CLAIMS_PER_SHARE_MAX + 3 }, () => file(orderId)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(CLAIMS_PER_SHARE_MAX)
    expect(await file(orderId)).toMatchObject({ status: 409, body: { code: 'TOO_MANY_CLAIMS' } })
  })

  it('claims in the after-sales window only', async () => {
    const orderId = await bought()
    later(48.4)
    expect(await file(orderId)).toMatchObject({ status: 200 })
    later(0.2)
    expect(await file(orderId)).toMatchObject({ status: 409, body: { code: 'CLAIM_WINDOW_OVER' } })
  })
})

describe('a worker', () => {
  it('accepts all of it: the money goes back once, with what it is for', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    const done = await decide(orderId, claimId, PORTIONS(2))
    expect(done).toMatchObject({ status: 200, body: { state: 'accepted', decided: { amountFen: 2002 } } })
    expect(await decide(orderId, claimId, PORTIONS(2))).toEqual(done)
    const order = await see(orderId)
    expect(order.refundedFen).toBe(2002)
    expect(order.refunds).toMatchObject([
      {
        reason: 'claim',
        amountFen: 2002,
        lines: [{ lineId: '1-1', amountFen: 2002, why: { kind: 'claim', claimId, reason: 'broken', portions: 2 } }],
      },
    ])
    expect(order.claims).toMatchObject([{ claimId, state: 'accepted' }])
    const [reversal, ...others] = await reversalsOf()
    expect(others).toEqual([])
    expect(reversal).toMatchObject({ reason: 'claim', amountFen: 2002 })
  })

  it('accepts fewer portions, or a part of the price, and no more than was claimed', async () => {
    const orderId = await bought()
    const first = await claimed(orderId)
    expect(await decide(orderId, first, PORTIONS(3))).toMatchObject({ body: { code: 'TOO_MANY_PORTIONS' } })
    expect(await decide(orderId, first, MONEY(2003))).toMatchObject({ body: { code: 'REFUND_TOO_LARGE' } })
    expect(await decide(orderId, first, PORTIONS(1))).toMatchObject({ body: { decided: { amountFen: 1001 } } })
    const second = await claimed(orderId)
    expect(await decide(orderId, second, MONEY(500))).toMatchObject({ body: { decided: { amountFen: 500 } } })
    // Two portions are left, and 15.02 of what was paid for them.
    const third = await claimed(orderId)
    expect(await decide(orderId, third, PORTIONS(2))).toMatchObject({ body: { decided: { amountFen: 1502 } } })
    expect(await file(orderId, { portions: 1 })).toMatchObject({ body: { code: 'TOO_MANY_PORTIONS' } })
    expect((await see(orderId)).shares[0]?.lines[0]).toMatchObject({ refundedFen: 3003 })
    expect((await reversalsOf()).map(({ amountFen }) => amountFen).sort()).toEqual([1001, 1502, 500])
  })

  it('declines with a reason for the resident to read, and nothing goes back', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    expect(await decide(orderId, claimId, { ...NO, words: '不' })).toMatchObject({ status: 400 })
    expect(await decide(orderId, claimId, NO)).toMatchObject({ status: 200, body: { state: 'declined' } })
    const order = await see(orderId)
    expect(order).toMatchObject({ refundedFen: 0, claims: [{ state: 'declined', decided: { words: NO.words } }] })
    expect(await reversalsOf()).toEqual([])
  })

  it('of two who decide at once one wins, and the other sees what was decided', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    const answers = await Promise.all([
      decide(orderId, claimId, PORTIONS(2)),
      decide(orderId, claimId, MONEY(100), 'worker-b'),
      decide(orderId, claimId, NO, 'worker-b'),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers.filter((each) => each.status !== 200)) {
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'CLAIM_DECIDED', detail: /处理了/ } })
    }
    const {
      refunds,
      claims: [claim],
    } = await see(orderId)
    expect(refunds.reduce((sum, refund) => sum + refund.amountFen, 0)).toBe(claim?.decided?.amountFen)
    expect(await reversalsOf()).toHaveLength(refunds.length)
  })

  it('who decides between another’s reading and writing has decided it', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    // Another one waits: that something waits is not what stops the second decision.
    await claimed(orderId)
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.Key?.['SK']?.S === `CLAIM#${claimId}`),
      () => decide(orderId, claimId, NO, 'worker-b'),
    )
    expect(await decide(orderId, claimId, PORTIONS(2))).toMatchObject({ body: { code: 'CLAIM_DECIDED' } })
    expect((await see(orderId)).refundedFen).toBe(0)
  })

  it('who decides two claims of one line at once gives each its own part, to the fen', async () => {
    const orderId = await bought()
    const [first, second] = [await claimed(orderId, { portions: 1 }), await claimed(orderId, { portions: 2 })]
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.Key?.['SK']?.S === `CLAIM#${first}`),
      () => decide(orderId, second, { decision: 'accept', lines: [{ lineId: '1-1', amountFen: 999 }] }, 'worker-b'),
    )
    // A third of what is left by then: 3003 − 999.
    expect(await decide(orderId, first, PORTIONS(1))).toMatchObject({ body: { decided: { amountFen: 668 } } })
    expect((await see(orderId)).refundedFen).toBe(999 + 668)
  })

  it('whose decision comes twice at once has decided once, and both read it', async () => {
    const orderId = await bought('resident-1', false)
    const claimId = await claimed(orderId)
    // The other one ends between this one's reading of the order and of what is left of it.
    beforeReadingMany(() => decide(orderId, claimId, PORTIONS(2)))
    expect(await decide(orderId, claimId, PORTIONS(2))).toMatchObject({ status: 200, body: { state: 'accepted' } })
    expect((await see(orderId)).refundedFen).toBe(2002)
  })

  it('gives back no portion twice, whatever was decided while it was read', async () => {
    const orderId = await bought()
    const [first, second] = [await claimed(orderId, { portions: 2 }), await claimed(orderId, { portions: 2 })]
    beforeReadingMany(() => decide(orderId, first, PORTIONS(2), 'worker-b'))
    expect(await decide(orderId, second, PORTIONS(2))).toMatchObject({ body: { code: 'TOO_MANY_PORTIONS' } })
    expect((await see(orderId)).refundedFen).toBe(2002)
  })

  it('gives back nothing that a refund took meanwhile', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    const all = { refundId: randomUUID(), reason: 'refund' }
    expect(await call(payments, refundOrder, { params: { orderId }, body: all, as: 'worker-1' })).toMatchObject({
      status: 200,
    })
    expect(await decide(orderId, claimId, PORTIONS(1))).toMatchObject({ body: { code: 'TOO_MANY_PORTIONS' } })
    expect(await decide(orderId, claimId, MONEY(1))).toMatchObject({ body: { code: 'REFUND_TOO_LARGE' } })
    expect((await see(orderId)).refundedFen).toBe(3433)
  })

  it('decides nothing of their own household, nor of another community', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    expect(await decide(orderId, claimId, PORTIONS(1), 'worker-who-lives-here')).toMatchObject({
      body: { code: 'OWN_CLAIM' },
    })
    expect(await decide(orderId, claimId, PORTIONS(1), 'worker-2')).toMatchObject({ status: 404 })
    expect(await decide(orderId, randomUUID(), PORTIONS(1))).toMatchObject({ status: 404 })
    for (const as of ['resident-1', 'coop-1'])
      expect(await decide(orderId, claimId, PORTIONS(1), as)).toMatchObject({ status: 403 })
  })

  it('whose machine dies while deciding has decided nothing, or all of it', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    killWrites((writes) => writes.some(({ Update }) => Update?.Key?.['SK']?.S === `CLAIM#${claimId}`))
    expect(await decide(orderId, claimId, PORTIONS(2))).toMatchObject({ status: 500 })
    vi.restoreAllMocks()
    expect(await see(orderId)).toMatchObject({ refundedFen: 0, claims: [{ state: 'open' }] })
    expect(await decide(orderId, claimId, PORTIONS(2))).toMatchObject({ status: 200 })
  })

  it('who accepts what still lies at the counter takes it off the list there', async () => {
    const orderId = await bought('resident-1', false)
    const claimId = await claimed(orderId)
    expect(await decide(orderId, claimId, PORTIONS(2))).toMatchObject({ status: 200 })
    expect((await see(orderId)).shares[0]?.lines[0]).toMatchObject({ dropped: 2, refundedFen: 2002 })
    const handOut = { pickUpId: randomUUID(), lines: [{ saleId: await saleOf(orderId), lineId: '1-1', portions: 2 }] }
    const answer = await call(orders, collectShares, { params: { orderId }, body: handOut, as: 'worker-1' })
    expect(answer).toMatchObject({ body: { code: 'TOO_MANY_PORTIONS' } })
  })

  it('finds what is to be decided, by room and code, and what was', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    type Desk = { items: { claimId: string }[]; openCount: number }
    const mine = ({ body }: { body: unknown }) => (body as Desk).items.find((each) => each.claimId === claimId)
    const open = await desk()
    expect(mine(open)).toMatchObject({
      orderId,
      householdLabel: expect.stringContaining('resident-1'),
      isOverdue: false,
      lines: [{ name: 'apple', portions: 2, quantity: 3, leftFen: 3003, leftPortions: 2, claimedFen: 2002 }],
    })
    expect((open.body as Desk).openCount).toBe((open.body as Desk).items.length)
    expect(await desk('open', 'worker-2')).toMatchObject({ status: 404 })
    await decide(orderId, claimId, NO)
    expect(mine(await desk())).toBeUndefined()
    expect(mine(await desk('decided'))).toMatchObject({ state: 'declined' })
    const late = await claimed(orderId)
    later(72)
    expect((await desk()).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ claimId: late, isOverdue: true })]),
    })
  })
})

describe('a claim about goods that were paid in cash', () => {
  it('is told as such at the desk: its money goes back over the counter', async () => {
    const orderId = await buyers.place(gb, 'resident-1', { apple: 3, cucumber: 1 })
    const { amountFen } = (await see(orderId)) as unknown as { amountFen: number }
    const params = { orderId, moveId: randomUUID() }
    const body = { amountFen, byName: '李老师' }
    expect((await call(payments, takeCash, { params, body, as: 'worker-1' })).status).toBe(200)
    const byPhone = await buyers.buy(gb, 'resident-1', { apple: 1 })
    await buyers.close(gb)
    for (const each of [orderId, byPhone]) {
      const pickUp = { params: { orderId: each }, body: { pickUpId: randomUUID() }, as: 'worker-1' }
      expect((await call(orders, collectShares, pickUp)).status).toBe(200)
    }
    const claimId = await claimed(orderId)
    const other = await claimed(byPhone, { portions: 1 })
    const { items } = (await desk()).body as { items: { claimId: string; paidInCash?: true }[] }
    const isCash = (id: string) => items.find((each) => each.claimId === id)?.paidInCash
    expect([isCash(claimId), isCash(other)]).toEqual([true, undefined])
  })
})

describe('a sale with a claim', () => {
  it('is not settled before it is decided, and then it is', async () => {
    const claimless = await bought('resident-2')
    const orderId = await buyers.buy((gb = await aGroupBuy()), 'resident-1', { apple: 3 })
    const other = await buyers.buy(gb, 'resident-2', { apple: 1 })
    await buyers.close(gb)
    const claimId = await claimed(orderId)
    later(49)
    await tick(settlementTick)
    const settledAt = async (id: string) => (await see(id, 'worker-1')).shares[0]?.settledAt
    expect([await settledAt(claimless), await settledAt(other)]).toEqual([expect.any(String), expect.any(String)])
    expect(await settledAt(orderId)).toBeUndefined()
    expect((await lookAt(backend, gb)).watch).toBe('settle')
    expect(await decide(orderId, claimId, PORTIONS(1))).toMatchObject({ status: 200 })
    await tick(settlementTick)
    expect(await settledAt(orderId)).toEqual(expect.any(String))
    expect((await lookAt(backend, gb)).watch).toBeUndefined()
    expect(await file(orderId)).toMatchObject({ body: { code: 'CLAIM_WINDOW_OVER' } })
  })

  it('that is declined is settled, too', async () => {
    const orderId = await bought()
    const claimId = await claimed(orderId)
    later(49)
    await decide(orderId, claimId, NO)
    await tick(settlementTick)
    expect((await see(orderId)).shares[0]?.settledAt).toEqual(expect.any(String))
  })

  it('is not settled by a clock that looked before the claim came, and its clock goes on', async () => {
    const orderId = await bought()
    const at = Date.now()
    later(48.6)
    beforeWriting(
      (writes) => writes.some(({ Update }) => Update?.UpdateExpression?.includes('#settledAt') === true),
      async () => {
        vi.setSystemTime(at + 47 * HOUR)
        await claimed(orderId)
        vi.setSystemTime(at + 48.6 * HOUR)
      },
    )
    await tick(settlementTick)
    expect((await see(orderId)).shares[0]?.settledAt).toBeUndefined()
    expect((await lookAt(backend, gb)).watch).toBe('settle')
  })

  it('that is settled takes no claim, whatever a slow request has read', async () => {
    const orderId = await bought()
    const at = Date.now()
    later(48.4)
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'claim'),
      async () => {
        vi.setSystemTime(at + 49 * HOUR)
        await tick(settlementTick)
      },
    )
    expect(await file(orderId)).toMatchObject({ status: 409, body: { code: 'CLAIM_WINDOW_OVER' } })
    expect((await see(orderId)).claims).toEqual([])
  })
})

describe('a photo of a claim', () => {
  it('is seen by the household, its workers and the co-op that sold the goods, and by nobody else', async () => {
    const orderId = await bought()
    const { photoId, answer } = await aPhoto(orderId)
    expect(answer).toMatchObject({ status: 200 })
    const asks = async (as: string) => (await call(photos, getClaimPhoto, { params: { photoId }, as })).status
    expect([await asks('resident-1'), await asks('worker-1'), await asks('coop-1')]).toEqual([200, 404, 404])
    await claimed(orderId, { body: { photoIds: [photoId] } })
    for (const as of ['resident-1', 'worker-1', 'coop-1', 'admin-1']) expect(await asks(as), as).toBe(200)
    for (const as of ['resident-2', 'worker-2', 'coop-2', 'stranger']) expect(await asks(as), as).toBe(404)
    expect(await call(photos, getPhoto, { params: { photoId } })).toMatchObject({ status: 404 })
    const seen = await call(photos, getClaimPhoto, { params: { photoId }, as: 'worker-1' })
    expect(seen.headers['cache-control']).toMatch(/no-store/)
  })

  it('is gone 90 days after the claim', async () => {
    const orderId = await bought()
    const { photoId } = await aPhoto(orderId)
    await claimed(orderId, { body: { photoIds: [photoId] } })
    const item = (await backend.scan('photos')).find((each) => each['photoId'] === photoId)
    const days = (Number(item?.['expiresAtSeconds']) - Date.now() / 1000) / 86_400
    expect(days).toBeGreaterThan(89.9)
    expect(days).toBeLessThan(90.1)
  })

  it('is one that this person sent for this share, and shows in one claim', async () => {
    const orderId = await bought()
    const { photoId } = await aPhoto(orderId)
    const unknown = { body: { photoIds: [randomUUID()] } }
    expect(await file(orderId, unknown)).toMatchObject({ status: 422, body: { code: 'UNKNOWN_PHOTO' } })
    const claimId = await claimed(orderId, { body: { photoIds: [photoId] } })
    expect(await file(orderId, { claimId, body: { photoIds: [photoId] } })).toMatchObject({ status: 200 })
    expect(await file(orderId, { body: { photoIds: [photoId] } })).toMatchObject({ body: { code: 'UNKNOWN_PHOTO' } })
    expect((await aPhoto(orderId, 'family', { photoId })).answer).toMatchObject({ status: 404 })
    gb = await aGroupBuy()
    const elsewhere = await aPhoto(await bought())
    expect(elsewhere.answer).toMatchObject({ status: 200 })
    expect(await file(orderId, { body: { photoIds: [elsewhere.photoId] } })).toMatchObject({
      body: { code: 'UNKNOWN_PHOTO' },
    })
    expect((await aPhoto(orderId, 'resident-2')).answer).toMatchObject({ status: 404 })
    expect((await aPhoto(orderId, 'worker-1')).answer).toMatchObject({ status: 404 })
    expect((await see(orderId)).claims).toHaveLength(1)
  })
})

describe('the co-op', () => {
  it('sees what was claimed of its goods, and never whose they were', async () => {
    const orderId = await bought()
    const { photoId } = await aPhoto(orderId)
    const words = '住在三楼的老王'
    const claimId = await claimed(orderId, { body: { photoIds: [photoId], words } })
    await decide(orderId, claimId, PORTIONS(1))
    const ask = (as: string) => call(claims, listGroupBuyClaims, { params: { groupBuyId: gb }, as })
    const seen = await ask('coop-1')
    expect(seen.body).toEqual({
      title: '示例团购',
      items: [
        {
          claimId,
          ...{ state: 'accepted', reason: 'broken', photoIds: [photoId], refundedFen: 1001 },
          filedAt: expect.any(String),
          lines: [{ lineId: '1-1', portions: 2, name: 'apple', unitLabel: expect.any(String) }],
        },
      ],
    })
    for (const private_ of ['resident-1', orderId, words, '1号楼']) expect(seen.text).not.toContain(private_)
    expect(await ask('coop-2')).toMatchObject({ status: 404 })
    expect(await ask('worker-1')).toMatchObject({ status: 403 })
  })
})
