import { recordRemittanceTransfer as route, REMITTANCE_STEPS_MAX } from '#shared/contracts/fund-remittances.ts'
import { decideRemittanceTransfer } from '#shared/domain/fund/decide-remittance.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { leadOn } from './change-remittance.ts'
import { standingOf } from './remittance-view.ts'

/** Sent, returned or confirmed, posted or dropped. */
const STEPS_LEFT = 4

export const recordRemittanceTransfer = http(
  route,
  async ({ params: { remittanceId }, body }, { caller, now }) => {
    const { bankReference, transferredOn } = body
    const { personId } = caller
    const led = await leadOn(remittanceId, caller, (remittance, isNumberUsed) => {
      const { state, transfer, recordedBy, steps } = remittance
      const isSame =
        transfer?.bankReference === bankReference &&
        transfer.transferredOn === transferredOn &&
        recordedBy === personId &&
        remittance.totalFen === body.amountFen
      if (isSame && state !== 'prepared') return { kind: 'same' }
      const decision = decideRemittanceTransfer(standingOf(remittance), body, personId, now)
      if (decision.kind === 'refused') return decision
      // Enough is left for what may follow; a list that came back so often is dropped and made anew.
      if (steps.length > REMITTANCE_STEPS_MAX - STEPS_LEFT)
        return refused('TOO_MANY_TRANSFERS', '这份清单退回的次数太多，请放弃它，重新列一份')
      if (isNumberUsed)
        return refused('BANK_REFERENCE_USED', undefined, { bankReference: '这个流水号已经登记过，请核对' })
      return {
        kind: 'change',
        change: {
          ...{ state: 'sent', recordedBy: personId, transfer: { bankReference, transferredOn } },
          steps: [...steps, { step: 'sent', at: now, personId, words: bankReference }],
        },
        also: { bankReference },
      }
    })
    return led.kind === 'refused' ? led : led.view
  },
  { freshRoles: true },
)
