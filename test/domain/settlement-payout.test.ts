import { describe, expect, it } from 'vitest'
import { PAYOUT_STATEMENTS_MAX } from '#shared/contracts/settlement.ts'
import { decidePayout, type OpenPayout, type PayableStatement } from '#shared/domain/settlement/decide-payout.ts'

const statement = (groupBuyId: string, dueFen: number, more: Partial<PayableStatement> = {}): PayableStatement => ({
  ...{ groupBuyId, part: 1, coopId: 'coop-1', title: groupBuyId, state: 'confirmed', dueFen, confirmedBy: 'member' },
  ...more,
})
const owed = statement('gb-3', -300)
const found = [statement('gb-1', 98_000), statement('gb-2', 4_587), owed]
const keysOf = (ids: readonly string[]) => ids.map((groupBuyId) => ({ groupBuyId, part: 1 }))
const decide = (
  ids: readonly string[],
  among: readonly PayableStatement[] = found,
  owing: readonly PayableStatement[] = [],
  preparer = 'office',
) => decidePayout({ coopId: 'coop-1', statements: keysOf(ids) }, among, owing, preparer)

describe('a payout', () => {
  it('takes confirmed statements together, to the fen, what is owed back taken off', () => {
    expect(decide(['gb-1', 'gb-2', 'gb-3'])).toMatchObject({
      ...{ kind: 'decided', state: 'prepared', amountFen: 102_287 },
      statements: [{ groupBuyId: 'gb-1' }, { groupBuyId: 'gb-2' }, { groupBuyId: 'gb-3' }],
    })
  })

  it('is refused for a statement that is not there, or another co-op’s', () => {
    expect(decide(['gb-9'])).toMatchObject({ code: 'UNKNOWN_STATEMENT' })
    expect(decide(['gb-1'], [statement('gb-1', 1, { coopId: 'coop-2' })])).toMatchObject({ code: 'UNKNOWN_STATEMENT' })
  })

  it('is refused for another part of the same group buy', () => {
    expect(decide(['gb-1'], [statement('gb-1', 1, { part: 2 })])).toMatchObject({ code: 'UNKNOWN_STATEMENT' })
  })

  it('takes none twice', () => {
    expect(decide(['gb-1', 'gb-1'])).toMatchObject({ code: 'DUPLICATE_STATEMENT' })
  })

  it.each([
    ['open', '合作社还没有确认'],
    ['disputed', '合作社有异议'],
    ['paying', '已经在另一笔付款里'],
    ['paid', '已经付过款'],
  ] as const)('takes none that is %s', (state, saying) => {
    expect(decide(['gb-1'], [statement('gb-1', 98_000, { state })])).toMatchObject({
      ...{ code: 'NOT_CONFIRMED', detail: expect.stringContaining(saying) },
    })
  })

  it('is not prepared by who confirmed one of them, whatever roles they hold', () => {
    expect(decide(['gb-1'], found, [], 'member')).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('pays nobody who owes: what they owe is taken off first', () => {
    expect(decide(['gb-1'], found, [owed])).toMatchObject({
      ...{ code: 'OWES_BACK', detail: expect.stringContaining('¥3.00') },
    })
    expect(decide(['gb-1', 'gb-3'], found, [owed])).toMatchObject({ kind: 'decided', amountFen: 97_700 })
  })

  it('takes off another part of the same group buy, not the part that is paid', () => {
    expect(decide(['gb-1'], found, [statement('gb-1', -300, { part: 2 })])).toMatchObject({ code: 'OWES_BACK' })
  })

  it('that is full takes the rest off the next time, but only when nothing else could make room for it', () => {
    const paying = Array.from({ length: PAYOUT_STATEMENTS_MAX }, (_, at) => statement(`gb-${at + 10}`, 100))
    const ids = paying.map(({ groupBuyId }) => groupBuyId)
    expect(decide(ids, paying, [owed])).toMatchObject({ code: 'OWES_BACK' })
    const [first, ...rest] = paying
    const owing = rest.map((each) => ({ ...each, dueFen: -1 }))
    expect(decide(ids, [first ?? owed, ...owing], [owed, ...owing])).toMatchObject({ kind: 'decided', amountFen: 71 })
    expect(decide([...ids, 'gb-1'], [...paying, ...found], [])).toMatchObject({ code: 'TOO_MANY_STATEMENTS' })
  })

  it('pays nobody of whom the district is just collecting, and says what to do', () => {
    const collected = statement('gb-7', -300, { state: 'paying' })
    expect(decide(['gb-1'], found, [collected])).toMatchObject({
      ...{ code: 'OWES_BACK', detail: expect.stringContaining('先放弃那笔收款') },
    })
  })

  it('of less than nothing is paid by the co-op; nobody has to take everything back at once', () => {
    const other = statement('gb-4', -50)
    expect(decide(['gb-3'], found, [owed, other])).toMatchObject({ state: 'prepared', amountFen: -300 })
  })

  it('of nothing is paid by this alone', () => {
    const even = [statement('gb-1', 300), owed]
    expect(decide(['gb-1', 'gb-3'], even, [owed])).toMatchObject({ state: 'paid', amountFen: 0 })
    expect(decide(['gb-5'], [statement('gb-5', 0)])).toMatchObject({ state: 'paid', amountFen: 0 })
  })
})

describe('a payout that more is taken into', () => {
  const extend = (ids: readonly string[], into: Partial<OpenPayout>, preparer = 'office') =>
    decidePayout({ coopId: 'coop-1', statements: keysOf(ids) }, found, [], preparer, {
      ...{ amountFen: 0, statementCount: 1, transferredFen: 0, movedBy: [], confirmedBy: [] },
      ...into,
    })

  it('comes to all of it together', () => {
    expect(extend(['gb-2'], { amountFen: 1_000 })).toMatchObject({ state: 'prepared', amountFen: 5_587 })
  })

  it('is paid when what moved already is the sum of it: too much was paid, or only a part collected', () => {
    expect(extend(['gb-2'], { amountFen: 1_000, transferredFen: 5_587 })).toMatchObject({ state: 'paid' })
    expect(extend(['gb-2'], { amountFen: -5_000, transferredFen: -413 })).toMatchObject({
      ...{ state: 'paid', amountFen: -413 },
    })
  })

  it('is taken in by another person than the one who recorded the last transfer', () => {
    expect(extend(['gb-2'], { recordedBy: 'office' })).toMatchObject({ code: 'FOUR_EYES' })
    expect(extend(['gb-2'], { recordedBy: 'other' })).toMatchObject({ kind: 'decided' })
  })

  it('takes in none that was confirmed by who moved its money', () => {
    expect(extend(['gb-2'], { movedBy: ['somebody', 'member'] })).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('is taken into by nobody who confirmed what it holds already', () => {
    expect(extend(['gb-2'], { confirmedBy: ['somebody', 'office'] })).toMatchObject({ code: 'FOUR_EYES' })
    expect(extend(['gb-2'], { confirmedBy: ['somebody'] })).toMatchObject({ kind: 'decided' })
  })

  it('holds no more than one does', () => {
    expect(extend(['gb-1', 'gb-2'], { statementCount: PAYOUT_STATEMENTS_MAX - 1 })).toMatchObject({
      code: 'TOO_MANY_STATEMENTS',
    })
  })
})
