import { removeHook as route } from '#shared/contracts/hooks.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { endHook, getScope } from './hook-store.ts'
import { hookFor } from './look-after.ts'

const TRIES_MAX = 4

export const removeHook = http(
  route,
  async ({ params: { hookId } }, { caller }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const hook = await hookFor(caller, hookId)
      if (await endHook(hook, await getScope(hook.scope))) return {}
    }
    throw new Busy()
  },
  { freshRoles: true },
)
