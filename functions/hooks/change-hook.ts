import { changeHook as route } from '#shared/contracts/hooks.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { http } from '#functions/platform/http.ts'
import { refuseUrl } from './check-url.ts'
import { saveSettings } from './hook-store.ts'
import { hookFor } from './look-after.ts'
import { oneHookView } from './views.ts'

export const changeHook = http(
  route,
  async ({ params: { hookId }, body: { version, ...settings } }, { caller, now }) => {
    const hook = await hookFor(caller, hookId)
    const wanted = { ...settings, envelope: settings.envelope ?? hook.envelope }
    const isSame =
      hook.name === wanted.name &&
      hook.url === wanted.url &&
      hook.types.join() === wanted.types.join() &&
      hook.envelope === wanted.envelope
    // Sent again, it is as it was to be.
    if (isSame) return oneHookView(hook, now)
    const bad = await refuseUrl(wanted.url)
    if (bad !== undefined) return bad
    if (hook.version !== version || !(await saveSettings(hook, wanted, now))) {
      return refused('HOOK_CHANGED', '别人刚刚改过，请看一下现在的设置再改')
    }
    return oneHookView(await hookFor(caller, hookId), now)
  },
  { freshRoles: true },
)
