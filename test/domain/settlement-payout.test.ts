import { describe, expect, it } from 'vitest'
import { decidePayout, type PayableStatement, type WantedPayout } from '#shared/domain/settlement/decide-payout.ts'
import { fen } from '#shared/kernel/money.ts'

const NOW = '2026-11-26T04:00:00.000Z'
const statement = (groupBuyId: string, dueFen: number, more: Partial<PayableStatement> = {}): PayableStatement => ({
  ...{ groupBuyId, part: 1, coopId: 'coop-1', title: groupBuyId, state: 'confirmed', dueFen, confirmedBy: 'member' },
  ...more,
})
const found = [statement('gb-1', 98_000), statement('gb-2', 4_587), statement('gb-3', -300)]
const wanted = (more: Partial<WantedPayout> & { ids?: string[] } = {}): WantedPayout => {
  const { ids = ['gb-1', 'gb-2', 'gb-3'], ...rest } = more
  const statements = ids.map((groupBuyId) => ({ groupBuyId, part: 1 }))
  return { coopId: 'coop-1', statements, amountFen: fen(102_287), paidOn: '2026-11-26', ...rest }
}
const decide = (want: WantedPayout, among: readonly PayableStatement[] = found, payer = 'office') =>
  decidePayout(want, among, payer, NOW)

describe('a payout', () => {
  it('pays confirmed statements to the fen, with what is owed back netted', () => {
    expect(decide(wanted())).toMatchObject({ kind: 'decided', amountFen: 102_287 })
  })

  it.each([102_286, 102_288, 0])('of another sum is refused, and told the right one: %d', (amountFen) => {
    expect(decide(wanted({ amountFen: fen(amountFen) }))).toMatchObject({
      code: 'SUM_DIFFERS',
      fields: { amountFen: expect.stringContaining('1022.87') },
    })
  })

  it('is refused for a statement that is not there, or another co-op’s', () => {
    expect(decide(wanted({ ids: ['gb-9'] }))).toMatchObject({ code: 'UNKNOWN_STATEMENT' })
    expect(decide(wanted({ ids: ['gb-1'] }), [statement('gb-1', 1, { coopId: 'coop-2' })])).toMatchObject({
      code: 'UNKNOWN_STATEMENT',
    })
  })

  it('is refused for another part of the same group buy', () => {
    expect(decide(wanted({ ids: ['gb-1'] }), [statement('gb-1', 1, { part: 2 })])).toMatchObject({
      code: 'UNKNOWN_STATEMENT',
    })
  })

  it('pays none twice', () => {
    expect(decide(wanted({ ids: ['gb-1', 'gb-1'] }))).toMatchObject({ code: 'DUPLICATE_STATEMENT' })
    expect(decide(wanted({ ids: ['gb-1'] }), [statement('gb-1', 1, { state: 'paid' })])).toMatchObject({
      code: 'NOT_CONFIRMED',
      detail: expect.stringContaining('已经付过款'),
    })
  })

  it.each(['open', 'disputed'] as const)('pays none that is %s', (state) => {
    expect(decide(wanted({ ids: ['gb-1'] }), [statement('gb-1', 98_000, { state })])).toMatchObject({
      code: 'NOT_CONFIRMED',
    })
  })

  it('is not recorded by who confirmed one of them, whatever roles they hold', () => {
    expect(decide(wanted(), found, 'member')).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('of nothing, or less, waits for the next statement', () => {
    expect(decide(wanted({ ids: ['gb-3'], amountFen: fen(0) }))).toMatchObject({ code: 'NOTHING_TO_PAY' })
    const even = [statement('gb-1', 300), statement('gb-3', -300)]
    expect(decide(wanted({ ids: ['gb-1', 'gb-3'], amountFen: fen(0) }), even)).toMatchObject({ code: 'NOTHING_TO_PAY' })
  })

  it.each(['2026-11-27', '2026-09-26'])('on %s is refused: a day to come, or too long ago', (paidOn) => {
    expect(decide(wanted({ paidOn }))).toMatchObject({ code: 'BAD_DAY', fields: { paidOn: expect.any(String) } })
  })

  it.each(['2026-11-26', '2026-09-27'])('on %s is taken', (paidOn) => {
    expect(decide(wanted({ paidOn })).kind).toBe('decided')
  })
})
