import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  confirmEmail,
  listNotices,
  noticeKinds,
  type NoticeView,
  saveNoticeSettings,
  sendEmailCode,
} from '#shared/contracts/notifications.ts'
import { refundOrder } from '#shared/contracts/orders.ts'
import { confirmStatement, disputeStatement, getStatement, type Statement } from '#shared/contracts/settlement.ts'
import { handler as notifications } from '#functions/notifications/index.ts'
import { handler as notificationsTick } from '#functions/notifications/on-tick.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { MEMBERS_TOLD_MAX } from '#functions/settlement/coop-members.ts'
import { handler as settlement } from '#functions/settlement/index.ts'
import { handler as settlementTick } from '#functions/settlement/on-tick.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { killWrites } from '../fixtures/interleave.ts'
import { type MailServer, startMailServer } from '../fixtures/mail-server.ts'
import { aCoopMember, aMarket, aResident, aWorker, COOP } from '../fixtures/market.ts'
import { lookAt, ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'
import { postEverything } from '../fixtures/posting.ts'

/** Goal: a co-op hears of each new statement, each of its members once, and nobody else does. */
let backend: Backend
let provider: Provider
let mail: MailServer
let buyers: ReturnType<typeof ordering>
let gb = ''

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  mail = await startMailServer()
  buyers = ordering(backend, provider)
  await aResident(backend, 'resident-1')
  await aWorker(backend, 'worker-1')
  for (const person of ['coop-1', 'coop-b', 'gone']) await aCoopMember(backend, person)
  await aCoopMember(backend, 'coop-2', 'coop-2')
})
afterAll(async () => {
  await mail.stop()
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  const [smtpUrl, mailFrom] = [mail.url, 'no-reply@xianglai.test']
  process.env.MESSAGE_CHANNELS = JSON.stringify({ smtpUrl, mailFrom, hookUrl: '', hookSecret: '' })
  await tick(notificationsTick)
  mail.reset()
  gb = `gb-${randomUUID().slice(0, 8)}`
  const offers = [{ offerId: 'apple', priceFen: 1_050, stock: 40, limit: 20 }]
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 1_800_000).toISOString(), offers })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const HOUR = 3_600_000
/** Four apples sold, and stated: ¥42.00 less the fund's ¥0.84. */
async function stated(): Promise<string> {
  const orderId = await buyers.buy(gb, 'resident-1', { apple: 4 })
  await buyers.close(gb)
  await postEverything(backend)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 49 * HOUR })
  await tick(settlementTick)
  return orderId
}
async function refund(orderId: string, amountFen: number): Promise<void> {
  const saleId = (await lookAt(backend, gb)).shares.get(orderId)?.saleId
  const body = { refundId: randomUUID(), reason: 'refund', lines: [{ saleId, lineId: '1-1', amountFen }] }
  expect(await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })).toMatchObject({
    status: 200,
  })
  await postEverything(backend)
  vi.setSystemTime(Date.now() + 7 * HOUR)
  await tick(settlementTick)
}
const told = async (as: string) => {
  const answer = await call(notifications, listNotices, { query: { limit: '50' }, as })
  return (answer.body as { items: NoticeView[] }).items.filter(({ groupBuyId }) => groupBuyId === gb)
}
const statement = async (part = 1) =>
  (await call(settlement, getStatement, { params: { groupBuyId: gb, part: String(part) }, as: 'coop-1' }))
    .body as Statement
const params = () => ({ groupBuyId: gb, part: '1' })
const confirm = () => call(settlement, confirmStatement, { params: params(), body: { version: 1 }, as: 'coop-1' })
const endOf = async (sub: string) => {
  const { PK, SK } = keys.membership(`${ISSUER}|${sub}`, 'coop', COOP)
  const held = (await backend.scan('market')).find((item) => item.PK === PK && item.SK === SK)
  // The index still lists them.
  await backend.put('market', { ...held, toAt: new Date(Date.now() - 1_000).toISOString() })
  forgetCaller(`${ISSUER}|${sub}`)
}
/** A member of the co-op with an address that is shown to be theirs. */
async function aReader(): Promise<{ as: string; address: string }> {
  const as = `reader-${randomUUID().slice(0, 8)}`
  const address = `${as}@mail.test`
  await aCoopMember(backend, as)
  expect(await call(notifications, sendEmailCode, { body: { address }, as })).toMatchObject({ status: 200 })
  const code = /验证码 (\d{6})/.exec(mail.to(address).at(-1)?.text ?? '')?.[1] ?? ''
  expect(await call(notifications, confirmEmail, { body: { code }, as })).toMatchObject({ status: 200 })
  mail.reset()
  return { as, address }
}

describe('a new statement', () => {
  it('is told to each member of its co-op, once, with what is due; to nobody else', async () => {
    await endOf('gone')
    await stated()
    const { dueFen, madeAt } = await statement()
    expect(dueFen).toBe(4_116)
    for (const as of ['coop-1', 'coop-b']) {
      expect(await told(as), as).toMatchObject([
        {
          kind: 'statement-made',
          groupBuyId: gb,
          part: 1,
          dueFen,
          at: madeAt,
          groupBuyTitle: '示例团购',
          isRead: false,
        },
      ])
    }
    for (const as of ['gone', 'coop-2', 'resident-1', 'worker-1'])
      expect(
        (await told(as)).filter(({ kind }) => kind === 'statement-made'),
        as,
      ).toEqual([])
    await tick(settlementTick)
    expect(await told('coop-1')).toHaveLength(1)
  })

  it('is not told anew when its figures change; the next part is, with what is owed back', async () => {
    const orderId = await stated()
    await refund(orderId, 500)
    expect(await statement()).toMatchObject({ version: 2 })
    expect(await told('coop-1')).toHaveLength(1)
    const seen = { params: params(), body: { version: 2 }, as: 'coop-1' }
    expect(await call(settlement, confirmStatement, seen)).toMatchObject({ status: 200 })
    await refund(orderId, 500)
    expect(await told('coop-1')).toMatchObject([
      { part: 2, dueFen: -490 },
      { part: 1, dueFen: 4_116 },
    ])
  })

  it('is told when it is made, and not when it is not: both or nothing, wherever the machine dies', async () => {
    killWrites((writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'statement'))
    await stated().catch(() => undefined)
    expect(await told('coop-1')).toEqual([])
    vi.restoreAllMocks()
    await tick(settlementTick)
    expect(await statement()).toMatchObject({ state: 'open' })
    expect(await told('coop-1')).toHaveLength(1)
  })

  it('is told to a bounded number of members, who are as many as one transaction takes', async () => {
    const crowd = Array.from({ length: MEMBERS_TOLD_MAX + 3 }, (_none, at) => `crowd-${at}`)
    for (const as of crowd) await aCoopMember(backend, as)
    await stated()
    const notices = (await backend.scan('market')).filter(
      (item) => item.entity === 'notice' && item.kind === 'statement-made' && item.groupBuyId === gb,
    )
    expect(notices).toHaveLength(MEMBERS_TOLD_MAX)
    for (const as of crowd) await endOf(as)
  })
})

describe('a letter about a new statement', () => {
  it('goes to who wants it; no title and no name of the co-op leaves the app', async () => {
    const { address } = await aReader()
    await stated()
    await tick(notificationsTick)
    expect(mail.to(address)).toMatchObject([{ subject: '乡来：新结算单，应付合作社 ¥41.16' }])
    const { text } = mail.to(address)[0] ?? { text: '' }
    expect(text).toMatch(/http:\/\/127\.0\.0\.1:8080\/notices\/\d{13}\.statement-made\.[^\n]+/)
    for (const hidden of ['示例团购', '示例合作社', 'apple']) expect(text).not.toContain(hidden)
  })

  it('is of a kind that can be turned off', async () => {
    const { as, address } = await aReader()
    const kinds = noticeKinds.filter((kind) => kind !== 'statement-made')
    await call(notifications, saveNoticeSettings, { body: { email: true, messages: false, kinds }, as })
    await stated()
    await tick(notificationsTick)
    expect(mail.to(address)).toEqual([])
  })

  it.each([
    ['is confirmed already', confirm],
    [
      'is disputed already',
      () => call(settlement, disputeStatement, { params: params(), body: { version: 1, words: '少了' }, as: 'coop-1' }),
    ],
  ])('that waits is not sent any more when the statement %s', async (_what, answer) => {
    const { address } = await aReader()
    await stated()
    expect(await answer()).toMatchObject({ status: 200 })
    await tick(notificationsTick)
    expect(mail.to(address)).toEqual([])
  })

  it('that waits is not sent to who is no member any more', async () => {
    const { as, address } = await aReader()
    await stated()
    await endOf(as)
    await tick(notificationsTick)
    expect(mail.to(address)).toEqual([])
  })
})
