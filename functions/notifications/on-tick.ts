import { now } from '#functions/platform/clock.ts'
import { channels } from '#functions/platform/messages/channels.ts'
import { scheduleHandler } from '#functions/platform/schedule.ts'
import { queueMessages, sendMessages } from './send-messages.ts'
import { forgetExpired } from './settings-store.ts'
import { sendReminders } from './send-reminders.ts'

/** Each minute: who is to be reminded is told, and who wants to hear of it outside the app is sent a message. */
export const handler = scheduleHandler('notifications', async (at, hasTime) => {
  const reminded = await sendReminders(at, hasTime)
  const on = await channels()
  const queued = await queueMessages(on, at, hasTime)
  const sent = await sendMessages(on, now(), hasTime)
  const forgotten = await forgetExpired(at)
  return { forgotten, ...reminded, ...queued, failed: reminded.failed + queued.failed, ...sent }
})
