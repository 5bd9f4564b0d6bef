import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkDelivery } from '#shared/contracts/deliveries.ts'
import {
  confirmEmail,
  dropEmail,
  getNoticeSettings,
  listNotices,
  noticeKinds,
  type NoticeSettings,
  saveNoticeSettings,
  sendEmailCode,
} from '#shared/contracts/notifications.ts'
import { collectShares, refundOrder } from '#shared/contracts/orders.ts'
import { EMAIL_CODE_MINUTES, EMAIL_CODE_TRIES, EMAIL_CODES_A_DAY } from '#shared/domain/notifications/confirm-email.ts'
import { DELIVER_WITHIN_HOURS } from '#shared/domain/notifications/retry.ts'
import { handler as notifications } from '#functions/notifications/index.ts'
import { handler as notificationsTick } from '#functions/notifications/on-tick.ts'
import { handler as orders } from '#functions/orders/index.ts'
import { handler as payments } from '#functions/payments/index.ts'
import { forgetCaller } from '#functions/platform/caller.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { type Backend, ISSUER, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { beforeWriting, killWrites } from '../fixtures/interleave.ts'
import { type MailServer, startMailServer } from '../fixtures/mail-server.ts'
import { aMarket, aResident, aWorker, COMPOUND } from '../fixtures/market.ts'
import { ordering, tick } from '../fixtures/ordering.ts'
import { type Provider, startProvider } from '../fixtures/payments.ts'

/** Of the time that a mail server may be silent, how much of it a test waits for. */
const patience = vi.hoisted(() => ({ part: 1 }))
vi.mock('nodemailer', async (original) => {
  const real = await original<typeof import('nodemailer')>()
  const createTransport = (options: { readonly socketTimeout: number }) =>
    real.createTransport({ ...options, socketTimeout: options.socketTimeout * patience.part })
  return { ...real, createTransport }
})

/**
 * Goal: who wants to hear outside the app does, at an address that is shown to be theirs, each thing once as far as anybody
 * can promise, and nothing that is nobody's business leaves. Letters go to a real mail server, hooks to a real HTTP server.
 */
let backend: Backend
let provider: Provider
let buyers: ReturnType<typeof ordering>
let mail: MailServer
let gateway: Awaited<ReturnType<typeof startGateway>>
let buyer = ''
let family = ''
let stranger = ''
let gb = ''

beforeAll(async () => {
  backend = await startBackend()
  provider = await startProvider()
  mail = await startMailServer()
  gateway = await startGateway()
  buyers = ordering(backend, provider)
  await aWorker(backend, 'worker-1')
})
afterAll(async () => {
  await mail.stop()
  await gateway.stop()
  await provider.stop()
  await backend.stop()
})
beforeEach(async () => {
  channels({ smtpUrl: mail.url, hookUrl: gateway.url })
  // What earlier tests told goes out before this one looks.
  await tick(notificationsTick)
  mail.reset()
  gateway.reset()
  const home = randomUUID().slice(0, 8)
  buyer = `buyer-${home}`
  family = `family-${home}`
  stranger = `stranger-${home}`
  await aResident(backend, buyer, home)
  await aResident(backend, family, home)
  await verify(family)
  await aResident(backend, stranger, `other-${home}`)
  gb = `gb-${home}`
  const offers = [{ offerId: 'apple', priceFen: 1001, stock: 40, limit: 20 }]
  await aMarket(backend, { groupBuyId: gb, pickUpEndsAt: new Date(Date.now() + 7_200_000).toISOString(), offers })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  patience.part = 1
})

const FROM = 'no-reply@xianglai.test'
const SECRET = `whsec_${randomBytes(32).toString('base64')}`
function channels(wanted: { smtpUrl?: string; hookUrl?: string }) {
  const { smtpUrl = '', hookUrl = '' } = wanted
  process.env.MESSAGE_CHANNELS = JSON.stringify({ smtpUrl, mailFrom: FROM, hookUrl, hookSecret: SECRET })
}

async function verify(sub: string) {
  const { PK } = keys.person(`${ISSUER}|${sub}`)
  const found = (await backend.scan('market')).find((item) => item.PK === PK && item.entity === 'membership')
  const { compoundId, scopeId, memberId } = found as Record<string, string>
  const listed = index.compoundMembers(compoundId ?? '', 'verified', scopeId ?? '', memberId ?? '')
  await backend.put('market', { ...found, ...listed, state: 'verified' })
  forgetCaller(`${ISSUER}|${sub}`)
}

const verified = (headers: IncomingHttpHeaders, body: string) =>
  new Webhook(SECRET).verify(body, headers as Record<string, string>)

/** An operator's gateway: it keeps what it is sent, and answers as a test says. */
async function startGateway() {
  const calls: { headers: IncomingHttpHeaders; body: string; told: unknown }[] = []
  let status = 204
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      // While it is fresh, as whoever receives it does.
      calls.push({ headers: request.headers, body, told: verified(request.headers, body) })
      response.writeHead(status, status === 307 ? { location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    calls,
    answer: (code: number) => void (status = code),
    reset() {
      calls.length = 0
      status = 204
    },
    stop: () => new Promise((done) => server.close(done)),
  }
}

const settingsOf = async (as: string) => (await call(notifications, getNoticeSettings, { as })).body as NoticeSettings
const ask = (as: string, address: string) => call(notifications, sendEmailCode, { body: { address }, as })
const confirm = (as: string, code: string) => call(notifications, confirmEmail, { body: { code }, as })
const save = (as: string, wanted: Partial<Pick<NoticeSettings, 'messages' | 'kinds'>> & { email?: boolean }) =>
  call(notifications, saveNoticeSettings, {
    body: { email: true, messages: false, kinds: [...noticeKinds], ...wanted },
    as,
  })
const codeAt = (address: string) => /验证码 (\d{6})/.exec(mail.to(address).at(-1)?.text ?? '')?.[1] ?? ''
async function withEmail(as: string, address = `${as}@mail.test`): Promise<string> {
  expect(await ask(as, address)).toMatchObject({ status: 200 })
  expect(await confirm(as, codeAt(address))).toMatchObject({ status: 200 })
  mail.letters.length = 0
  return address
}
const later = (minutes: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
  for (const who of [buyer, family, stranger]) forgetCaller(`${ISSUER}|${who}`)
}

async function arrived(): Promise<string> {
  const orderId = await buyers.buy(gb, buyer, { apple: 3 })
  await buyers.close(gb)
  const params = { groupBuyId: gb, compoundId: COMPOUND, pickUpPointId: 'p-1' }
  const lines = [{ offerId: 'apple', arrivedPortions: 3, refusedPortions: 0 }]
  expect(await call(payments, checkDelivery, { params, body: { version: 0, lines }, as: 'worker-1' })).toMatchObject({
    status: 200,
  })
  return orderId
}
async function refunded(as = buyer): Promise<string> {
  const orderId = await buyers.buy(gb, as, { apple: 1 })
  const body = { refundId: randomUUID(), reason: 'refund' }
  expect(await call(payments, refundOrder, { params: { orderId }, body, as: 'worker-1' })).toMatchObject({
    status: 200,
  })
  return orderId
}
const subjects = (address: string) => mail.to(address).map(({ subject }) => subject)
const outgoing = async (as: string) =>
  (await backend.scan('market')).filter((item) => item.entity === 'outgoing' && item.personId === `${ISSUER}|${as}`)

describe('an address', () => {
  it('is sent a code, and nothing else before the code comes back', async () => {
    const address = 'wang@mail.test'
    expect(await ask(buyer, ` ${address} `)).toMatchObject({ status: 200, body: { toConfirm: { address } } })
    expect(subjects(address)).toEqual(['乡来：确认您的邮箱'])
    await refunded()
    await tick(notificationsTick)
    expect(subjects(address)).toHaveLength(1)
    const done = await confirm(buyer, codeAt(address))
    expect(done).toMatchObject({ status: 200, body: { email: { address, isOn: true }, kinds: noticeKinds } })
    expect((done.body as NoticeSettings).toConfirm).toBeUndefined()
    expect(await confirm(buyer, codeAt(address))).toMatchObject({ status: 409, body: { code: 'CODE_EXPIRED' } })
    expect((await settingsOf(stranger)).email).toBeUndefined()
  })

  it('is not confirmed by a guess: tries are few, also all at once, and a code is its owner’s', async () => {
    await ask(buyer, 'a@mail.test')
    const code = codeAt('a@mail.test')
    const wrong = code === '000000' ? '000001' : '000000'
    await ask(stranger, 'b@mail.test')
    expect(await confirm(stranger, code === codeAt('b@mail.test') ? wrong : code)).toMatchObject({
      body: { code: 'WRONG_CODE' },
    })
    const answers = await Promise.all(Array.from({ length: EMAIL_CODE_TRIES + 3 }, () => confirm(buyer, wrong)))
    const wrongs = answers.filter(({ body }) => (body as { code: string }).code === 'WRONG_CODE')
    expect(wrongs.length).toBeLessThanOrEqual(EMAIL_CODE_TRIES)
    for (let n = wrongs.length; n < EMAIL_CODE_TRIES; n++) await confirm(buyer, wrong)
    expect(await confirm(buyer, code)).toMatchObject({ status: 409, body: { code: 'CODE_EXPIRED' } })
    expect(await confirm(buyer, '12345')).toMatchObject({ status: 400 })
  })

  it('has to be confirmed in time; what nobody confirmed is forgotten', async () => {
    await ask(buyer, 'late@mail.test')
    const code = codeAt('late@mail.test')
    later(EMAIL_CODE_MINUTES)
    expect(await confirm(buyer, code)).toMatchObject({ body: { code: 'CODE_EXPIRED' } })
    await tick(notificationsTick)
    expect(JSON.stringify(await backend.scan('market'))).not.toContain('late@mail.test')
  })

  it('is not flooded: a minute between codes, few a day, one letter for requests that come together', async () => {
    beforeWriting(
      (writes) => writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'emailToConfirm'),
      () => ask(buyer, 'c@mail.test'),
    )
    expect(await ask(buyer, 'c@mail.test')).toMatchObject({ status: 409, body: { code: 'CODE_JUST_SENT' } })
    vi.restoreAllMocks()
    expect(mail.to('c@mail.test')).toHaveLength(1)
    expect(await ask(buyer, 'd@mail.test')).toMatchObject({ status: 409, body: { code: 'CODE_JUST_SENT' } })
    // In the middle of a Shanghai day, so that all of it is one day.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-03-01T02:00:00.000Z') })
    for (let n = 0; n < EMAIL_CODES_A_DAY; n++) {
      expect(await ask(buyer, 'c@mail.test'), String(n)).toMatchObject({ status: 200 })
      later(1)
      // Neither confirming nor dropping it brings back what was used up.
      expect(await call(notifications, dropEmail, { as: buyer })).toMatchObject({ status: 200 })
    }
    expect(await ask(buyer, 'c@mail.test')).toMatchObject({ status: 409, body: { code: 'TOO_MANY_CODES' } })
    later(24 * 60)
    expect(await ask(buyer, 'c@mail.test')).toMatchObject({ status: 200 })
  })

  it('is one address and nothing else', async () => {
    const bad = [
      '',
      'nobody',
      'a@b',
      'a@mail.test, b@mail.test',
      'a@mail.test\r\nBcc: b@mail.test',
      `${'x'.repeat(250)}@mail.test`,
    ]
    for (const address of bad) expect(await ask(buyer, address), address).toMatchObject({ status: 400 })
    expect(mail.letters).toEqual([])
  })

  it('that the mail server refuses is told at once; a mail server that is down as well', async () => {
    mail.onRecipient(() => ({ code: 550, words: 'no such user gone@mail.test' }))
    expect(await ask(buyer, 'gone@mail.test')).toMatchObject({ status: 422, body: { code: 'EMAIL_REFUSED' } })
    channels({ smtpUrl: 'smtp://127.0.0.1:9' })
    expect(await ask(stranger, 'down@mail.test')).toMatchObject({ status: 409, body: { code: 'EMAIL_NOT_SENT' } })
    channels({})
    expect(await ask(family, 'off@mail.test')).toMatchObject({ status: 409, body: { code: 'CHANNEL_OFF' } })
  })

  it('does not travel in the open: a mail server elsewhere has to speak TLS', async () => {
    const elsewhere = await startMailServer('127.0.0.2')
    channels({ smtpUrl: elsewhere.url })
    expect(await ask(buyer, 'open@mail.test')).toMatchObject({ status: 409, body: { code: 'EMAIL_NOT_SENT' } })
    expect(elsewhere.seen.connections).toBe(1)
    expect(elsewhere.letters).toEqual([])
    await elsewhere.stop()
  })

  it('stands in the settings of its owner and nowhere else: no log, no other item; dropped, it is gone', async () => {
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    const address = await withEmail(buyer, 'secret-address@mail.test')
    await refunded()
    await tick(notificationsTick)
    expect(subjects(address)).toHaveLength(1)
    mail.onRecipient(() => ({ code: 550, words: `no such user ${address}` }))
    await refunded()
    await tick(notificationsTick)
    expect(written.join('')).toContain('message given up')
    expect(written.join('')).not.toContain('secret-address')
    const holders = (await backend.scan('market')).filter((item) => JSON.stringify(item).includes('secret-address'))
    expect(holders.map(({ entity }) => entity)).toEqual(['noticeSettings'])
    expect(await call(notifications, dropEmail, { as: buyer })).toMatchObject({ status: 200 })
    expect(JSON.stringify(await backend.scan('market'))).not.toContain('secret-address')
    expect((await settingsOf(buyer)).email).toBeUndefined()
  })
})

describe('a letter', () => {
  it('goes to nobody who did not ask for it', async () => {
    await arrived()
    await tick(notificationsTick)
    expect(mail.letters).toEqual([])
    expect(gateway.calls).toEqual([])
  })

  it('goes once to who ordered and to their verified family, each at their own address', async () => {
    const addresses = [await withEmail(buyer), await withEmail(family), await withEmail(stranger)]
    await arrived()
    for (let n = 0; n < 3; n++) await tick(notificationsTick)
    expect(
      addresses.map((address) => subjects(address).filter((subject) => subject === '乡来：菜到了').length),
    ).toEqual([1, 1, 0])
    expect(mail.letters.every(({ from }) => from === FROM)).toBe(true)
    expect(new Set(mail.letters.map(({ messageId }) => messageId)).size).toBe(mail.letters.length)
  })

  it('goes to nobody who does not live there any more, though a lagging index says otherwise', async () => {
    const address = await withEmail(family)
    const { PK } = keys.person(`${ISSUER}|${family}`)
    const home = (await backend.scan('market')).find((item) => item.PK === PK && item.entity === 'membership')
    for (const gone of [{ state: 'rejected' }, { toAt: new Date(Date.now() - 1000).toISOString() }]) {
      await backend.put('market', { ...home, ...gone })
      await refunded()
      await tick(notificationsTick)
      expect(subjects(address), JSON.stringify(gone)).toEqual([])
    }
  })

  it('says what happened and leads to it; no title, goods, room, place or code leaves the app', async () => {
    const address = await withEmail(buyer)
    const orderId = await arrived()
    await tick(notificationsTick)
    const letter = mail.to(address).find(({ subject }) => subject === '乡来：菜到了')
    expect(letter?.text).toMatch(
      /您家订的菜到了.*http:\/\/127\.0\.0\.1:8080\/notices\/\d{13}\.arrived\.[^\n]+\n.*\/notices\/settings/s,
    )
    expect(letter?.raw).toMatch(/^Auto-Submitted: auto-generated/m)
    const order = (await backend.scan('market')).find((item) => item.entity === 'order' && item.orderId === orderId)
    const all = mail.letters.map(({ subject, text }) => subject + text).join('\n')
    for (const hidden of [String(order?.pickUpCode), '示例团购', 'apple', '东门驿站', '1号楼', orderId])
      expect(all).not.toContain(hidden)
  })

  it('is of the kinds that were chosen, and of none when it is turned off', async () => {
    const address = await withEmail(buyer)
    expect(await save(buyer, { kinds: [] })).toMatchObject({ body: { kinds: [] } })
    expect(await save(buyer, { kinds: ['arrived'] })).toMatchObject({ status: 200, body: { kinds: ['arrived'] } })
    await refunded()
    await tick(notificationsTick)
    expect(subjects(address)).toEqual([])
    expect(await save(buyer, { email: false })).toMatchObject({
      status: 200,
      body: { email: { address, isOn: false } },
    })
    await refunded()
    await tick(notificationsTick)
    expect(subjects(address)).toEqual([])
    expect(await save(buyer, {})).toMatchObject({ body: { email: { isOn: true } } })
    await refunded()
    await tick(notificationsTick)
    expect(subjects(address)).toEqual(['乡来：退款 ¥10.01'])
    expect(gateway.calls).toEqual([])
  })

  it('that waits is not sent any more once it is turned off', async () => {
    const address = await withEmail(buyer)
    mail.onRecipient(() => ({ code: 451, words: 'try later' }))
    await refunded()
    await tick(notificationsTick)
    await save(buyer, { email: false })
    mail.onRecipient(() => undefined)
    later(10)
    await tick(notificationsTick)
    expect(subjects(address)).toEqual([])
    expect(await outgoing(buyer)).toMatchObject([{ state: 'dropped' }])
  })

  it('that asks for what was done meanwhile is not sent any more: the goods are collected', async () => {
    const address = await withEmail(buyer)
    mail.onRecipient(() => ({ code: 451, words: 'try later' }))
    const orderId = await arrived()
    await tick(notificationsTick)
    const collect = { params: { orderId }, body: { pickUpId: randomUUID() }, as: 'worker-1' }
    expect(await call(orders, collectShares, collect)).toMatchObject({ status: 200 })
    mail.onRecipient(() => undefined)
    later(10)
    await tick(notificationsTick)
    expect(subjects(address)).toEqual(['乡来：成团了'])
  })

  it('or the order is paid', async () => {
    const address = await withEmail(buyer)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 21.5 * 3_600_000 })
    forgetCaller(`${ISSUER}|${buyer}`)
    mail.onRecipient(() => ({ code: 451, words: 'try later' }))
    const orderId = await buyers.place(gb, buyer, { apple: 3 })
    await tick(notificationsTick)
    expect(await outgoing(buyer)).toMatchObject([{ state: 'due', attempts: 1 }])
    await buyers.pay(orderId, buyer)
    mail.onRecipient(() => undefined)
    later(10)
    await tick(notificationsTick)
    expect(subjects(address)).toEqual([])
    expect(await outgoing(buyer)).toMatchObject([{ state: 'dropped' }])
  })

  it('cannot be turned on without an address', async () => {
    expect(await save(stranger, {})).toMatchObject({ status: 409, body: { code: 'EMAIL_NOT_CONFIRMED' } })
  })

  it('that cannot be brought yet comes later, under the same id, for a day, and is then given up', async () => {
    const address = await withEmail(buyer)
    const ids: string[] = []
    mail.onLetter(({ to, messageId }) => {
      if (to !== address) return undefined
      ids.push(messageId)
      return { code: 451, words: 'greylisted' }
    })
    await refunded()
    await tick(notificationsTick)
    await tick(notificationsTick)
    expect(ids).toHaveLength(1)
    let minutes = 0
    for (; minutes <= DELIVER_WITHIN_HOURS * 60 + 60; minutes += 15) {
      later(15)
      await tick(notificationsTick)
    }
    const [message] = await outgoing(buyer)
    expect(message).toMatchObject({ state: 'given-up', attempts: ids.length })
    expect(new Set(ids).size).toBe(1)
    expect(ids.length).toBeGreaterThan(8)
    expect(ids.length).toBeLessThan(40)
    mail.onLetter(() => undefined)
    await tick(notificationsTick)
    expect(subjects(address)).toEqual([])
  })

  it('to an address that does not exist is given up at once, its owner sees it, and others get theirs', async () => {
    const [bad, good] = [await withEmail(buyer), await withEmail(family)]
    mail.onRecipient((address) => (address === bad ? { code: 550, words: 'no such user' } : undefined))
    await refunded()
    await tick(notificationsTick)
    expect(subjects(good)).toHaveLength(1)
    expect(await outgoing(buyer)).toMatchObject([{ state: 'given-up', attempts: 1 }])
    expect(await settingsOf(buyer)).toMatchObject({
      email: { address: bad, isOn: false, failedAt: expect.any(String) as string },
    })
    await refunded()
    await tick(notificationsTick)
    expect(await outgoing(buyer)).toHaveLength(1)
    mail.onRecipient(() => undefined)
    expect(await save(buyer, {})).toMatchObject({ body: { email: { isOn: true } } })
    expect((await settingsOf(buyer)).email?.failedAt).toBeUndefined()
  })

  it('to a server that hangs over one address does not keep the others', async () => {
    const [slow, good] = [await withEmail(buyer), await withEmail(family)]
    mail.onRecipient((address) => (address === slow ? 'hang' : undefined))
    await refunded()
    patience.part = 0.2
    channels({ smtpUrl: mail.url })
    await tick(notificationsTick)
    expect(subjects(good)).toHaveLength(1)
    expect(await outgoing(buyer)).toMatchObject([
      { state: 'due', attempts: 1, why: expect.stringContaining('ETIMEDOUT') },
    ])
  }, 60_000)

  it('waits while the mail server is down, and loses nothing', async () => {
    const address = await withEmail(buyer)
    for (let n = 0; n < 10; n++) await refunded()
    channels({ smtpUrl: 'smtp://127.0.0.1:9' })
    await tick(notificationsTick)
    const tried = (await outgoing(buyer)).map(({ attempts }) => Number(attempts))
    expect(tried).toHaveLength(10)
    // Three in a row, and those that were under way beside them: the others did not even begin.
    expect(tried.filter((attempts) => attempts > 0).length).toBeLessThanOrEqual(6)
    channels({ smtpUrl: mail.url })
    later(10)
    await tick(notificationsTick)
    expect(subjects(address)).toHaveLength(10)
  })

  it('is sent once by two clocks that strike together', async () => {
    const address = await withEmail(buyer)
    await refunded()
    await Promise.all([tick(notificationsTick), tick(notificationsTick)])
    await tick(notificationsTick)
    expect(subjects(address)).toHaveLength(1)
  })

  it('whose sending was not written down goes out again, under the same id: no more can be promised', async () => {
    const address = await withEmail(buyer)
    await refunded()
    killWrites((writes) =>
      writes.some(({ Put }) => Put?.Item?.['entity']?.S === 'outgoing' && Put.Item['state']?.S === 'sent'),
    )
    await tick(notificationsTick)
    vi.restoreAllMocks()
    await tick(notificationsTick)
    expect(subjects(address)).toHaveLength(1)
    later(6)
    await tick(notificationsTick)
    expect(mail.to(address).map(({ messageId }) => messageId)).toHaveLength(2)
    expect(new Set(mail.to(address).map(({ messageId }) => messageId)).size).toBe(1)
  })

  it('is not written of what is old news when the channel is turned on', async () => {
    const address = await withEmail(buyer)
    channels({})
    await refunded()
    later(DELIVER_WITHIN_HOURS * 60)
    channels({ smtpUrl: mail.url })
    await tick(notificationsTick)
    expect(subjects(address)).toEqual([])
  })

  it('is not needed: without any channel the inbox works, and nothing piles up', async () => {
    await withEmail(buyer)
    channels({})
    await refunded()
    await tick(notificationsTick)
    expect(await call(notifications, listNotices, { as: buyer })).toMatchObject({
      body: { items: [{ kind: 'refunded' }] },
    })
    const waiting = (await backend.scan('market')).filter(({ GSI1PK }) => /^NOTICE#(UNSENT|OUT)/.test(String(GSI1PK)))
    expect(waiting).toEqual([])
    expect(await settingsOf(buyer)).toMatchObject({ channels: { email: false, messages: false } })
  })
})

describe('a hook to the operator’s gateway', () => {
  type Told = {
    type: string
    data: { id: string; kind: string; to: { subject: string; phone?: string }; text: string }
  }
  const told = () => gateway.calls.map((each) => each.told as Told)

  it('carries a verified signature, who it is for and what to say, for those who asked', async () => {
    await backend.put('market', {
      ...keys.person(`${ISSUER}|${buyer}`),
      entity: 'person',
      v: 1,
      personId: `${ISSUER}|${buyer}`,
      memberId: 'm-1',
      phone: '13800000000',
    })
    expect(await save(buyer, { email: false, messages: true })).toMatchObject({ status: 200, body: { messages: true } })
    const orderId = await refunded()
    await tick(notificationsTick)
    await tick(notificationsTick)
    const [only, ...others] = told()
    expect(others).toEqual([])
    expect(only).toMatchObject({
      type: 'notice.v1',
      data: {
        kind: 'refunded',
        to: { subject: buyer, phone: '13800000000' },
        text: expect.stringContaining('¥10.01') as string,
      },
    })
    expect(gateway.calls[0]?.headers['webhook-id']).toBe(only?.data.id)
    expect(gateway.calls[0]?.body).not.toContain(orderId)
    expect(() => verified(gateway.calls[0]?.headers ?? {}, `${gateway.calls[0]?.body} `)).toThrow()
  })

  it('that is refused for good is given up; one that fails comes again under the same id', async () => {
    await save(buyer, { email: false, messages: true })
    gateway.answer(422)
    await refunded()
    await tick(notificationsTick)
    expect(await outgoing(buyer)).toMatchObject([{ state: 'given-up', attempts: 1 }])
    gateway.answer(500)
    await refunded()
    await tick(notificationsTick)
    gateway.answer(204)
    later(10)
    await tick(notificationsTick)
    const ids = told().map(({ data }) => data.id)
    expect(ids).toHaveLength(3)
    expect(ids[1]).toBe(ids[2])
    expect((await outgoing(buyer)).map(({ state }) => state).sort()).toEqual(['given-up', 'sent'])
  })

  it('goes nowhere else than to its own address', async () => {
    await save(buyer, { email: false, messages: true })
    gateway.answer(307)
    await refunded()
    await tick(notificationsTick)
    expect(gateway.calls).toHaveLength(1)
    expect(await outgoing(buyer)).toMatchObject([{ state: 'due', attempts: 1 }])
  })

  it('cannot be asked for where there is none', async () => {
    channels({ smtpUrl: mail.url })
    const wanted = () => save(buyer, { email: false, messages: true })
    expect(await wanted()).toMatchObject({ status: 409, body: { code: 'CHANNEL_OFF' } })
    // Nor where numbers of people would travel in the open.
    channels({ hookUrl: 'http://gateway.test/notices' })
    expect(await wanted()).toMatchObject({ status: 409, body: { code: 'CHANNEL_OFF' } })
    channels({ hookUrl: 'https://gateway.test/notices' })
    expect(await wanted()).toMatchObject({ status: 200 })
  })
})
