import { createHash, randomInt } from 'node:crypto'
import { sendEmailCode as route } from '#shared/contracts/notifications.ts'
import { decideSendCode, EMAIL_CODE_MINUTES } from '#shared/domain/notifications/confirm-email.ts'
import { codeMessage } from '#shared/domain/notifications/message.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { env } from '#functions/platform/env.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { channels } from '#functions/platform/messages/channels.ts'
import { type MessagePort, Undeliverable } from '#functions/platform/messages/port.ts'
import { loadSettings, savePending } from './settings-store.ts'
import { codeHash, settingsView } from './settings-view.ts'

export const sendEmailCode = http(route, async ({ body: { address } }, { caller: { personId }, now }) => {
  const { email } = await channels()
  if (email === undefined) return refused('CHANNEL_OFF', '这里还没有开通邮件提醒')
  const { pending } = await loadSettings(personId)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const decision = decideSendCode(pending, { address, codeHash: codeHash(personId, code) }, now)
  if (decision.kind === 'refused') return decision
  if (!(await savePending(personId, pending, decision.pending))) {
    return refused('CODE_JUST_SENT', '刚刚发过验证码，请等一分钟再试')
  }
  return (await send(email, address, code, now)) ?? settingsView(personId, now)
})

/** Sent at once, for somebody is waiting for it; one that is not sent is asked for again by hand. */
async function send(email: MessagePort, address: string, code: string, now: Instant) {
  const link = `${env('PUBLIC_ORIGIN')}/notices/settings?code=${code}`
  const id = createHash('sha256').update(`code ${address} ${code} ${now}`).digest('hex').slice(0, 32)
  const message = { id, kind: 'email-code', at: now, link, ...codeMessage(code, link, EMAIL_CODE_MINUTES) }
  try {
    await email.send({ ...message, to: { channel: 'email', address } })
    return undefined
  } catch (error) {
    log('warn', 'code not sent', { why: error instanceof Error ? `${error.name} ${error.message}` : '' })
    const note = '邮箱不收信，请检查有没有写错'
    if (error instanceof Undeliverable) return refused('EMAIL_REFUSED', note, { address: note })
    return refused('EMAIL_NOT_SENT', '验证码没有发出去，请过一会儿再试')
  }
}
