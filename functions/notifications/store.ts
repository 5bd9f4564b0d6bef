import {
  type Found,
  inboxesOf,
  type Inbox,
  isFor,
  newestOf,
  type Residence,
} from '#shared/domain/notifications/inbox.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { decodeCursor, encodeCursor } from '#functions/platform/table/cursor.ts'
import { groupBuyItem, type GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { noticeItem, type NoticeItem, noticeReadItem } from '#functions/platform/table/items/notifications.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { householdInbox, personInbox } from '#functions/platform/table/notices.ts'
import { ALWAYS, batchGet, get, query, transact } from '#functions/platform/table/table.ts'

const WRITES_AT_ONCE = 8

/** A page of what the caller is told (pattern 70), from all their inboxes at once. */
export async function pageOfNotices(caller: Caller, limit: number, cursor: string | undefined) {
  const list = { pk: keys.notice(personInbox(caller.personId), '').PK, prefix: 'every inbox', newestFirst: true }
  const before = cursor === undefined ? undefined : decodeCursor(list, cursor)
  const found = await Promise.all(inboxesFor(caller).map((inbox) => newestIn(inbox, limit, before)))
  const { items, after } = newestOf(found, caller.personId, limit)
  return { items, ...(after === undefined ? {} : { nextCursor: encodeCursor(list, after) }) }
}

function inboxesFor({ personId, memberships, past }: Caller): Inbox[] {
  const residences = [
    ...memberships,
    ...past.toSorted((left, right) => ((left.toAt ?? '') > (right.toAt ?? '') ? -1 : 1)),
  ]
    .filter(({ role }) => role === 'resident')
    .map((home): Residence => ({
      householdId: home.scopeId,
      isHeld: memberships.includes(home),
      isVerified: home.state === 'verified',
    }))
  return inboxesOf({ person: personInbox(personId), household: householdInbox }, residences)
}

async function newestIn(inbox: Inbox, limit: number, before: string | undefined): Promise<Found<NoticeItem>> {
  // One more than a page, and the one that the page goes on after, which a range cannot leave out.
  const options = { pk: keys.notice(inbox.name, '').PK, newestFirst: true, limit: limit + 2 }
  const { items } = await query(noticeItem, before === undefined ? options : { ...options, between: ['0', before] })
  return { inbox, notices: items.filter(({ noticeId }) => noticeId !== before).slice(0, limit + 1) }
}

/** Which of these the person has read (pattern 71): `notices` are newest first. */
export async function readOf(personId: string, notices: readonly NoticeItem[]): Promise<ReadonlySet<string>> {
  const [newest, oldest] = [notices.at(0)?.noticeId, notices.at(-1)?.noticeId]
  if (newest === undefined || oldest === undefined) return new Set()
  const { PK } = keys.noticeRead(personId, '')
  const { items, nextCursor } = await query(noticeReadItem, { pk: PK, between: [oldest, newest], limit: READ_MAX })
  assert(nextCursor === undefined, 'nobody has read more than there was between')
  return new Set(items.map(({ noticeId }) => noticeId))
}

/** Of a range that holds a page: what was read there was found there, so it is not more than the inboxes hold together. */
const READ_MAX = 1_000

/** The notice, if it is one of the caller's. */
export async function findNotice(caller: Caller, noticeId: string): Promise<NoticeItem | undefined> {
  for (const inbox of inboxesFor(caller)) {
    const notice = await get(noticeItem, keys.notice(inbox.name, noticeId))
    if (notice !== undefined && isFor(inbox, notice, caller.personId)) return notice
  }
  return undefined
}

export async function markRead(personId: string, noticeIds: readonly string[]): Promise<void> {
  await inParallel(noticeIds, WRITES_AT_ONCE, (noticeId) =>
    transact([
      {
        put: {
          ...keys.noticeRead(personId, noticeId),
          ...noticeReadItem.parse({ entity: 'noticeRead', v: 1, noticeId }),
        },
        condition: ALWAYS,
      },
    ]),
  )
}

/** Titles and times of what notices speak of. */
export async function groupBuysOf(notices: readonly NoticeItem[]): Promise<ReadonlyMap<string, GroupBuyItem>> {
  const ids = [...new Set(notices.flatMap(({ groupBuyId }) => groupBuyId ?? []))]
  const found = await batchGet(
    groupBuyItem,
    ids.map((groupBuyId) => keys.groupBuy(groupBuyId)),
  )
  return new Map(found.map((groupBuy) => [groupBuy.groupBuyId, groupBuy]))
}
