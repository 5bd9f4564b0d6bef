import { removeCheck as removeRoute, turnCheck as turnRoute } from '#shared/contracts/hooks-checks.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { checkView, endCheck, getCheck, switchCheck } from './check-store.ts'

const TRIES_MAX = 4

/** Switched the way it is already it stays as it is. */
export const turnCheck = http(
  turnRoute,
  async ({ params: { checkId }, body: { state } }, { caller: { personId }, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const check = await getCheck(checkId)
      if (check.state === state) return checkView(check, now)
      if (await switchCheck(check, state, now, personId)) log('info', 'check switched', { checkId, state, personId })
    }
    throw new Busy()
  },
  { freshRoles: true },
)

export const removeCheck = http(
  removeRoute,
  async ({ params: { checkId } }, { caller: { personId }, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      if (await endCheck(await getCheck(checkId), now, personId)) {
        log('info', 'check removed', { checkId, personId })
        return {}
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)
