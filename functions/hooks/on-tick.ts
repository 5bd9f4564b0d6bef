import { scheduleHandler } from '#functions/platform/schedule.ts'
import { sendDue } from './send-due.ts'
import { workReplays } from './work-replays.ts'

/** An attempt may take fifteen seconds: none is begun that the platform would cut off, and that would then be made again. */
const SENDING_BEGINS_WITHIN_MS = 30_000

/** Each minute: what is to be sent again is queued, and what is due is sent. */
export const handler = scheduleHandler('hooks', async (_at, hasTime) => {
  const startedMs = performance.now()
  const canBegin = () => hasTime() && performance.now() - startedMs < SENDING_BEGINS_WITHIN_MS
  const replayed = await workReplays(canBegin)
  const sent = await sendDue(canBegin)
  return { ...replayed, ...sent }
})
