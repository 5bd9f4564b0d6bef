import { httpHandler } from '#functions/platform/http.ts'
import { askReminder } from './ask-reminder.ts'
import { confirmEmail } from './confirm-email.ts'
import { countUnreadNotices } from './count-unread-notices.ts'
import { dropEmail } from './drop-email.ts'
import { dropReminder } from './drop-reminder.ts'
import { getNoticeSettings } from './get-notice-settings.ts'
import { getReminder } from './get-reminder.ts'
import { listNotices } from './list-notices.ts'
import { readAllNotices } from './read-all-notices.ts'
import { readNotice } from './read-notice.ts'
import { saveNoticeSettings } from './save-notice-settings.ts'
import { sendEmailCode } from './send-email-code.ts'

export const handler = httpHandler(
  listNotices,
  countUnreadNotices,
  readNotice,
  readAllNotices,
  getReminder,
  askReminder,
  dropReminder,
  getNoticeSettings,
  saveNoticeSettings,
  sendEmailCode,
  confirmEmail,
  dropEmail,
)
