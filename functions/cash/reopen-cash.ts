import { reopenCash as route } from '#shared/contracts/cash.ts'
import { decideMove } from '#shared/domain/cash/cash-day.ts'
import { Busy } from '#functions/platform/busy.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { cashDayView, loadCashDay, saveCashDay } from './store.ts'

const TRIES_MAX = 4

export const reopenCash = http(
  route,
  async ({ params: { communityId, day }, body: { version } }, { caller }) => {
    if (!hasRole(caller, 'worker', communityId)) throw new Missing()
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const item = await loadCashDay(communityId, day)
      if (item.state === 'open' && item.version === version + 1) return cashDayView(item, caller.personId)
      const moved = decideMove(item, 'open', version)
      if (moved !== undefined) return moved
      const uncounted = { countedFen: undefined, countedAt: undefined, countedBy: undefined, countedWords: undefined }
      const saved = await saveCashDay(item, { state: 'open', ...uncounted })
      if (saved.kind === 'done') return cashDayView(saved.item, caller.personId)
    }
    throw new Busy()
  },
  { freshRoles: true },
)
