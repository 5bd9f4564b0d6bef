import { PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import { privacyNotice } from '#web/lib/text/privacy.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals }) => ({
  version: PRIVACY_NOTICE_VERSION,
  sections: privacyNotice[locals.lang],
})
