import type { MessageChannel } from '#shared/contracts/notifications.ts'
import { LEASE_MS } from '#shared/domain/notifications/retry.ts'
import { type Instant, plusMs } from '#shared/kernel/time.ts'
import { hasEnded, isHeld } from '#functions/platform/caller.ts'
import { groupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import {
  noticeItem,
  type NoticeItem,
  outgoingItem,
  type OutgoingItem,
} from '#functions/platform/table/items/notifications.ts'
import { orderItem, shareItem } from '#functions/platform/table/items/orders.ts'
import { membershipItem, personItem } from '#functions/platform/table/items/places.ts'
import { statementItem } from '#functions/platform/table/items/settlement.ts'
import { index, keys, PENDING_SHARDS } from '#functions/platform/table/keys.ts'
import { householdInbox } from '#functions/platform/table/notices.ts'
import { get, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

const PAGE = 50
/** Of one household: more than live in a room. */
const MEMBERS_MAX = 50

export const UNSENT_SHARDS = PENDING_SHARDS

/** Notices whose recipients nobody has looked for yet (pattern 76), oldest first. */
export function pageOfUnsent(shard: number, cursor: string | undefined) {
  return query(noticeItem, { pk: `NOTICE#UNSENT#${shard}`, index: 'GSI1', limit: PAGE, cursor })
}

/** Whom a notice is for: a person; or who ordered, and the verified members of the household (pattern 6). */
export async function recipientsOf(notice: NoticeItem, now: Instant): Promise<readonly string[]> {
  const { inbox, personId, compoundId } = notice
  if (compoundId === undefined) return [personId]
  const householdId = inbox.slice(householdInbox('').length)
  const { GSI1PK } = index.compoundMembers(compoundId, '', '', '')
  const members = await queryAll(membershipItem, {
    pk: GSI1PK,
    prefix: `verified#${householdId}#`,
    index: 'GSI1',
    max: MEMBERS_MAX,
  })
  // The index lags: the membership itself says whether it still holds.
  const verified = members.filter(
    (held) => held.state === 'verified' && held.scopeId === householdId && !hasEnded(held, now),
  )
  return [...new Set([personId, ...verified.map((held) => held.personId)])]
}

export type Wanted = { readonly personId: string; readonly channel: MessageChannel }

/** From here each message is on its way by itself; the notice has done its part. Once, whoever else is at it. */
export async function saveOutgoing(notice: NoticeItem, wanted: readonly Wanted[], now: Instant): Promise<boolean> {
  const { noticeId, inbox } = notice
  const done: Write = {
    update: keys.notice(inbox, noticeId),
    set: 'REMOVE GSI1PK, GSI1SK',
    condition: 'attribute_exists(GSI1PK)',
    expression: {},
  }
  const puts = wanted.map(({ personId, channel }): Write => {
    const item = outgoingItem.parse({
      ...{ entity: 'outgoing', v: 1, noticeId, inbox, personId, channel },
      ...{ state: 'due', attempts: 0, createdAt: now, nextAt: now },
    })
    const found = index.dueOutgoing(now, noticeId, channel, personId)
    return { put: { ...keys.outgoing(personId, noticeId, channel), ...found, ...item }, condition: NOT_EXISTS }
  })
  return (await transact([done, ...puts])).kind === 'done'
}

/** Messages whose time has come (pattern 77), the longest waiting first. */
export function pageOfDue(now: Instant, cursor: string | undefined) {
  const { GSI1PK } = index.dueOutgoing('', '', '', '')
  return query(outgoingItem, { pk: GSI1PK, between: ['0', `${now}~`], index: 'GSI1', limit: PAGE, cursor })
}

/** Takes a message to send it: nobody else does for a while. Who dies over it leaves it to the next, who sends it again. */
export async function claim(message: OutgoingItem, now: Instant): Promise<OutgoingItem | undefined> {
  const taken = { ...message, attempts: message.attempts + 1, nextAt: plusMs(now, LEASE_MS) }
  return (await move(message, taken)) ? taken : undefined
}

/** As it was when it was read, or not at all. */
export async function move(before: OutgoingItem, after: OutgoingItem): Promise<boolean> {
  const { personId, noticeId, channel, nextAt } = after
  const found = after.state === 'due' ? index.dueOutgoing(nextAt, noticeId, channel, personId) : {}
  const moved = await transact([
    {
      put: { ...keys.outgoing(personId, noticeId, channel), ...found, ...outgoingItem.parse(after) },
      condition: '#state = :due AND nextAt = :was AND attempts = :attempts',
      expression: {
        names: { '#state': 'state' },
        values: { ':due': 'due', ':was': before.nextAt, ':attempts': before.attempts },
      },
    },
  ])
  return moved.kind === 'done'
}

export function getNotice({ inbox, noticeId }: OutgoingItem): Promise<NoticeItem | undefined> {
  return get(noticeItem, keys.notice(inbox, noticeId))
}

export async function groupBuyOf({ groupBuyId }: NoticeItem) {
  return groupBuyId === undefined ? undefined : get(groupBuyItem, keys.groupBuy(groupBuyId))
}

export async function phoneOf(personId: string): Promise<string | undefined> {
  return (await get(personItem, keys.person(personId)))?.phone
}

/** What a message asks for may have been done meanwhile: goods were collected, an order was paid or given up. */
export async function isStillSo(notice: NoticeItem, now: Instant): Promise<boolean> {
  const { kind, orderId, groupBuyId } = notice
  if (kind === 'statement-made') return isToBeConfirmed(notice, now)
  if (orderId === undefined || groupBuyId === undefined) return true
  if (kind === 'closing-soon') return (await get(orderItem, keys.order(orderId)))?.state === 'pending_payment'
  if (kind !== 'arrived' && kind !== 'pick-up-ends-soon') return true
  return (await get(shareItem, keys.share(groupBuyId, orderId)))?.state === 'ready'
}

/** A statement that nobody has answered, and a person who is still of its co-op. */
async function isToBeConfirmed({ groupBuyId, part, personId }: NoticeItem, now: Instant): Promise<boolean> {
  if (groupBuyId === undefined || part === undefined) return false
  const statement = await get(statementItem, keys.statement(groupBuyId, part))
  if (statement?.state !== 'open') return false
  const membership = await get(membershipItem, keys.membership(personId, 'coop', statement.coopId))
  return membership !== undefined && isHeld(membership, now)
}
