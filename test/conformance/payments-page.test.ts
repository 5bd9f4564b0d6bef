import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { line, order, paidSession, post, startHarness, type Harness } from './payments-harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ merchant: '乡来 <龙山社区>' })
})
afterAll(() => harness.close())

const create = (change = {}) => harness.stripe.checkout.sessions.create(order(change))
const page = async (id: string) => {
  const response = await fetch(`${harness.payments.url}/pay/${id}`)
  return { status: response.status, headers: response.headers, html: await response.text() }
}

describe('payment sandbox: the hosted page', () => {
  it('says that it is no real payment, and shows merchant, lines, amount and methods', async () => {
    const session = await create({ line_items: [line('西红柿 <b>', 1230, 2), line('黄瓜', 460, 1)] })
    const { status, html } = await page(session.id)
    expect(status).toBe(200)
    for (const text of [
      '支付沙盒 · 不是真实付款',
      '乡来 &#60;龙山社区&#62;',
      '西红柿 &#60;b&#62;',
      '¥12.30 × 2',
      '¥24.60',
      '¥29.20',
      '支付宝',
      '微信支付',
      '银行卡',
      '余额不足',
      '稍后到账',
      '返回商家',
    ]) {
      expect(html).toContain(text)
    }
    expect(html).not.toContain('<b>黄瓜')
  })

  it('offers only the methods of the session', async () => {
    const { html } = await page(
      (await create({ allowed_payment_method_types: ['card'], payment_method_options: {} })).id,
    )
    expect(html).toContain('银行卡')
    expect(html).not.toContain('支付宝')
  })

  it('runs no script, loads nothing, and names where its form may lead', async () => {
    const { headers, html } = await page((await create()).id)
    expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import|\son\w+=/)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http:\/\/127\.0\.0\.1:\*; frame-ancestors 'none'; base-uri 'none'$/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
    const elsewhere = await page(
      (await create({ success_url: 'https://shop.example/done', cancel_url: 'https://shop.example/c' })).id,
    )
    expect(elsewhere.headers.get('content-security-policy')).toContain("form-action 'self' https://shop.example;")
  })

  it('leads to the success URL with the session id, and back to the merchant on cancel', async () => {
    const session = await create()
    const canceled = await post(harness, session.id, 'cancel')
    expect([canceled.status, canceled.headers.get('location')]).toEqual([303, session.cancel_url])
    expect((await harness.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
    const paid = await post(harness, session.id, 'paid')
    expect([paid.status, paid.headers.get('location')]).toEqual([
      303,
      `http://127.0.0.1:8080/orders/o1?session=${session.id}`,
    ])
  })

  it('says so when a payment was declined, is made, is under way or came too late', async () => {
    const declined = await create()
    const answer = await post(harness, declined.id, 'declined')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/pay/${declined.id}`])
    expect((await page(declined.id)).html).toContain('付款被拒绝')
    const { session } = await paidSession(harness)
    expect(await page(session.id)).toMatchObject({ status: 200, html: expect.stringContaining('已经付过款了') })
    const again = await post(harness, session.id, 'paid')
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('不会重复收款')])
    const promised = await create()
    await post(harness, promised.id, 'async_paid')
    expect((await page(promised.id)).html).toContain('付款处理中')
    const expired = await create()
    await harness.stripe.checkout.sessions.expire(expired.id)
    expect(await page(expired.id)).toMatchObject({ status: 410, html: expect.stringContaining('付款已过期') })
    expect((await page('cs_test_none')).status).toBe(404)
    expect((await post(harness, 'cs_test_none', 'paid')).status).toBe(404)
  })

  it('answers machines with JSON', async () => {
    const session = await create()
    const json = async (outcome: string) => {
      const response = await post(harness, session.id, outcome, 'alipay', 'application/json')
      return [response.status, await response.json()]
    }
    expect(await json('cancel')).toEqual([
      200,
      { result: 'canceled', sessionId: session.id, location: session.cancel_url },
    ])
    expect(await json('declined')).toEqual([402, { result: 'declined', sessionId: session.id, location: null }])
    expect(await json('paid')).toEqual([
      200,
      { result: 'paid', sessionId: session.id, location: `http://127.0.0.1:8080/orders/o1?session=${session.id}` },
    ])
    expect(await json('paid')).toEqual([409, { result: 'already_complete', sessionId: session.id, location: null }])
    const expired = await create()
    await harness.stripe.checkout.sessions.expire(expired.id)
    const late = await post(harness, expired.id, 'paid', 'alipay', 'application/json')
    expect([late.status, await late.json()]).toEqual([
      409,
      { result: 'expired', sessionId: expired.id, location: null },
    ])
  })
})
