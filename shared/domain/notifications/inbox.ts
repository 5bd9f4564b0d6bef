import { UNREAD_DAYS } from '../../contracts/notifications.ts'
import { DAY_MS, type Instant, plusMs } from '../../kernel/time.ts'

/** A place where notices for the reader lie; of one that is not wholly theirs they see what is their own. */
export type Inbox = { readonly name: string; readonly seesAll: boolean }

/** What a person is or was in a household, as far as its notices go. */
export type Residence = { readonly householdId: string; readonly isHeld: boolean; readonly isVerified: boolean }

/** Somebody who moved on still learns what becomes of what they ordered; of a life of moving, the last homes do. */
export const PAST_HOMES_READ = 3

type InboxName = { readonly person: string; readonly household: (householdId: string) => string }

/** Their own, and their household's: wholly once a worker has verified that they live there, and before their own part of it. */
export function inboxesOf({ person, household }: InboxName, residences: readonly Residence[]): Inbox[] {
  const held = residences.filter(({ isHeld }) => isHeld)
  const past = residences.filter(({ isHeld }) => !isHeld).slice(0, PAST_HOMES_READ)
  return [
    { name: person, seesAll: true },
    ...[...held, ...past].map(({ householdId, isHeld, isVerified }) => ({
      name: household(householdId),
      seesAll: isHeld && isVerified,
    })),
  ]
}

type Told = { readonly noticeId: string; readonly personId: string; readonly at: Instant }
export type Found<N extends Told> = { readonly inbox: Inbox; readonly notices: readonly N[] }

export function isFor(inbox: Inbox, notice: Pick<Told, 'personId'>, personId: string): boolean {
  return inbox.seesAll || notice.personId === personId
}

/**
 * One page out of several inboxes, newest first: ids begin with their moment. `after` is where the next page goes on; it is
 * taken before what is not the reader's is left out, so that a page may hold less than it could and none is lost.
 */
export function newestOf<N extends Told>(
  found: readonly Found<N>[],
  personId: string,
  limit: number,
): { readonly items: readonly N[]; readonly after: string | undefined } {
  const all = found
    .flatMap(({ inbox, notices }) => notices.map((notice) => ({ inbox, notice })))
    .sort((left, right) => (left.notice.noticeId > right.notice.noticeId ? -1 : 1))
  const shown = all.slice(0, limit)
  return {
    items: shown.filter(({ inbox, notice }) => isFor(inbox, notice, personId)).map(({ notice }) => notice),
    after: all.length > limit ? shown.at(-1)?.notice.noticeId : undefined,
  }
}

/** Those that a count speaks of: not read, and not so old that nobody will. */
export function unreadOf<N extends Told>(notices: readonly N[], read: ReadonlySet<string>, now: Instant): readonly N[] {
  const since = plusMs(now, -UNREAD_DAYS * DAY_MS)
  return notices.filter(({ noticeId, at }) => at >= since && !read.has(noticeId))
}
