import type { OwnersVote } from '#shared/contracts/governance-owners.ts'

/** Raising maintenance funds, rebuilding, changing the use of common parts: art. 278 para. 1 nos. 6–8. */
const GRAVE_ITEMS: readonly number[] = [6, 7, 8]

export type OwnersDecision = {
  /** Owners of two thirds of the area and two thirds of the heads took part. */
  readonly quorate: boolean
  readonly passed: boolean
}

/** One of the four things that are asked for: of heads and of area, who takes part, and who of them agrees. */
export type OwnersShare = {
  readonly what: 'takes-part' | 'agrees'
  readonly by: 'heads' | 'area'
  readonly part: number
  readonly whole: number
  readonly needs: 'two-thirds' | 'three-quarters' | 'more-than-half'
  readonly enough: boolean
}

/**
 * Civil Code art. 278: two thirds of the area and of the heads take part; nos. 6–8 need three quarters of both among those
 * who do, the others more than half of both. Area counts as registered, one head per unit or owner as the provincial rules
 * say (山东省物业管理条例 art. 24–25). Whole numbers only: nothing is rounded.
 */
export function ownersShares(vote: OwnersVote): OwnersShare[] {
  const { totalHeads, totalAreaCm, heads, areaCm, forHeads, forAreaCm } = vote
  const takesPart = (by: OwnersShare['by'], part: number, whole: number): OwnersShare => {
    return { what: 'takes-part', by, part, whole, needs: 'two-thirds', enough: 3 * part >= 2 * whole }
  }
  const agrees = (by: OwnersShare['by'], part: number, whole: number): OwnersShare =>
    isGrave(vote.item)
      ? { what: 'agrees', by, part, whole, needs: 'three-quarters', enough: 4 * part >= 3 * whole }
      : { what: 'agrees', by, part, whole, needs: 'more-than-half', enough: 2 * part > whole }
  return [
    takesPart('heads', heads, totalHeads),
    takesPart('area', areaCm, totalAreaCm),
    agrees('heads', forHeads, heads),
    agrees('area', forAreaCm, areaCm),
  ]
}

export function decideOwnersVote(vote: OwnersVote): OwnersDecision {
  return { quorate: isQuorate(vote), passed: ownersShares(vote).every(({ enough }) => enough) }
}

export function isQuorate(vote: OwnersVote): boolean {
  return ownersShares(vote).every(({ what, enough }) => what === 'agrees' || enough)
}

/** Three quarters of those who take part are asked for, of heads and of area. */
function isGrave(item: number): boolean {
  return GRAVE_ITEMS.includes(item)
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
