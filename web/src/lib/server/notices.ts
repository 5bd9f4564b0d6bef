import { countUnreadNotices, getReminder, UNREAD_COUNTED_MAX } from '#shared/contracts/notifications.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { api } from './api.ts'
import type { Visitor } from './visitor.ts'

/** The frame of a page does not wait for a number beside a bell. */
const PATIENCE_MS = 1_500

/** How many notices are not read, as it is shown; nothing where there is none, or nobody answers soon. */
export async function unreadNotices(token: string): Promise<string | undefined> {
  const answer = await Promise.race([
    api(countUnreadNotices, {}, { token }),
    sleep(PATIENCE_MS, undefined, { ref: false }),
  ])
  if (answer?.ok !== true || answer.data.unread === 0) return undefined
  const { unread } = answer.data
  return unread < UNREAD_COUNTED_MAX ? String(unread) : `${UNREAD_COUNTED_MAX}+`
}

/** Whether a resident is told before a group buy closes, or can ask for it. */
export async function reminderOf(visitor: Visitor, groupBuyId: string) {
  const [me, token] = [await visitor.me(), await visitor.token()]
  if (token === undefined || me?.memberships.some(({ role }) => role === 'resident') !== true) return undefined
  const answer = await api(getReminder, { params: { groupBuyId } }, { token })
  return answer.ok && answer.data.state !== 'late' ? answer.data : undefined
}
