import { confirmRemittance as route } from '#shared/contracts/fund-remittances.ts'
import { decideReceipt } from '#shared/domain/fund/decide-remittance.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { leadOn } from './change-remittance.ts'
import { postRemittance } from './post-remittance.ts'
import { remittanceView, standingOf } from './remittance-view.ts'

/** What is not posted in this time is posted by the clock, or when the charity confirms once more. */
const SPARE_MS = 8_000

export const confirmRemittance = http(
  route,
  async ({ params: { remittanceId }, body }, { caller, now, remainingMs }) => {
    const { receiptNumber, receivedOn } = body
    const { personId } = caller
    const led = await leadOn(remittanceId, caller, (remittance, isNumberUsed) => {
      const { receipt, steps, totalFen } = remittance
      if (receipt?.receiptNumber === receiptNumber && receipt.receivedOn === receivedOn && totalFen === body.amountFen)
        return { kind: 'same' }
      const decision = decideReceipt(standingOf(remittance), body, personId, now)
      if (decision.kind === 'refused') return decision
      if (isNumberUsed) return refused('RECEIPT_USED', undefined, { receiptNumber: '这个票据号已经用过，请核对' })
      return {
        kind: 'change',
        change: {
          ...{ state: 'confirmed', receipt: { receiptNumber, receivedOn } },
          steps: [...steps, { step: 'confirmed', at: now, personId, words: receiptNumber }],
        },
        also: { receiptNumber },
      }
    })
    if (led.kind === 'refused') return led
    const posted = await postRemittance(led.remittance, now, () => remainingMs() > SPARE_MS)
    return remittanceView(posted, caller)
  },
  { freshRoles: true },
)
