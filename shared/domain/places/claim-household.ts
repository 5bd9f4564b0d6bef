import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { isKnownBuilding } from './household-id.ts'

export type ClaimRefusal = 'CONSENT_OUTDATED' | 'UNKNOWN_BUILDING' | 'UNKNOWN_ROOM' | 'ALREADY_MEMBER_ELSEWHERE'

export type ClaimFacts = {
  readonly consentVersion: string
  readonly currentConsentVersion: string
  readonly householdId: string
  /** The building in its normal spelling. */
  readonly building: string
  /** Labels of the compound's registered buildings; empty when none is registered. */
  readonly buildingLabels: readonly string[]
  readonly householdExists: boolean
  /** True when the compound's rooms are registered: then no others exist. */
  readonly roomsRegistered: boolean
  /** The household the person belongs to already. */
  readonly memberOf: string | undefined
}

/** May this person claim this room? A claim gives the right to order; a worker verifies it later. */
export function decideClaim(facts: ClaimFacts): { readonly kind: 'claimed' } | Refused<ClaimRefusal> {
  if (facts.consentVersion !== facts.currentConsentVersion) {
    return refused('CONSENT_OUTDATED', '隐私告知已更新，请重新阅读并同意')
  }
  if (facts.memberOf !== undefined && facts.memberOf !== facts.householdId) {
    return refused('ALREADY_MEMBER_ELSEWHERE', '您已登记在另一户，请联系社区工作人员')
  }
  if (facts.householdExists) return { kind: 'claimed' }
  if (facts.buildingLabels.length > 0 && !isKnownBuilding(facts.buildingLabels, facts.building)) {
    return refused('UNKNOWN_BUILDING', '本小区没有这栋楼', { building: '没有这栋楼' })
  }
  if (facts.roomsRegistered) return refused('UNKNOWN_ROOM', '本小区没有这个房间', { room: '没有这个房间' })
  return { kind: 'claimed' }
}
