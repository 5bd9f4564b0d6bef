import { confirmEmail as route } from '#shared/contracts/notifications.ts'
import { decideConfirm } from '#shared/domain/notifications/confirm-email.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { loadSettings, saveConfirmed, takeTry } from './settings-store.ts'
import { codeHash, settingsView } from './settings-view.ts'

/** Others may try in the same moment; each try is counted. */
const TRIES_MAX = 4

export const confirmEmail = http(route, async ({ body: { code } }, { caller: { personId }, now }) => {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const { settings, pending } = await loadSettings(personId)
    const decision = decideConfirm(pending, codeHash(personId, code), now)
    if (decision.kind === 'refused') return decision
    assert(pending !== undefined, 'what is compared with a code waits for one')
    if (decision.kind === 'confirmed') {
      if (await saveConfirmed(personId, settings, pending, now)) return settingsView(personId, now)
    } else if (await takeTry(personId, pending)) {
      return refused('WRONG_CODE', '验证码不对', { code: '验证码不对，请再看一下邮件' })
    }
  }
  throw new Busy()
})
