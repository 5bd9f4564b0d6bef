import type { OwnersVote } from '#shared/contracts/governance.ts'

/** Raising maintenance funds, rebuilding, changing the use of common parts: art. 278 para. 1 nos. 6–8. */
const GRAVE_ITEMS: readonly number[] = [6, 7, 8]

export type OwnersDecision = {
  /** Owners of two thirds of the area and two thirds of the heads took part. */
  readonly quorate: boolean
  readonly passed: boolean
}

/**
 * Civil Code art. 278: two thirds of the area and of the heads take part; nos. 6–8 need three quarters of both among those
 * who do, the others more than half of both. Area counts as registered, one head per unit or owner as the provincial rules
 * say (山东省物业管理条例 art. 24–25). Whole numbers only: nothing is rounded.
 */
export function decideOwnersVote(vote: OwnersVote): OwnersDecision {
  const { totalHeads, totalAreaCm, heads, areaCm, forHeads, forAreaCm } = vote
  const quorate = 3 * heads >= 2 * totalHeads && 3 * areaCm >= 2 * totalAreaCm
  const agrees = GRAVE_ITEMS.includes(vote.item)
    ? 4 * forHeads >= 3 * heads && 4 * forAreaCm >= 3 * areaCm
    : 2 * forHeads > heads && 2 * forAreaCm > areaCm
  return { quorate, passed: quorate && agrees }
}

/** Why these figures cannot be; undefined when they can. */
export function ownersFault(vote: OwnersVote): Readonly<Record<string, string>> | undefined {
  if (vote.heads > vote.totalHeads) return { 'owners.heads': '参加的人数比业主总人数多' }
  if (vote.areaCm > vote.totalAreaCm) return { 'owners.areaCm': '参加的面积比总面积大' }
  if (vote.forHeads > vote.heads) return { 'owners.forHeads': '同意的人数比参加的人数多' }
  if (vote.forAreaCm > vote.areaCm) return { 'owners.forAreaCm': '同意的面积比参加的面积大' }
  if ((vote.heads === 0) !== (vote.areaCm === 0)) return { 'owners.areaCm': '参加的人数和面积要么都有，要么都没有' }
  return undefined
}
