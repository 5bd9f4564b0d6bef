import { returnRemittanceTransfer as route } from '#shared/contracts/fund-remittances.ts'
import { decideRemittanceReturn } from '#shared/domain/fund/decide-remittance.ts'
import { http } from '#functions/platform/http.ts'
import { leadOn } from './change-remittance.ts'
import { standingOf } from './remittance-view.ts'

export const returnRemittanceTransfer = http(
  route,
  async ({ params: { remittanceId }, body }, { caller, now }) => {
    // The number stays taken: its slip exists, and the next transfer has another.
    const { personId } = caller
    const said = `${body.bankReference}：${body.words}`
    const led = await leadOn(remittanceId, caller, (remittance) => {
      const { steps, state } = remittance
      const last = steps.at(-1)
      if (state === 'prepared' && last?.step === 'returned' && last.words === said && last.personId === personId)
        return { kind: 'same' }
      const decision = decideRemittanceReturn(standingOf(remittance), body.bankReference)
      if (decision.kind === 'refused') return decision
      return {
        kind: 'change',
        change: {
          ...{ state: 'prepared', transfer: undefined, recordedBy: undefined },
          steps: [...steps, { step: 'returned', at: now, personId, words: said }],
        },
      }
    })
    return led.kind === 'refused' ? led : led.view
  },
  { freshRoles: true },
)
