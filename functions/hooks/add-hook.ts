import { addHook as route, type HookScope, HOOKS_A_SCOPE_MAX } from '#shared/contracts/hooks.ts'
import { looksAfter, scopeId } from '#shared/domain/hooks/scope.ts'
import type { Body } from '#shared/contracts/route.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, isAdmin } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { newKeys } from '#functions/platform/outgoing/sign.ts'
import { hookItem, type HookItem, hookKeysItem } from '#functions/platform/table/items/hooks.ts'
import { refuseUrl } from './check-url.ts'
import { getHook, getScope, nameScope, type NamedScope, ownerOf, saveNewHook } from './hook-store.ts'
import { oneHookView } from './views.ts'

type Wanted = Body<typeof route>
const TRIES_MAX = 4

export const addHook = http(
  route,
  async ({ params: { hookId }, body }, { caller, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const before = await getHook(hookId)
      // Sent again: the secret was in the first answer, and is in no other.
      if (before !== undefined) return againOf(before, body, caller, now)
      const named = await namedFor(caller, body.scope)
      if (named === undefined) return refused('UNKNOWN_SCOPE', '没有这个范围')
      const scope = await getScope(body.scope)
      if ((scope?.hookIds.length ?? 0) >= HOOKS_A_SCOPE_MAX) {
        return refused('TOO_MANY_HOOKS', `一个范围最多 ${HOOKS_A_SCOPE_MAX} 个钩子，请先删掉不用的`)
      }
      const bad = await refuseUrl(body.url)
      if (bad !== undefined) return bad
      const keys = newKeys()
      const hook = hookOf(hookId, body, named, caller, now)
      const signing = hookKeysItem.parse({
        ...{ entity: 'hookKeys', v: 1, hookId, keys: [{ ...keys, madeAt: now }], revision: 1 },
      })
      if (await saveNewHook(hook, signing, scope)) {
        return { hook: await oneHookView(hook, now, signing), secret: keys.secret }
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

async function againOf(before: HookItem, body: Wanted, caller: Caller, now: Instant) {
  if (!looksAfter(caller.memberships, ownerOf(before))) throw new Missing()
  const { name, url, types, envelope, scope } = before
  const same =
    name === body.name &&
    url === body.url &&
    types.join() === body.types.join() &&
    envelope === (body.envelope ?? 'plain') &&
    scope.kind === body.scope.kind &&
    scopeId(scope) === scopeId(body.scope)
  if (!same) return refused('HOOK_ID_REUSED', '这个钩子已经建过了')
  return { hook: await oneHookView(before, now) }
}

/** Only an administrator learns that a place does not exist: others may not ask about it. */
async function namedFor(caller: Caller, scope: HookScope): Promise<NamedScope | undefined> {
  const named = await nameScope(scope)
  if (named === undefined && isAdmin(caller)) return undefined
  if (named === undefined || !looksAfter(caller.memberships, named.owner)) throw new Forbidden()
  return named
}

function hookOf(hookId: string, body: Wanted, { name: scopeName, owner }: NamedScope, caller: Caller, now: Instant) {
  const { name, url, types, envelope = 'plain', scope } = body
  return hookItem.parse({
    ...{ entity: 'hook', v: 1, hookId, name, scope, scopeName, url, types, envelope },
    ...(owner.kind === 'community' ? { communityId: owner.id } : {}),
    ...{ state: 'on', onSince: now, version: 1, createdAt: now, createdBy: caller.personId },
  })
}
