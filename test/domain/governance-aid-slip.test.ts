import { describe, expect, it } from 'vitest'
import { proposalStates } from '#shared/contracts/governance.ts'
import { faultOfSlipCost, holdsSlip } from '#shared/domain/governance/aid-slip.ts'
import { fen } from '#shared/kernel/money.ts'

const slip = { slipId: '00000000-0000-4000-8000-000000000000', approvedOn: '2026-12-01', amountFen: 80_000 }
const content = { title: '困难帮扶一笔', purpose: 'hardship' as const, why: '按管委会同意的帮扶单拨付。', lines: [] }
const quoted = (amountFen: number) => ({
  act: 'cost' as const,
  quotes: [{ from: '本人', amountFen: fen(amountFen) }],
  chosen: 0,
  termDays: 7,
})

describe('a project that names a slip', () => {
  it('costs no more than the slip says, and is held to nothing without one', () => {
    expect(faultOfSlipCost({ ...content, aidSlip: slip }, quoted(80_000))).toBeUndefined()
    expect(faultOfSlipCost({ ...content, aidSlip: slip }, quoted(80_001))).toMatchObject({ code: 'FIGURES_WRONG' })
    expect(faultOfSlipCost(content, quoted(80_001))).toBeUndefined()
  })

  it('is paid at once: broken off after a first payment it would let go a slip that was used', () => {
    const half = { what: '先给一半', shows: '收条', amountFen: fen(40_000) }
    const planned = { ...quoted(80_000), milestones: [half, half] }
    expect(faultOfSlipCost({ ...content, aidSlip: slip }, planned)).toMatchObject({ code: 'FIGURES_WRONG' })
    expect(faultOfSlipCost(content, planned)).toBeUndefined()
  })

  it('lets it go once it has ended unpaid, and in no other state', () => {
    expect(proposalStates.filter((state) => !holdsSlip(state))).toEqual([
      ...['withdrawn', 'rejected', 'lapsed', 'abandoned', 'unratified'],
    ])
  })
})
