import { noticeKinds, saveNoticeSettings as route } from '#shared/contracts/notifications.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { channels } from '#functions/platform/messages/channels.ts'
import type { NoticeSettingsItem } from '#functions/platform/table/items/notifications.ts'
import { loadSettings, saveSettings } from './settings-store.ts'
import { settingsView } from './settings-view.ts'

const TRIES_MAX = 4

export const saveNoticeSettings = http(route, async ({ body }, { caller: { personId }, now }) => {
  const on = await channels()
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const { settings } = await loadSettings(personId)
    if (body.email && settings?.email === undefined) return refused('EMAIL_NOT_CONFIRMED', '请先确认邮箱')
    if (body.messages && on.hook === undefined) return refused('CHANNEL_OFF', '这里还没有开通短信或微信提醒')
    const wanted = {
      ...(settings?.email === undefined ? {} : { email: turned(settings.email, body.email) }),
      messages: body.messages,
      kinds: noticeKinds.filter((kind) => body.kinds.includes(kind)),
    }
    if (await saveSettings(personId, settings, wanted)) return settingsView(personId, now)
  }
  throw new Busy()
})

type Email = NonNullable<NoticeSettingsItem['email']>

/** Turned on again it is as good as new: what could not be brought there is forgotten. */
function turned({ failedAt, ...email }: Email, isOn: boolean): Email {
  return { ...email, isOn, ...(isOn || failedAt === undefined ? {} : { failedAt }) }
}
