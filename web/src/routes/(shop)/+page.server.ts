import { redirect } from '@sveltejs/kit'
import { getCompound } from '#shared/contracts/places.ts'
import { returnTo } from '#web/lib/return-to.ts'
import { compoundCookie } from '#web/lib/server/cookies.ts'
import { searchCompounds } from '#web/lib/server/compounds.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const compoundId = compoundCookie.read(event)
  const [search, chosen] = await Promise.all([
    searchCompounds(event.url.searchParams),
    compoundId === undefined ? undefined : publicRead(getCompound, { params: { compoundId } }),
  ])
  return {
    search,
    chosen: chosen?.ok
      ? { name: chosen.data.name, place: `${chosen.data.townName} · ${chosen.data.communityName}` }
      : undefined,
    next: returnTo(event.url.searchParams.get('next'), ''),
  }
}

export const actions: Actions = {
  choose: async (event) => {
    const form = await event.request.formData()
    const compoundId = String(form.get('compoundId') ?? '')
    const found = await publicRead(getCompound, { params: { compoundId: compoundId || 'none' } })
    if (!found.ok) redirect(303, '/')
    compoundCookie.write(event, found.data.compoundId)
    redirect(303, returnTo(String(form.get('next') ?? ''), '/shop'))
  },
}
