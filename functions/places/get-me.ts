import { getMe as route, PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import { http } from '#functions/platform/http.ts'
import { becomeFirstAdmin } from './first-admin.ts'
import { membershipView } from './views.ts'

/** Roles are read now: what somebody just joined or was given is there at once. */
export const getMe = http(
  route,
  async (_input, { caller, now }) => {
    const { person, memberships } = await becomeFirstAdmin(caller, now)
    return {
      memberships: memberships.map(membershipView),
      ...(person?.consentVersion === undefined ? {} : { consentVersion: person.consentVersion }),
      ...(person?.consentedAt === undefined ? {} : { consentedAt: person.consentedAt }),
      currentConsentVersion: PRIVACY_NOTICE_VERSION,
    }
  },
  { freshRoles: true },
)
