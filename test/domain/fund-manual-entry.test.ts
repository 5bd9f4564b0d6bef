import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualEntryStates, proposeManualEntry } from '#shared/contracts/fund-manual-entries.ts'
import type { Agreement } from '#shared/contracts/places-agreements.ts'
import {
  decideApproval,
  decideInKind,
  decideOccurredOn,
  manualEntryTransitions,
  manualEventId,
  manualMovement,
  manualRefusal,
  mayDoManually,
  signedFen,
} from '#shared/domain/fund/decide-manual-entry.ts'
import { fen } from '#shared/kernel/money.ts'
import { movementRefusals } from '#shared/domain/fund/movement.ts'

const ID = '7b0e1f6e-3c1c-4d53-9c4e-0d2f3c8f1a11'
const common = {
  amountFen: fen(12_345),
  occurredOn: '2026-11-20',
  reason: '建账前的结余',
  voucherNumber: 'V-0001',
} as const

describe('a proposal', () => {
  const parse = (body: object) => proposeManualEntry.body?.safeParse(body)

  it('says what moved, when, why, and by which voucher', () => {
    expect(parse({ kind: 'opening', ...common })).toMatchObject({ success: true })
    for (const missing of ['amountFen', 'occurredOn', 'reason', 'voucherNumber']) {
      const rest = Object.fromEntries(Object.entries(common).filter(([name]) => name !== missing))
      expect(parse({ kind: 'opening', ...rest })?.error?.issues[0]?.path).toEqual([missing])
    }
  })

  it('tells everybody why, so without telephone or identity numbers', () => {
    for (const reason of ['请打 13800138000 联系', '<b>结余</b>', '结余']) {
      expect(parse({ kind: 'opening', ...common, reason })?.error?.issues[0]?.path).toEqual(['reason'])
    }
  })

  it('of nothing, or of less than nothing, is none', () => {
    for (const amountFen of [0, -1, 1.5]) {
      expect(parse({ kind: 'correction', direction: 'in', ...common, amountFen })).toMatchObject({ success: false })
    }
  })

  it('has a sign by its direction', () => {
    expect(signedFen({ kind: 'correction', direction: 'out', ...common })).toBe(-12_345)
    expect(signedFen({ kind: 'correction', direction: 'in', ...common })).toBe(12_345)
    expect(signedFen({ kind: 'opening', ...common })).toBe(12_345)
  })

  it('tells what has happened: today by the Shanghai day, and not tomorrow', () => {
    const now = '2026-11-20T16:30:00.000Z'
    expect(decideOccurredOn('2026-11-21', now)).toEqual({ kind: 'ok' })
    expect(decideOccurredOn('1999-12-31', now)).toMatchObject({ code: 'OCCURRED_ON_WRONG' })
    expect(decideOccurredOn('2000-01-01', now)).toEqual({ kind: 'ok' })
    expect(decideOccurredOn('2026-11-22', now)).toMatchObject({ code: 'OCCURRED_ON_WRONG' })
  })
})

describe('a gift in kind', () => {
  const version: Agreement = {
    ...{ agreementId: 'agreement-1', version: 1, rateBps: 200, fromDay: '2026-01-01', toDay: '2026-12-31' },
    purposes: ['环境提升'],
  }

  it('is given under an agreement that says so, and under no other', () => {
    expect(decideInKind({ ...version, inKind: true })).toMatchObject({ kind: 'agreed', agreement: { version: 1 } })
    for (const agreement of [version, { ...version, inKind: false }, undefined]) {
      expect(decideInKind(agreement)).toMatchObject({ code: 'IN_KIND_NOT_AGREED' })
    }
  })
})

describe('the second person', () => {
  const proposed = { state: 'proposed', proposedBy: 'one', movedFen: -500 } as const

  it('is another one, and types the same sum from the voucher', () => {
    expect(decideApproval(proposed, 500, 'two')).toEqual({ kind: 'ok' })
    expect(decideApproval(proposed, 500, 'one')).toMatchObject({ code: 'SAME_PERSON' })
    for (const amountFen of [499, 501, -500]) {
      expect(decideApproval(proposed, amountFen, 'two')).toMatchObject({ code: 'TYPED_AMOUNT_DIFFERS' })
    }
  })

  it('approves what is proposed and nothing else; each may drop it, and an onlooker may neither', () => {
    for (const state of manualEntryStates) {
      const entry = { ...proposed, state }
      const isOpen = manualEntryTransitions[state].includes('posted')
      expect(decideApproval(entry, 500, 'two').kind).toBe(isOpen ? 'ok' : 'refused')
      expect(mayDoManually(entry, 'two', true)).toEqual(isOpen ? ['approve', 'drop'] : [])
      expect(mayDoManually(entry, 'one', true)).toEqual(isOpen ? ['drop'] : [])
      expect(mayDoManually(entry, 'two', false)).toEqual([])
    }
  })
})

describe('its movement', () => {
  const at = '2026-11-20T00:00:00.000Z'

  it('bears its own name; a fund has one opening balance, whoever proposes it', () => {
    expect(manualEventId({ kind: 'opening', manualEntryId: ID })).toBe('opening')
    expect(manualEventId({ kind: 'correction', manualEntryId: ID })).toBe(`correction:${ID}`)
    expect(manualEventId({ kind: 'in-kind', manualEntryId: ID })).toBe(`in-kind:${ID}`)
  })

  it('moves exactly what was approved', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (movedFen) => {
        const facts = { kind: 'correction', manualEntryId: ID, occurredOn: '2026-11-20', movedFen } as const
        expect(manualMovement(facts, at)).toEqual({
          ...{ kind: 'correction', eventId: `correction:${ID}`, occurredAt: at, movedFen },
        })
      }),
    )
    const gift = { purpose: 'environment', coopId: 'coop-1', agreementId: 'agreement-1', movedFen: 100 } as const
    expect(manualMovement({ kind: 'in-kind', manualEntryId: ID, occurredOn: '2026-11-20', ...gift }, at)).toEqual({
      ...{ kind: 'in-kind', eventId: `in-kind:${ID}`, occurredAt: at, ...gift },
    })
  })

  it('is refused in words where the ledger may refuse it, and is a bug elsewhere', () => {
    const said = ['EVENT_DIFFERS', 'NOT_AVAILABLE', 'CASH_SHORT'] as const
    expect(said.map((code) => manualRefusal(code).code)).toEqual(['OPENING_POSTED', 'NOT_AVAILABLE', 'CASH_SHORT'])
    for (const code of movementRefusals.filter((each) => !(said as readonly string[]).includes(each))) {
      expect(() => manualRefusal(code)).toThrow(code)
    }
  })
})
