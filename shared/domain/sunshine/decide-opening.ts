import type { Body } from '#shared/contracts/places-bodies.ts'
import { type Refused, refused } from '#shared/kernel/outcome.ts'
import { quarterBefore, type Quarter } from '#shared/kernel/quarters.ts'
import { QUARTERS_BACK_MAX } from './rules.ts'

/**
 * Whether the community may give a compound's book to this body. The community names who keeps it, and nobody names themselves:
 * what is there at the beginning is stated by somebody else than who will account for it.
 */
export function decideOpening(
  { firstQuarter }: { readonly firstQuarter: Quarter },
  keeper: { readonly bodyKind: Body['kind']; readonly communityId?: string | undefined } | undefined,
  communityId: string,
  isKeeper: boolean,
  today: Quarter,
): Refused<'NOT_A_PROPERTY_COMPANY' | 'QUARTER_OUT_OF_RANGE' | 'INTERESTED'> | undefined {
  if (keeper?.bodyKind !== 'property' || keeper.communityId !== communityId) {
    return refused('NOT_A_PROPERTY_COMPANY', '请选本社区的物业企业', { bodyId: '请选本社区的物业企业' })
  }
  if (isKeeper) return refused('INTERESTED', '您是这家物业企业的人，要由别人启用账簿')
  let first = today
  for (let each = 0; each < QUARTERS_BACK_MAX; each++) first = quarterBefore(first)
  if (firstQuarter > today || firstQuarter < first) {
    return refused('QUARTER_OUT_OF_RANGE', '从本季度或以前四个季度起', { firstQuarter: '从本季度或以前四个季度起' })
  }
  return undefined
}
