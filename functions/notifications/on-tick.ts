import { now } from '#functions/platform/clock.ts'
import { channels } from '#functions/platform/messages/channels.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { queueMessages, sendMessages } from './send-messages.ts'
import { forgetExpired } from './settings-store.ts'
import { sendReminders } from './send-reminders.ts'

/** A letter may take twenty seconds: none is begun that the platform would cut off, and that would then go out again. */
const SENDING_BEGINS_WITHIN_MS = 30_000

/** Each minute: who is to be reminded is told, and who wants to hear of it outside the app is sent a message. */
export const handler = scheduleHandler('notifications', async (at, hasTime) => {
  const startedMs = performance.now()
  const reminded = await sendReminders(at, hasTime)
  const forgotten = await forgetExpired(at)
  const on = await channels()
  const queued = await queueMessages(on, at, hasTime)
  const canSend = () => hasTime() && performance.now() - startedMs < SENDING_BEGINS_WITHIN_MS
  const sent = await sendMessages(on, now(), canSend)
  return { forgotten, ...reminded, ...queued, failed: reminded.failed + queued.failed, ...sent }
})
