import { createHash } from 'node:crypto'
import type { MessageChannel } from '#shared/contracts/notifications.ts'
import { isStale, messageOf } from '#shared/domain/notifications/message.ts'
import { isTooOld, nextAttemptAt } from '#shared/domain/notifications/retry.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { env } from '#functions/platform/env.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import type { Channels } from '#functions/platform/messages/channels.ts'
import { ChannelDown, type Message, type Recipient, Undeliverable } from '#functions/platform/messages/port.ts'
import type { NoticeItem, NoticeSettingsItem, OutgoingItem } from '#functions/platform/table/items/notifications.ts'
import { noticeView } from './notice-view.ts'
import {
  claim,
  getNotice,
  groupBuyOf,
  isStillSo,
  move,
  pageOfDue,
  pageOfUnsent,
  phoneOf,
  recipientsOf,
  saveOutgoing,
  UNSENT_SHARDS,
  type Wanted,
} from './outgoing-store.ts'
import { getSettings, noteRefused } from './settings-store.ts'

const NOTICES_AT_ONCE = 8
const MESSAGES_AT_ONCE = 4
/** A channel that failed so often in a row in one run is down: the rest waits for the next, and loses no attempt. */
const FAILURES_IN_A_ROW_MAX = 3

/** Looks for each new notice who wants it outside the app, and by which channel that is on. */
export async function queueMessages(on: Channels, now: Instant, hasTime: () => boolean) {
  const counts = { queued: 0, failed: 0 }
  const known = new Map<string, Promise<NoticeSettingsItem | undefined>>()
  const settingsOf = (personId: string) => {
    const found = known.get(personId) ?? getSettings(personId)
    known.set(personId, found)
    return found
  }
  for (let shard = 0; shard < UNSENT_SHARDS; shard++) {
    let cursor: string | undefined
    do {
      const page = await pageOfUnsent(shard, cursor)
      await inParallel(page.items, NOTICES_AT_ONCE, async (notice) => {
        if (!hasTime()) return
        // One notice that cannot be handled must not keep the others waiting.
        try {
          const wanted = await wantedOf(notice, on, settingsOf, now)
          if (await saveOutgoing(notice, wanted, now)) counts.queued += wanted.length
        } catch (error) {
          counts.failed++
          log('error', 'notice not queued', { noticeId: notice.noticeId, why: nameOf(error) })
        }
      })
      cursor = page.nextCursor
    } while (cursor !== undefined && hasTime())
  }
  return counts
}

async function wantedOf(
  notice: NoticeItem,
  on: Channels,
  settingsOf: (personId: string) => Promise<NoticeSettingsItem | undefined>,
  now: Instant,
): Promise<Wanted[]> {
  if ((on.email === undefined && on.hook === undefined) || isTooOld(notice.at, now)) return []
  const wanted: Wanted[] = []
  for (const personId of await recipientsOf(notice, now)) {
    const settings = await settingsOf(personId)
    for (const channel of ['email', 'hook'] as const) {
      if (on[channel] !== undefined && wants(settings, channel, notice)) wanted.push({ personId, channel })
    }
  }
  return wanted
}

function wants(settings: NoticeSettingsItem | undefined, channel: MessageChannel, { kind }: NoticeItem): boolean {
  if (settings === undefined || !settings.kinds.includes(kind)) return false
  return channel === 'email' ? settings.email?.isOn === true : settings.messages
}

/** Sends what is due. What fails comes back later, for a day; one address that fails, or hangs, stops no other. */
export async function sendMessages(on: Channels, now: Instant, hasTime: () => boolean) {
  const counts = { sent: 0, later: 0, dropped: 0, givenUp: 0 }
  const inARow: Record<MessageChannel, number> = { email: 0, hook: 0 }
  let cursor: string | undefined
  do {
    const page = await pageOfDue(now, cursor)
    await inParallel(page.items, MESSAGES_AT_ONCE, async (due) => {
      if (!hasTime() || due.nextAt > now || inARow[due.channel] >= FAILURES_IN_A_ROW_MAX) return
      try {
        const became = await sendOne(due, on, inARow)
        if (became !== undefined) counts[became]++
      } catch (error) {
        log('error', 'message not handled', { noticeId: due.noticeId, channel: due.channel, why: nameOf(error) })
      }
    })
    cursor = page.nextCursor
  } while (cursor !== undefined && hasTime())
  return counts
}

async function sendOne(due: OutgoingItem, on: Channels, inARow: Record<MessageChannel, number>) {
  const port = on[due.channel]
  const message = await messageNow(due)
  if (message === undefined || port === undefined) {
    await move(due, { ...due, state: 'dropped', endedAt: clock() })
    return 'dropped'
  }
  const taken = await claim(due, clock())
  // Another run has it.
  if (taken === undefined) return undefined
  try {
    await port.send(message)
    inARow[due.channel] = 0
    await move(taken, { ...taken, state: 'sent', endedAt: clock() })
    return 'sent'
  } catch (error) {
    inARow[due.channel] = error instanceof ChannelDown ? inARow[due.channel] + 1 : 0
    return failed(taken, message.to, error)
  }
}

/** The message as it stands now: nothing when its recipient does not want it any more, or there is no point in it. */
async function messageNow(due: OutgoingItem): Promise<Message | undefined> {
  const { personId, channel, noticeId } = due
  const [notice, settings] = await Promise.all([getNotice(due), getSettings(personId)])
  if (notice === undefined || !wants(settings, channel, notice) || !(await isStillSo(notice, clock()))) return undefined
  const groupBuy = await groupBuyOf(notice)
  const view = noticeView(notice, new Map(groupBuy === undefined ? [] : [[groupBuy.groupBuyId, groupBuy]]), false)
  if (isStale(view, clock())) return undefined
  const origin = env('PUBLIC_ORIGIN')
  const links = { notice: `${origin}/notices/${noticeId}`, settings: `${origin}/notices/settings` }
  const to = await recipientNow(personId, channel, settings)
  if (to === undefined) return undefined
  return { id: idOf(due), kind: notice.kind, at: notice.at, link: links.notice, ...messageOf(view, links), to }
}

async function recipientNow(
  personId: string,
  channel: MessageChannel,
  settings: NoticeSettingsItem | undefined,
): Promise<Recipient | undefined> {
  if (channel === 'hook')
    return { channel, subject: personId.slice(personId.indexOf('|') + 1), phone: await phoneOf(personId) }
  const address = settings?.email?.address
  return address === undefined ? undefined : { channel, address }
}

/** The same for each attempt, and tells nothing of whose it is. */
function idOf({ personId, noticeId, channel }: OutgoingItem): string {
  return `msg_${createHash('sha256').update(`${noticeId} ${channel} ${personId}`).digest('hex').slice(0, 32)}`
}

async function failed(taken: OutgoingItem, to: Recipient, error: unknown): Promise<'later' | 'givenUp'> {
  const now = clock()
  const why = nameOf(error)
  const next =
    error instanceof Undeliverable ? undefined : nextAttemptAt(taken.createdAt, taken.attempts, now, Math.random())
  if (next !== undefined) {
    await move(taken, { ...taken, nextAt: next, why })
    return 'later'
  }
  const { noticeId, channel, attempts } = taken
  log('error', 'message given up', { noticeId, channel, attempts, why })
  await move(taken, { ...taken, state: 'given-up', endedAt: now, why })
  if (to.channel === 'email' && error instanceof Undeliverable) await noteRefused(taken.personId, to.address, now)
  return 'givenUp'
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown'
}
