import { bankCash as route } from '#shared/contracts/cash.ts'
import { decideBanking } from '#shared/domain/cash/cash-day.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { worksFor } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { bankReferenceWrite, cashDayView, loadCashDay, saveCashDay } from './store.ts'

const TRIES_MAX = 4

export const bankCash = http(
  route,
  async ({ params: { communityId, day }, body }, { caller, now }) => {
    if (!worksFor(caller, communityId)) throw new Missing()
    const { bankReference, bankedOn } = body
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const item = await loadCashDay(communityId, day)
      // Sent twice it is one banking.
      if (item.bankReference === bankReference && item.bankedBy === caller.personId) {
        return cashDayView(item, caller.personId)
      }
      const decision = decideBanking(item, body, caller.personId, now)
      if (decision.kind === 'refused') return decision
      const banked = { bankReference, bankedOn, bankedAt: now, bankedBy: caller.personId }
      const saved = await saveCashDay(item, { state: 'banked', ...banked }, [
        bankReferenceWrite(bankReference, `${communityId}.${day}`),
      ])
      if (saved.kind === 'done') return cashDayView(saved.item, caller.personId)
      if (saved.kind === 'reference' && (await loadCashDay(communityId, day)).bankReference !== bankReference) {
        return refused('BANK_REFERENCE_USED', undefined, { bankReference: '这个流水号已经登记过，请核对' })
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
