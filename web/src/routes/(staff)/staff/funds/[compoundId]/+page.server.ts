import { listFundAlerts } from '#shared/contracts/fund-alerts.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { api } from '#web/lib/server/api.ts'
import { loadFundPage } from '#web/lib/server/fund-page.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const { compoundId } = event.params
  const [answer, compound, alerts] = await Promise.all([
    loadFundPage(compoundId, token, { cursor, limit: 20 }),
    publicRead(getCompound, { params: { compoundId } }),
    api(listFundAlerts, { params: { compoundId } }, { token }),
  ])
  return {
    page: dataOrError(answer, event),
    communityId: dataOrError(compound, event).communityId,
    // Who is no worker of the community sees the public's figures here, and is told nothing.
    alerts: alerts.ok ? alerts.data : alerts.status === 403 ? { items: [], count: 0 } : undefined,
    etag: answer.ok ? answer.etag : undefined,
    isFirst: cursor === undefined,
    now: Date.now(),
  }
}
