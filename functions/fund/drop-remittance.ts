import { dropRemittance as route } from '#shared/contracts/fund-remittances.ts'
import { remittanceTransitions } from '#shared/domain/fund/decide-remittance.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { leadOn } from './change-remittance.ts'

export const dropRemittance = http(
  route,
  async ({ params: { remittanceId }, body }, { caller, now }) => {
    const { personId } = caller
    const led = await leadOn(remittanceId, caller, ({ state, steps }) => {
      const last = steps.at(-1)
      if (state === 'dropped' && last?.words === body.words && last.personId === personId) return { kind: 'same' }
      if (!remittanceTransitions[state].includes('dropped'))
        return refused('NOT_PREPARED', '已经登记转账的划转不能放弃；钱被退回时请先登记退回')
      return {
        kind: 'change',
        change: { state: 'dropped', steps: [...steps, { step: 'dropped', at: now, personId, words: body.words }] },
        also: { ends: true },
      }
    })
    return led.kind === 'refused' ? led : led.view
  },
  { freshRoles: true },
)
