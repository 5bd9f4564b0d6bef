import { reconcileFund as reconcileFundRoute } from '#shared/contracts/fund.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundOf } from './names.ts'
import { reconcileFund } from './reconcile-fund.ts'
import { loadHead } from './store.ts'

/** A whole replay of this many entries ends well within the 30 s of a request; longer ledgers are replayed from the last seal. */
const WHOLE_REPLAY_MAX = 20_000

export const reconcile = http(
  reconcileFundRoute,
  async ({ params }, { caller, now }) => {
    const compound = await compoundOf(params.compoundId, now)
    if (compound === undefined) throw new Missing()
    requireRole(caller, 'worker', compound.communityId, 'admin')
    const { seq } = await loadHead(params.compoundId)
    const { ok, events, posted, problems } = await reconcileFund(params.compoundId, now, seq <= WHOLE_REPLAY_MAX)
    return { ok, events, posted, problems: [...problems] }
  },
  { freshRoles: true },
)
