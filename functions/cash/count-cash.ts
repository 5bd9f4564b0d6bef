import { countCash as route } from '#shared/contracts/cash.ts'
import { decideCount } from '#shared/domain/cash/cash-day.ts'
import { Busy } from '#functions/platform/busy.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { cashDayView, loadCashDay, saveCashDay } from './store.ts'

const TRIES_MAX = 4

export const countCash = http(
  route,
  async ({ params: { communityId, day }, body }, { caller, now }) => {
    if (!hasRole(caller, 'worker', communityId)) throw new Missing()
    const countedWords = body.words === '' ? undefined : body.words
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const item = await loadCashDay(communityId, day)
      const isSame =
        item.state === 'counted' &&
        item.version === body.version + 1 &&
        item.countedBy === caller.personId &&
        item.countedFen === body.countedFen
      // Sent twice it is one count.
      if (isSame) return cashDayView(item, caller.personId)
      const decision = decideCount(item, body)
      if (decision.kind === 'refused') return decision
      const count = { countedFen: body.countedFen, countedAt: now, countedBy: caller.personId, countedWords }
      const saved = await saveCashDay(item, { state: 'counted', ...count })
      if (saved.kind === 'done') return cashDayView(saved.item, caller.personId)
    }
    throw new Busy()
  },
  { freshRoles: true },
)
