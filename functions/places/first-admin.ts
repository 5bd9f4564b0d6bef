import { randomUUID } from 'node:crypto'
import { personId } from '#shared/kernel/ids.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { forgetCaller, isAdmin, loadCaller, type Caller } from '#functions/platform/caller.ts'
import { env, optionalEnv } from '#functions/platform/env.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { NOT_EXISTS, transact } from '#functions/platform/table/table.ts'
import { knownPerson, membershipPut } from './people.ts'
import { hasDistrict } from './store.ts'

/** There is no district yet to be administrator of; the import that brings it in can name administrators of it. */
const WHOLE_DISTRICT = { scopeId: 'district', scopeName: '全区' } as const

/**
 * On an empty table somebody has to be the first administrator: the person whose subject is in BOOTSTRAP_ADMIN_SUB, on the
 * first request to `GET /api/places/me`, once. The job item says for ever that it was done: changing the variable later, or
 * taking the role away, does not make another one.
 */
export async function becomeFirstAdmin(caller: Caller, now: Instant): Promise<Caller> {
  const subject = optionalEnv('BOOTSTRAP_ADMIN_SUB')
  if (subject === undefined || caller.personId !== personId(env('OIDC_ISSUER'), subject)) return caller
  if (isAdmin(caller) || (await hasDistrict())) return caller
  const memberId = caller.person?.memberId ?? randomUUID()
  const done = await transact([
    {
      put: { ...keys.job('bootstrap-admin'), entity: 'job', v: 1, personId: caller.personId, doneAt: now },
      condition: NOT_EXISTS,
    },
    knownPerson(caller, memberId),
    membershipPut({ personId: caller.personId, memberId, role: 'admin', ...WHOLE_DISTRICT }, NOT_EXISTS),
  ])
  if (done.kind === 'done') forgetCaller(caller.personId)
  // Failed: another request of the same person did it, or it was done long ago.
  return loadCaller(caller.personId, now, true)
}
