import { getNoticeSettings as route } from '#shared/contracts/notifications.ts'
import { http } from '#functions/platform/http.ts'
import { settingsView } from './settings-view.ts'

export const getNoticeSettings = http(route, async (_input, { caller, now }) => settingsView(caller.personId, now))
