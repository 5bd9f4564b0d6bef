import { reconcileFund as reconcileFundRoute } from '#shared/contracts/fund.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { compoundOf } from './names.ts'
import { reconcileFund } from './reconcile-fund.ts'

/** Half of what a request has: the replay of a part takes no longer than what is compared with it afterwards. */
const SPARE_MS = 14_000

export const reconcile = http(
  reconcileFundRoute,
  async ({ params, body }, { caller, now, remainingMs }) => {
    const compound = await compoundOf(params.compoundId, now)
    if (compound === undefined) throw new Missing()
    requireRole(caller, 'worker', compound.communityId, 'admin')
    const wish = { whole: true, fromDay: body.fromDay, hasTime: () => remainingMs() > SPARE_MS }
    const { problems, ...result } = await reconcileFund(params.compoundId, now, wish)
    return { ...result, problems: [...problems] }
  },
  { freshRoles: true },
)
