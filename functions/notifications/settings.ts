import { createHash, randomInt } from 'node:crypto'
import {
  confirmEmail as confirmRoute,
  dropEmail as dropRoute,
  getNoticeSettings as getRoute,
  noticeKinds,
  saveNoticeSettings as saveRoute,
  sendEmailCode as sendRoute,
} from '#shared/contracts/notifications.ts'
import { decideConfirm, decideSendCode, EMAIL_CODE_MINUTES } from '#shared/domain/notifications/confirm-email.ts'
import { codeMessage } from '#shared/domain/notifications/message.ts'
import { refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { env } from '#functions/platform/env.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { type Channels, channels } from '#functions/platform/messages/channels.ts'
import { type MessagePort, Undeliverable } from '#functions/platform/messages/port.ts'
import type { NoticeSettingsItem } from '#functions/platform/table/items/notifications.ts'
import {
  dropPending,
  loadSettings,
  saveConfirmed,
  savePending,
  saveSettings,
  type Settings,
  takeTry,
} from './settings-store.ts'

const TRIES_MAX = 4

type Email = NonNullable<NoticeSettingsItem['email']>

export const getNoticeSettings = http(getRoute, async (_input, { caller, now }) => answer(caller.personId, now))

export const saveNoticeSettings = http(saveRoute, async ({ body }, { caller: { personId }, now }) => {
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
    if (await saveSettings(personId, settings, wanted)) return answer(personId, now)
  }
  throw new Busy()
})

/** Turned on again it is as good as new: what could not be brought there is forgotten. */
function turned({ failedAt, ...email }: Email, isOn: boolean): Email {
  return { ...email, isOn, ...(isOn || failedAt === undefined ? {} : { failedAt }) }
}

export const sendEmailCode = http(sendRoute, async ({ body: { address } }, { caller: { personId }, now }) => {
  const { email } = await channels()
  if (email === undefined) return refused('CHANNEL_OFF', '这里还没有开通邮件提醒')
  const { pending } = await loadSettings(personId)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const decision = decideSendCode(pending, { address, codeHash: hashOf(personId, code) }, now)
  if (decision.kind === 'refused') return decision
  if (!(await savePending(personId, pending, decision.pending)))
    return refused('CODE_JUST_SENT', '刚刚发过验证码，请等一分钟再试')
  return (await sendCode(email, address, code, now)) ?? answer(personId, now)
})

/** Sent at once, for somebody is waiting for it; one that is not sent is asked for again by hand. */
async function sendCode(email: MessagePort, address: string, code: string, now: Instant) {
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

export const confirmEmail = http(confirmRoute, async ({ body: { code } }, { caller: { personId }, now }) => {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const { settings, pending } = await loadSettings(personId)
    const decision = decideConfirm(pending, hashOf(personId, code), now)
    if (decision.kind === 'refused' || pending === undefined)
      return decision.kind === 'refused' ? decision : refused('CODE_EXPIRED')
    if (decision.kind === 'confirmed') {
      if (await saveConfirmed(personId, settings, pending, now)) return answer(personId, now)
    } else if (await takeTry(personId, pending)) {
      return refused('WRONG_CODE', '验证码不对', { code: '验证码不对，请再看一下邮件' })
    }
  }
  throw new Busy()
})

export const dropEmail = http(dropRoute, async (_input, { caller: { personId }, now }) => {
  await dropPending(personId)
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const { settings } = await loadSettings(personId)
    if (settings?.email === undefined) return answer(personId, now)
    const { messages, kinds } = settings
    if (await saveSettings(personId, settings, { messages, kinds })) return answer(personId, now)
  }
  throw new Busy()
})

/** Six digits are guessed in a moment by whoever reads the table; this at least does not show them. */
function hashOf(personId: string, code: string): string {
  return createHash('sha256').update(`${personId} ${code}`).digest('hex')
}

async function answer(personId: string, now: Instant) {
  const [on, { settings, pending }] = await Promise.all([channels(), loadSettings(personId)])
  return view(on, settings, pending, now)
}

function view(on: Channels, settings: Settings['settings'], pending: Settings['pending'], now: Instant) {
  const { address, isOn, failedAt } = settings?.email ?? {}
  const waits = pending !== undefined && pending.triesLeft > 0 && pending.expiresAt > now
  return {
    channels: { email: on.email !== undefined, messages: on.hook !== undefined },
    ...(address === undefined || isOn === undefined ? {} : { email: { address, isOn, failedAt } }),
    ...(waits ? { toConfirm: { address: pending.address, expiresAt: pending.expiresAt } } : {}),
    messages: settings?.messages ?? false,
    kinds: settings?.kinds ?? [...noticeKinds],
  }
}
