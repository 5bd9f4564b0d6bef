import type { Asking, emergencyRefusals, ProposalContent } from '#shared/contracts/governance.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { personIn } from './decide-act.ts'
import { barOf } from './persons.ts'
import { sumFen, type Proposal } from './proposal.ts'
import {
  EMERGENCIES_A_QUARTER,
  emergencyBelowFen,
  emergencyPurposes,
  isCommitteeWhole,
  RATIFIERS_MIN,
} from './rules.ts'
import type { Member } from './steps.ts'

type Refusal = keyof typeof emergencyRefusals
/** Of the way, which is asked twice; of what is asked for, once. */
export type WayRefusal = Exclude<Refusal, 'EMERGENCY_PURPOSE' | 'EMERGENCY_TOO_MUCH'>

/** How the way of emergencies stands in a compound. */
export type EmergencyWay = {
  /** Of this quarter, other proposals'. */
  readonly used: number
  readonly shutUntil?: Instant | undefined
  /** The committee as it is now. */
  readonly members: readonly Member[]
}

/** Why what is asked for is no emergency in this compound, whoever asks. */
export function faultOfEmergency({ purpose, lines }: ProposalContent, asking: Asking): Refused<Refusal> | undefined {
  if (!emergencyPurposes.includes(purpose))
    return refused('EMERGENCY_PURPOSE', undefined, { purpose: '应急支出只用于设施维护或环境提升' })
  const belowFen = emergencyBelowFen(asking)
  const most = `应急支出要在 ¥${belowFen / 100} 以下，更多请走平常的提案`
  return sumFen(lines) < belowFen ? undefined : refused('EMERGENCY_TOO_MUCH', most, { lines: '合计超过了限额' })
}

/** Why no emergency can begin here now. */
export function faultOfWay(proposal: Proposal, way: EmergencyWay, now: Instant): Refused<WayRefusal> | undefined {
  const { used, shutUntil, members } = way
  if (shutUntil !== undefined && now < shutUntil)
    return refused('EMERGENCY_SHUT', '这个小区有一笔应急支出没有获得追认，应急通道暂停，请走平常的提案')
  if (used >= EMERGENCIES_A_QUARTER)
    return refused(
      'EMERGENCIES_USED',
      `一个小区一季度最多 ${EMERGENCIES_A_QUARTER} 笔应急支出，已经用完，请走平常的提案`,
    )
  const ratifiers = members.filter((member) => barOf('vote-committee', personIn(proposal, member)) === undefined)
  if (!isCommitteeWhole(members.length) || ratifiers.length < RATIFIERS_MIN)
    return refused('COMMITTEE_TOO_SMALL', `管委会能追认的委员不到 ${RATIFIERS_MIN} 位，不能走应急`)
  return undefined
}
