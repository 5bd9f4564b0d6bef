import { describe, expect, it } from 'vitest'
import { decideLongerHold, type HeldOrder, unpayable } from '#shared/domain/orders/longer-hold.ts'
import { instant, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'

const NOW = instant(Date.parse('2026-11-28T02:00:00.000Z'))
const inMinutes = (minutes: number) => plusMs(NOW, minutes * MINUTE_MS)
const order: HeldOrder = { state: 'pending_payment', expiresAt: inMinutes(10), hasPayLink: true }

describe('holding an unpaid order longer', () => {
  it('lasts two hours from now', () => {
    expect(decideLongerHold(order, [inMinutes(600)], NOW)).toEqual({ kind: 'longer', until: inMinutes(120) })
  })

  it('never goes past the closing of any of its group buys', () => {
    expect(decideLongerHold(order, [inMinutes(600), inMinutes(45)], NOW)).toEqual({
      kind: 'longer',
      until: inMinutes(45),
    })
  })

  it.each([5, 10])('is refused when they close in %i minutes: nothing would be gained', (minutes) => {
    expect(decideLongerHold(order, [inMinutes(minutes)], NOW)).toMatchObject({ code: 'CLOSES_TOO_SOON' })
  })

  it('is for orders with a link', () => {
    expect(decideLongerHold({ ...order, hasPayLink: false }, [inMinutes(600)], NOW)).toMatchObject({
      code: 'PAY_LINK_NEEDED',
    })
  })

  it('is for orders that can still be paid', () => {
    const code = (changed: Partial<HeldOrder>) => decideLongerHold({ ...order, ...changed }, [inMinutes(600)], NOW)
    expect(code({ state: 'paid' })).toMatchObject({ code: 'ORDER_ALREADY_PAID' })
    expect(code({ state: 'cancelled' })).toMatchObject({ code: 'ORDER_CANCELLED' })
    expect(code({ state: 'expiring', endsAs: 'cancelled' })).toMatchObject({ code: 'ORDER_CANCELLED' })
    expect(code({ state: 'expiring', endsAs: 'expired' })).toMatchObject({ code: 'ORDER_EXPIRED' })
    expect(code({ state: 'expired' })).toMatchObject({ code: 'ORDER_EXPIRED' })
    expect(code({ expiresAt: NOW })).toMatchObject({ code: 'ORDER_EXPIRED' })
    expect(unpayable(order, NOW)).toBeUndefined()
  })
})
