import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { DAY_MS, plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { type RoomFacts, unknownRoom } from './known-room.ts'

export type ClaimRefusal = 'CONSENT_OUTDATED' | 'UNKNOWN_BUILDING' | 'UNKNOWN_ROOM' | 'MOVED_RECENTLY'

export type Claimed = { readonly kind: 'claimed'; readonly leaves: string | undefined }

export type ClaimFacts = RoomFacts & {
  readonly consentVersion: string
  readonly currentConsentVersion: string
  readonly householdId: string
  /** The household the person belongs to already. */
  readonly memberOf: string | undefined
  /** When the person last moved by themselves. */
  readonly movedAt: Instant | undefined
  readonly now: Instant
}

/** Limits count by household, so nobody may walk from one to the next; a wrong entry can still be put right once. */
export const DAYS_BETWEEN_MOVES = 30

/**
 * May this person claim this room? A claim gives the right to order; a worker verifies it later. `leaves` is the household
 * that ends with it; orders placed for it stay with it.
 */
export function decideClaim(facts: ClaimFacts): Claimed | Refused<ClaimRefusal> {
  if (facts.consentVersion !== facts.currentConsentVersion) {
    return refused('CONSENT_OUTDATED', '隐私告知已更新，请重新阅读并同意')
  }
  const leaves = facts.memberOf === facts.householdId ? undefined : facts.memberOf
  const claimed = { kind: 'claimed', leaves } as const
  if (leaves !== undefined && facts.movedAt !== undefined) {
    const freeAt = plusMs(facts.movedAt, DAYS_BETWEEN_MOVES * DAY_MS)
    if (facts.now < freeAt) {
      return refused(
        'MOVED_RECENTLY',
        `您不久前刚换过住户，${shanghaiDay(freeAt)} 起可以再换；填错了请联系社区工作人员`,
      )
    }
  }
  return unknownRoom(facts) ?? claimed
}
