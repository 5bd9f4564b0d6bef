import { dropEmail as route } from '#shared/contracts/notifications.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { dropPending, loadSettings, saveSettings } from './settings-store.ts'
import { settingsView } from './settings-view.ts'

const TRIES_MAX = 4

export const dropEmail = http(route, async (_input, { caller: { personId }, now }) => {
  await dropPending(personId)
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const { settings } = await loadSettings(personId)
    if (settings?.email === undefined) return settingsView(personId, now)
    const { messages, kinds } = settings
    if (await saveSettings(personId, settings, { messages, kinds })) return settingsView(personId, now)
  }
  throw new Busy()
})
