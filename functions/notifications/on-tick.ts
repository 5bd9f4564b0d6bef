import { scheduleHandler } from '#functions/platform/schedule.ts'
import { sendReminders } from './send-reminders.ts'

/** Each minute: who is to be reminded is told. */
export const handler = scheduleHandler('notifications', async (at, hasTime) => sendReminders(at, hasTime))
