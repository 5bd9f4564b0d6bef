import { listHooks as route } from '#shared/contracts/hooks.ts'
import { type HookOwner, looksAfter } from '#shared/domain/hooks/scope.ts'
import { http } from '#functions/platform/http.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { Forbidden } from '#functions/platform/missing.ts'
import { pageOfHooks } from './hook-store.ts'
import { hookView } from './views.ts'

const PAGE = 50

export const listHooks = http(route, async ({ query: { communityId, coopId, limit, cursor } }, { caller }) => {
  if (communityId !== undefined && coopId !== undefined) throw new Invalid({ coopId: 'one of them' })
  const owner: HookOwner | undefined =
    communityId !== undefined
      ? { kind: 'community', id: communityId }
      : coopId !== undefined
        ? { kind: 'coop', id: coopId }
        : undefined
  // Without one of them it is all of the district's.
  if (!looksAfter(caller.memberships, owner ?? { kind: 'district' })) throw new Forbidden()
  const { items, ...page } = await pageOfHooks(owner, limit ?? PAGE, cursor)
  return { ...page, items: items.map(hookView) }
})
