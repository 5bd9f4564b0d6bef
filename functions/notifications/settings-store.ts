import { noticeKinds } from '#shared/contracts/notifications.ts'
import type { EmailToConfirm } from '#shared/domain/notifications/confirm-email.ts'
import type { Instant } from '#shared/kernel/time.ts'
import {
  type EmailToConfirmItem,
  emailToConfirmItem,
  noticeSettingsItem,
  type NoticeSettingsItem,
  settingsPartitionItem,
} from '#functions/platform/table/items/notifications.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { EXISTS, get, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

export type Settings = {
  readonly settings: NoticeSettingsItem | undefined
  readonly pending: EmailToConfirmItem | undefined
}

/** What a person has said, and an address that waits (pattern 74). */
export async function loadSettings(personId: string): Promise<Settings> {
  const items = await queryAll(settingsPartitionItem, { pk: keys.noticeSettings(personId).PK, max: 2 })
  return {
    settings: items.find((item) => item.entity === 'noticeSettings'),
    pending: items.find((item) => item.entity === 'emailToConfirm'),
  }
}

export function getSettings(personId: string): Promise<NoticeSettingsItem | undefined> {
  return get(noticeSettingsItem, keys.noticeSettings(personId))
}

type Wanted = Pick<NoticeSettingsItem, 'email' | 'messages' | 'kinds'>

/** Nobody writes over what they have not read; `before` is what was. */
function settingsWrite(personId: string, before: NoticeSettingsItem | undefined, wanted: Wanted): Write {
  const revision = (before?.revision ?? 0) + 1
  const item = noticeSettingsItem.parse({ entity: 'noticeSettings', v: 1, personId, revision, ...wanted })
  const put = { ...keys.noticeSettings(personId), ...item }
  if (before === undefined) return { put, condition: NOT_EXISTS }
  return { put, condition: 'revision = :was', expression: { values: { ':was': before.revision } } }
}

export async function saveSettings(personId: string, before: NoticeSettingsItem | undefined, wanted: Wanted) {
  return (await transact([settingsWrite(personId, before, wanted)])).kind === 'done'
}

/** One code at a time: two requests at once send one letter. */
export async function savePending(personId: string, before: EmailToConfirm | undefined, pending: EmailToConfirm) {
  const put = {
    ...keys.emailToConfirm(personId),
    ...index.emailCodes(pending.expiresAt, personId),
    ...emailToConfirmItem.parse({ entity: 'emailToConfirm', v: 1, personId, ...pending }),
  }
  const asItWas: Write =
    before === undefined
      ? { put, condition: NOT_EXISTS }
      : { put, condition: 'sentAt = :was', expression: { values: { ':was': before.sentAt } } }
  return (await transact([asItWas])).kind === 'done'
}

/** A wrong code: one try less, for each that was made. False when somebody else tried in the same moment. */
export async function takeTry(personId: string, { codeHash, triesLeft }: EmailToConfirm): Promise<boolean> {
  const taken = await transact([
    {
      update: keys.emailToConfirm(personId),
      set: 'SET triesLeft = :less',
      condition: 'codeHash = :hash AND triesLeft = :was',
      expression: { values: { ':less': triesLeft - 1, ':hash': codeHash, ':was': triesLeft } },
    },
  ])
  return taken.kind === 'done'
}

/** The address is theirs from here on. The code is used up in the same write, but how many were sent today is not forgotten. */
export async function saveConfirmed(
  personId: string,
  before: NoticeSettingsItem | undefined,
  { codeHash, address, triesLeft }: EmailToConfirm,
  at: Instant,
): Promise<boolean> {
  const email = { address, confirmedAt: at, isOn: true }
  const kinds = before?.kinds ?? [...noticeKinds]
  const saved = await transact([
    settingsWrite(personId, before, { email, messages: before?.messages ?? false, kinds }),
    {
      update: keys.emailToConfirm(personId),
      set: FORGET,
      condition: 'codeHash = :hash AND triesLeft = :was',
      expression: { values: { ':none': 0, ':nothing': '', ':hash': codeHash, ':was': triesLeft } },
    },
  ])
  return saved.kind === 'done'
}

/** Of an address that waited only how many codes were sent that day is left. */
const FORGET = 'SET triesLeft = :none, address = :nothing, codeHash = :nothing REMOVE GSI1PK, GSI1SK'

export async function dropPending(personId: string): Promise<void> {
  const expression = { values: { ':none': 0, ':nothing': '' } }
  await transact([{ update: keys.emailToConfirm(personId), set: FORGET, condition: EXISTS, expression }])
}

const EXPIRED_A_RUN = 100

/** An address that nobody confirmed in time is forgotten: it may be a stranger's (pattern 78). */
export async function forgetExpired(now: Instant): Promise<number> {
  const { GSI1PK } = index.emailCodes('', '')
  const range = ['0', `${now}~`] as const
  const { items } = await query(emailToConfirmItem, { pk: GSI1PK, between: range, index: 'GSI1', limit: EXPIRED_A_RUN })
  // The index lags: another code may have been sent meanwhile.
  const expired = items.filter(({ expiresAt }) => expiresAt <= now)
  for (const { personId, codeHash } of expired) {
    const expression = { values: { ':none': 0, ':nothing': '', ':hash': codeHash } }
    await transact([{ update: keys.emailToConfirm(personId), set: FORGET, condition: 'codeHash = :hash', expression }])
  }
  return expired.length
}

/** A letter could not be brought there for good: no more are sent until its owner confirms it again. */
export async function noteRefused(personId: string, address: string, at: Instant): Promise<void> {
  await transact([
    {
      update: keys.noticeSettings(personId),
      set: 'SET #email.#isOn = :off, #email.#failedAt = :at, #revision = #revision + :one',
      condition: '#email.#address = :address',
      expression: {
        names: {
          ...{ '#email': 'email', '#isOn': 'isOn', '#failedAt': 'failedAt' },
          ...{ '#revision': 'revision', '#address': 'address' },
        },
        values: { ':off': false, ':at': at, ':one': 1, ':address': address },
      },
    },
  ])
}
