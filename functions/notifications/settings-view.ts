import { createHash } from 'node:crypto'
import { noticeKinds, type NoticeSettings } from '#shared/contracts/notifications.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { channels } from '#functions/platform/messages/channels.ts'
import { loadSettings } from './settings-store.ts'

/** What a person has said, as they see it. */
export async function settingsView(personId: string, now: Instant): Promise<NoticeSettings> {
  const [on, { settings, pending }] = await Promise.all([channels(), loadSettings(personId)])
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

/** Six digits are guessed in a moment by whoever reads the table; this at least does not show them. */
export function codeHash(personId: string, code: string): string {
  return createHash('sha256').update(`${personId} ${code}`).digest('hex')
}
