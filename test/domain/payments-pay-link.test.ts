import { describe, expect, it } from 'vitest'
import { orderStates } from '#shared/contracts/orders.ts'
import { payLinkState } from '#shared/domain/payments/pay-link.ts'
import { instant, plusMs } from '#shared/kernel/time.ts'

const NOW = instant(Date.parse('2026-11-28T02:00:00.000Z'))
const order = { state: 'pending_payment', expiresAt: plusMs(NOW, 1), linkHash: 'mine' }

describe('a pay-for-me link', () => {
  it('is open as long as its order can be paid, and is good for nothing else', () => {
    const told = Object.fromEntries(orderStates.map((state) => [state, payLinkState({ ...order, state }, 'mine', NOW)]))
    expect(told).toEqual({
      pending_payment: 'open',
      paid: 'paid',
      expiring: 'checking',
      expired: 'ended',
      cancelled: 'ended',
    })
    expect(payLinkState({ ...order, expiresAt: NOW }, 'mine', NOW)).toBe('checking')
  })

  it('has ended when it was withdrawn or replaced, whatever became of the order', () => {
    for (const state of orderStates) {
      expect(payLinkState({ ...order, state }, 'older', NOW)).toBe('ended')
      expect(payLinkState({ ...order, state, linkHash: undefined }, 'mine', NOW)).toBe('ended')
    }
    expect(payLinkState(undefined, 'mine', NOW)).toBe('ended')
  })
})
