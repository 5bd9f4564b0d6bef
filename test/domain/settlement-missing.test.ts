import { describe, expect, it } from 'vitest'
import { STATEMENT_DISPUTES_MAX, type StatementState, statementStates } from '#shared/contracts/settlement.ts'
import { decideReport, decideTrace } from '#shared/domain/settlement/missing-money.ts'

const paid = { state: 'paid' as StatementState, reports: 0 }
const missing = { state: 'missing' as StatementState, reports: 1, reportedBy: 'coop-1' }
const sent = (recordedBy: string, more: object = {}) => ({ recordedBy, ...more })
const payout = { amountFen: 2_176, confirmedBy: ['coop-1'], transfers: [sent('admin-2')] }

describe('that the money did not come', () => {
  it('is said of a paid statement, and of no other', () => {
    expect(decideReport(paid, payout, 0)).toEqual({ kind: 'decided' })
    for (const state of statementStates.filter((each) => each !== 'paid')) {
      expect(decideReport({ ...paid, state }, payout, 0), state).toMatchObject({ code: 'WRONG_STATE' })
    }
  })

  it('is said once at a time', () => {
    expect(decideReport(missing, payout, 1)).toMatchObject({
      code: 'WRONG_STATE',
      detail: '已经说过钱没有到账，正等区里答复',
    })
  })

  it('is said by who has seen what was said before: an old form opens nothing anew', () => {
    expect(decideReport({ ...paid, reports: 1 }, payout, 0)).toMatchObject({ code: 'STATEMENT_MOVED' })
    expect(decideReport({ ...paid, reports: 1 }, payout, 1)).toEqual({ kind: 'decided' })
  })

  it('is not said where no money goes to the co-op', () => {
    for (const none of [{ ...payout, amountFen: 0 }, { ...payout, amountFen: -1 }, undefined])
      expect(decideReport(paid, none, 0)).toMatchObject({ code: 'NOTHING_SENT' })
  })

  it('is not said for ever', () => {
    const reports = STATEMENT_DISPUTES_MAX
    expect(decideReport({ ...paid, reports: reports - 1 }, payout, reports - 1)).toEqual({ kind: 'decided' })
    expect(decideReport({ ...paid, reports }, payout, reports)).toMatchObject({ code: 'TOO_MANY_STEPS' })
  })
})

describe('the bank’s evidence that it came', () => {
  it('answers a report, and nothing else', () => {
    expect(decideTrace(missing, payout, 'admin-1', 1)).toEqual({ kind: 'decided' })
    for (const state of statementStates.filter((each) => each !== 'missing')) {
      expect(decideTrace({ ...missing, state }, payout, 'admin-1', 1), state).toMatchObject({ code: 'WRONG_STATE' })
    }
  })

  it('answers the report that was seen', () => {
    expect(decideTrace({ ...missing, reports: 2 }, payout, 'admin-1', 1)).toMatchObject({ code: 'STATEMENT_MOVED' })
  })

  it('is not shown by who recorded the transfer, who confirmed the statement, or who said that it did not come', () => {
    expect(decideTrace(missing, payout, 'admin-2', 1)).toMatchObject({ code: 'FOUR_EYES' })
    const confirmed = { ...payout, confirmedBy: ['both'] }
    expect(decideTrace(missing, confirmed, 'both', 1)).toMatchObject({ code: 'FOUR_EYES' })
    expect(decideTrace({ ...missing, reportedBy: 'both' }, payout, 'both', 1)).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('may be shown by who recorded only a transfer that counts for nothing', () => {
    const transfers = [sent('admin-2'), sent('admin-1', { voided: {} })]
    expect(decideTrace(missing, { ...payout, transfers }, 'admin-1', 1)).toEqual({ kind: 'decided' })
  })
})
