import { turnHook as route } from '#shared/contracts/hooks.ts'
import { http } from '#functions/platform/http.ts'
import { turnOff, turnOn } from './hook-store.ts'
import { hookFor } from './look-after.ts'
import { oneHookView } from './views.ts'

/** Turned the way it is already it stays as it is. */
export const turnHook = http(
  route,
  async ({ params: { hookId }, body: { state } }, { caller, now }) => {
    await hookFor(caller, hookId)
    await (state === 'on' ? turnOn(hookId, now) : turnOff(hookId, now))
    return oneHookView(await hookFor(caller, hookId), now)
  },
  { freshRoles: true },
)
