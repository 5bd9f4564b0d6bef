import { httpHandler } from '#functions/platform/http.ts'
import { countUnreadNotices } from './count-unread-notices.ts'
import { listNotices } from './list-notices.ts'
import { readAllNotices } from './read-all-notices.ts'
import { readNotice } from './read-notice.ts'
import { askReminder, dropReminder, getReminder } from './reminders.ts'
import { confirmEmail, dropEmail, getNoticeSettings, saveNoticeSettings, sendEmailCode } from './settings.ts'

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
