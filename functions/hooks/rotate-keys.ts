import { rotateHookKeys as route } from '#shared/contracts/hooks.ts'
import { rotateKeys } from '#shared/domain/hooks/keys.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { newKeys } from '#functions/platform/outgoing/sign.ts'
import { getKeys, saveKeys } from './hook-store.ts'
import { hookFor } from './look-after.ts'
import { oneHookView } from './views.ts'

export const rotateHookKeys = http(
  route,
  async ({ params: { hookId }, body: { old } }, { caller, now }) => {
    const hook = await hookFor(caller, hookId)
    const before = await getKeys(hookId)
    if (before === undefined) throw new Missing()
    const fresh = { ...newKeys(), madeAt: now }
    const rotation = rotateKeys(before.keys, fresh, old, now)
    if (rotation.kind === 'refused') return rotation
    if (!(await saveKeys(before, rotation.keys))) throw new Busy()
    return { hook: await oneHookView(hook, now), secret: fresh.secret }
  },
  { freshRoles: true },
)
