import { redirect } from '@sveltejs/kit'
import { PRIVACY_NOTICE_VERSION, claimHousehold, getCompound } from '#shared/contracts/places.ts'
import { returnTo } from '#web/lib/return-to.ts'
import { api } from '#web/lib/server/api.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { failed, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { privacyNotice } from '#web/lib/text/privacy.ts'
import { joinWords } from '#web/lib/text/shop.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  await neededToken(event)
  // A worker may have confirmed or turned down the claim a moment ago: this page says what is true now.
  await event.locals.visitor.forgetMe()
  const compoundId = compoundCookie.read(event)
  const [me, compound] = await Promise.all([
    event.locals.visitor.me(),
    compoundId === undefined ? undefined : publicRead(getCompound, { params: { compoundId } }),
  ])
  const home = me?.memberships.find(({ role }) => role === 'resident')
  return {
    home: home && { name: home.scopeName, compoundName: home.compoundName, state: home.state, code: home.claimCode },
    rejected: me?.rejectedClaim && { name: me.rejectedClaim.scopeName, reason: me.rejectedClaim.reason },
    compound: compound?.ok
      ? {
          compoundId: compound.data.compoundId,
          name: compound.data.name,
          place: `${compound.data.townName} · ${compound.data.communityName}`,
          buildings: compound.data.buildings.map(({ label, units }) => ({ label, units })),
        }
      : undefined,
    consentVersion: PRIVACY_NOTICE_VERSION,
    notice: privacyNotice[event.locals.lang],
    next: returnTo(event.url.searchParams.get('next'), '/shop'),
  }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const { lang, visitor } = event.locals
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const kept = {
      building: text('building'),
      unit: text('unit'),
      room: text('room'),
      phone: text('phone'),
      agreed: form.has('agree'),
    }
    if (!kept.agreed) {
      const note = joinWords.mustAgree[lang === 'zh' ? 0 : 1]
      return failed(
        { type: 'about:blank', title: '', status: 422, code: 'INVALID', fields: { agree: note } },
        'zh',
        kept,
      )
    }
    const phone = kept.phone.replace(/[\s-]/g, '')
    const claimed = await api(
      claimHousehold,
      {
        body: {
          compoundId: text('compoundId'),
          building: kept.building,
          unit: kept.unit,
          room: kept.room,
          // The version that was on the page: a newer one is refused, and the new text is shown before agreeing again.
          consentVersion: text('consentVersion'),
          phone: phone === '' ? undefined : phone,
        },
      },
      { token },
    )
    await visitor.forgetMe()
    if (!claimed.ok) return failed(claimed.problem, lang, kept)
    redirect(303, returnTo(text('next'), '/shop'))
  },
}
