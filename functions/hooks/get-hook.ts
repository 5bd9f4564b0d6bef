import { getHook as route } from '#shared/contracts/hooks.ts'
import { http } from '#functions/platform/http.ts'
import { hookFor } from './look-after.ts'
import { oneHookView } from './views.ts'

export const getHook = http(route, async ({ params: { hookId } }, { caller, now }) =>
  oneHookView(await hookFor(caller, hookId), now),
)
