import { listRepeats as route } from '#shared/contracts/group-buys.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { repeatsOfCoop, repeatView, weeksOfCoop } from './repeat-store.ts'

export const listRepeats = http(route, async ({ params: { coopId } }, { caller }) => {
  requireRole(caller, 'coop', coopId, 'admin')
  const [repeats, weeks] = await Promise.all([repeatsOfCoop(coopId), weeksOfCoop(coopId)])
  const items = repeats.map(repeatView).sort((left, right) => (left.next.opensAt < right.next.opensAt ? -1 : 1))
  return { items, weeks }
})
