import { addCheck as route, CHECKS_A_SCOPE_MAX } from '#shared/contracts/hooks-checks.ts'
import type { Body } from '#shared/contracts/route.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { getCheckScope, scopeIdOf } from '#functions/platform/check-record.ts'
import { http } from '#functions/platform/http.ts'
import { newKeys } from '#functions/platform/outgoing/sign.ts'
import { checkItem, type CheckItem, checkSigningItem } from '#functions/platform/table/items/checks.ts'
import { checkView, findCheck, publicKeysOf, saveNewCheck } from './check-store.ts'
import { refuseUrl } from './check-url.ts'
import { nameScope } from './hook-store.ts'

const TRIES_MAX = 4

/** Off until somebody switches it on: first its other side has to know the secret. */
export const addCheck = http(
  route,
  async ({ params: { checkId }, body }, { caller, now }) => {
    const { name, url, scope, seconds } = body
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const before = await findCheck(checkId)
      // Sent again: the secret was in the first answer, and is in no other.
      if (before !== undefined) {
        return isSame(before, body)
          ? { check: checkView(before, now) }
          : refused('CHECK_ID_REUSED', '这个核验已经建过了')
      }
      const named = await nameScope(scope)
      if (named === undefined) return refused('UNKNOWN_SCOPE', '没有这个范围')
      const listed = await getCheckScope(scope)
      if ((listed?.checkIds.length ?? 0) >= CHECKS_A_SCOPE_MAX) {
        return refused('TOO_MANY_CHECKS', `一个范围最多 ${CHECKS_A_SCOPE_MAX} 个核验，请先删掉不用的`)
      }
      const bad = await refuseUrl(url)
      if (bad !== undefined) return bad
      const keys = [{ ...newKeys(), madeAt: now }]
      const check = checkItem.parse({
        ...{ entity: 'check', v: 1, checkId, name, url, scope, scopeName: named.name, seconds, state: 'off' },
        ...{ publicKeys: publicKeysOf(keys), createdAt: now, createdBy: caller.personId },
      })
      const signing = checkSigningItem.parse({ entity: 'checkKeys', v: 1, checkId, keys, revision: 1 })
      if (await saveNewCheck(check, signing, listed)) {
        const secret = keys[0]?.secret
        return { check: checkView(check, now), ...(secret === undefined ? {} : { secret }) }
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function isSame(before: CheckItem, { name, url, scope, seconds }: Body<typeof route>): boolean {
  return (
    before.name === name &&
    before.url === url &&
    before.seconds === seconds &&
    before.scope.kind === scope.kind &&
    scopeIdOf(before.scope) === scopeIdOf(scope)
  )
}
