import { rotateCheckKeys as route } from '#shared/contracts/hooks-checks.ts'
import { rotateKeys } from '#shared/domain/hooks/keys.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { newKeys } from '#functions/platform/outgoing/sign.ts'
import { checkView, getCheck, getSigning, saveCheckKeys } from './check-store.ts'

export const rotateCheckKeys = http(
  route,
  async ({ params: { checkId }, body: { old } }, { now }) => {
    const before = await getSigning(checkId)
    if (before === undefined) throw new Missing()
    const fresh = { ...newKeys(), madeAt: now }
    const rotation = rotateKeys(before.keys, fresh, old, now)
    if (rotation.kind === 'refused') return rotation
    if (!(await saveCheckKeys(before, rotation.keys))) throw new Busy()
    return { check: checkView(await getCheck(checkId), now), secret: fresh.secret }
  },
  { freshRoles: true },
)
