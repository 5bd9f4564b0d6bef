import { getMe as route, PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import { householdOf } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import type { MembershipItem } from '#functions/platform/table/items/places.ts'
import { becomeFirstAdmin } from './first-admin.ts'
import { membershipView } from './views.ts'

/** Roles are read now: what somebody just joined or was given is there at once. */
export const getMe = http(
  route,
  async (_input, { caller, now }) => {
    const { person, memberships, past } = await becomeFirstAdmin(caller, now)
    const rejected = householdOf({ memberships }) === undefined ? lastRejected(past) : undefined
    return {
      memberships: memberships.map(membershipView),
      ...(person?.consentVersion === undefined ? {} : { consentVersion: person.consentVersion }),
      ...(person?.consentedAt === undefined ? {} : { consentedAt: person.consentedAt }),
      currentConsentVersion: PRIVACY_NOTICE_VERSION,
      ...(rejected === undefined ? {} : { rejectedClaim: rejected }),
    }
  },
  { freshRoles: true },
)

function lastRejected(past: readonly MembershipItem[]) {
  const claims = past.flatMap(({ state, scopeId, scopeName, rejectedAt, rejectReason }) =>
    state === 'rejected' && rejectedAt !== undefined && rejectReason !== undefined
      ? [{ scopeId, scopeName, reason: rejectReason, rejectedAt }]
      : [],
  )
  return claims.sort((left, right) => (left.rejectedAt < right.rejectedAt ? 1 : -1))[0]
}
