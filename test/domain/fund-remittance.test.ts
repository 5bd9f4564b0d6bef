import { describe, expect, it } from 'vitest'
import { remittanceStates } from '#shared/contracts/fund-remittances.ts'
import {
  decideReceipt,
  decideRemittanceReturn,
  decideRemittanceTransfer,
  mayDo,
  remittableFen,
  remittanceTransitions,
  waitsFor,
  type RemittanceStanding,
} from '#shared/domain/fund/decide-remittance.ts'

const NOW = '2026-11-25T04:00:00.000Z'
const donor = (settledFen: number, remittedFen?: number) => ({
  ...{ agreementId: 'agr-1', coopId: 'coop-1', accruedE4Fen: settledFen * 10_000, settledE4Fen: settledFen * 10_000 },
  ...(remittedFen === undefined ? {} : { remittedFen }),
})

describe('what a line moves', () => {
  it.each([
    ['all that was settled by the day', donor(100), donor(100), 100],
    ['nothing that was settled since', donor(100), donor(150), 100],
    ['nothing that arrived since the day', donor(100), donor(150, 80), 20],
    ['nothing that was given back since', donor(100), donor(60), 60],
    ['nothing while the charity is ahead', donor(100, 100), donor(70, 100), 0],
    ['nothing less than a fen', { ...donor(0), settledE4Fen: 9_999 }, { ...donor(0), settledE4Fen: 9_999 }, 0],
  ])('is %s', (_what, settledBy, now, fen) => {
    expect(remittableFen(settledBy, now)).toBe(fen)
  })
})

const standing: RemittanceStanding = {
  ...{ state: 'sent', totalFen: 500, throughDay: '2026-11-24', preparedBy: 'lister', recordedBy: 'recorder' },
  bankReference: 'BANK-1',
}
const receipt = { amountFen: 500, receivedOn: '2026-11-25' } as const

describe('the charity’s word', () => {
  it('is of a third person, whoever else keeps its books', () => {
    expect(decideReceipt(standing, receipt, 'lister', NOW)).toMatchObject({ code: 'SAME_PERSON' })
    expect(decideReceipt(standing, receipt, 'recorder', NOW)).toMatchObject({ code: 'SAME_PERSON' })
    expect(decideReceipt(standing, receipt, 'bookkeeper', NOW)).toEqual({ kind: 'ok' })
    const hand = { isAdmin: true, isCharity: true }
    expect(mayDo(standing, { ...hand, personId: 'lister' })).toEqual(['return'])
    expect(mayDo(standing, { ...hand, personId: 'recorder' })).toEqual(['return'])
    expect(mayDo(standing, { ...hand, personId: 'bookkeeper' })).toEqual(['return', 'confirm'])
    expect(mayDo(standing, { isAdmin: false, isCharity: true, personId: 'bookkeeper' })).toEqual(['confirm'])
  })

  it('is not of a day before the transfer or to come', () => {
    const sent = { ...standing, transferredOn: '2026-11-25' }
    for (const receivedOn of ['2026-11-24', '2026-11-26'])
      expect(decideReceipt(sent, { ...receipt, receivedOn }, 'bookkeeper', NOW)).toMatchObject({
        code: 'RECEIVED_ON_WRONG',
      })
  })
})

describe('the states of a remittance', () => {
  it('are all reached; what was posted or dropped is over', () => {
    const reached = new Set(['preparing', ...Object.values(remittanceTransitions).flat()])
    expect([...reached].sort()).toEqual([...remittanceStates].sort())
    expect([remittanceTransitions.posted, remittanceTransitions.dropped]).toEqual([[], []])
  })

  it.each(remittanceStates)('%s takes a slip only when it waits for one', (state) => {
    const slip = { amountFen: 500, transferredOn: '2026-11-25' } as const
    const decision = decideRemittanceTransfer({ ...standing, state }, slip, 'another', NOW)
    expect(decision.kind).toBe(state === 'prepared' ? 'ok' : 'refused')
    expect(decideReceipt({ ...standing, state }, receipt, 'bookkeeper', NOW).kind).toBe(
      state === 'sent' ? 'ok' : 'refused',
    )
  })
})

describe('a slip', () => {
  const prepared = { ...standing, state: 'prepared' } as const
  const slip = { amountFen: 500, transferredOn: '2026-11-25' } as const
  const decide = (change: Partial<{ amountFen: number; transferredOn: string }>, person = 'another') =>
    decideRemittanceTransfer(prepared, { ...slip, ...change }, person, NOW)

  it('is recorded by another person than who made the list, of exactly its sum, on a day behind the list’s', () => {
    expect(decide({})).toEqual({ kind: 'ok' })
    expect(decide({}, 'lister')).toMatchObject({ code: 'SAME_PERSON' })
    for (const amountFen of [499, 501]) {
      expect(decide({ amountFen })).toMatchObject({
        code: 'AMOUNT_DIFFERS',
        fields: { amountFen: expect.stringContaining('清单合计') as string },
      })
    }
    for (const transferredOn of ['2026-11-23', '2026-11-24', '2026-11-26']) {
      expect(decide({ transferredOn })).toMatchObject({
        ...{ code: 'TRANSFERRED_ON_WRONG', fields: { transferredOn: expect.stringContaining('截止日之后') as string } },
      })
    }
  })

  it('comes back by its own number, while it waits for the charity', () => {
    expect(decideRemittanceReturn(standing, 'BANK-1')).toEqual({ kind: 'ok' })
    expect(decideRemittanceReturn(standing, 'BANK-2')).toMatchObject({
      ...{ code: 'REFERENCE_DIFFERS', fields: { bankReference: expect.stringContaining('不一致') as string } },
    })
    for (const state of remittanceStates.filter((each) => each !== 'sent')) {
      expect(decideRemittanceReturn({ ...standing, state }, 'BANK-1')).toMatchObject({ code: 'NOT_SENT' })
    }
  })

  it('is confirmed of the same sum, on its own day at the earliest', () => {
    const sent = { ...standing, transferredOn: '2026-11-25' }
    expect(decideReceipt(sent, { ...receipt, amountFen: 499 }, 'bookkeeper', NOW)).toMatchObject({
      ...{ code: 'AMOUNT_DIFFERS', fields: { amountFen: expect.stringContaining('不一致') as string } },
    })
    expect(decideReceipt(sent, receipt, 'bookkeeper', NOW)).toEqual({ kind: 'ok' })
    expect(decideReceipt(sent, { ...receipt, receivedOn: '2026-11-26' }, 'bookkeeper', NOW)).toMatchObject({
      ...{ code: 'RECEIVED_ON_WRONG', fields: { receivedOn: expect.stringContaining('到账日期') as string } },
    })
  })
})

describe('what may be done next', () => {
  const states = (person: string, isAdmin: boolean, isCharity: boolean) =>
    Object.fromEntries(
      remittanceStates.map((state) => [state, mayDo({ ...standing, state }, { personId: person, isAdmin, isCharity })]),
    )
  const nothing = { confirmed: [], posted: [], dropped: [] }

  it('is the office’s before the slip and the charity’s after it, each its own person', () => {
    expect(states('other', true, false)).toEqual({
      ...{ preparing: ['resume', 'drop'], prepared: ['record', 'drop'], sent: ['return'] },
      ...nothing,
    })
    expect(states('lister', true, false)).toEqual({
      ...{ preparing: ['resume', 'drop'], prepared: ['drop'], sent: ['return'] },
      ...nothing,
    })
    expect(states('bookkeeper', false, true)).toEqual({ preparing: [], prepared: [], sent: ['confirm'], ...nothing })
    expect(states('stranger', false, false)).toEqual({ preparing: [], prepared: [], sent: [], ...nothing })
  })

  it('waits for another person, for the charity, or for nobody', () => {
    expect(remittanceStates.map(waitsFor)).toEqual([
      ...(['nobody', 'another-person', 'charity'] as const),
      ...Array.from({ length: 3 }, () => 'nobody'),
    ])
  })
})
