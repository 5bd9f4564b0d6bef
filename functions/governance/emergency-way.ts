import { faultOfWay } from '#shared/domain/governance/decide-emergency.ts'
import { isUnratified, type Proposal } from '#shared/domain/governance/proposal.ts'
import { days, EMERGENCIES_A_QUARTER } from '#shared/domain/governance/rules.ts'
import { quarterOf } from '#shared/kernel/quarters.ts'
import { plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { emergencyShutItem, emergencySlotItem, type ProposalItem } from '#functions/platform/table/items/governance.ts'
import { ALWAYS, get, type Write } from '#functions/platform/table/table.ts'
import { loadCommittee } from './committee.ts'

type Place = Pick<ProposalItem, 'proposalId' | 'compoundId' | 'communityId'>

/**
 * Whether an emergency can begin here now, and the writes that hold only while it can: a place of this quarter that is free, or
 * its own, and no other emergency that was not ratified. Read anew (pattern G8), whatever somebody read before.
 */
export async function enterEmergencyWay(place: Place, proposal: Proposal, now: Instant) {
  const { proposalId, compoundId, communityId } = place
  const quarter = quarterOf(shanghaiDay(now))
  const slots = Array.from({ length: EMERGENCIES_A_QUARTER }, (_, slot) =>
    governanceKeys.emergencySlot(compoundId, quarter, slot),
  )
  const [shut, members, holders] = await Promise.all([
    get(emergencyShutItem, governanceKeys.emergencyShut(compoundId)),
    loadCommittee(communityId, now),
    Promise.all(slots.map(async (key) => (await get(emergencySlotItem, key))?.proposalId)),
  ])
  const used = holders.filter((holder) => holder !== undefined && holder !== proposalId).length
  const fault = faultOfWay(proposal, { used, shutUntil: shut?.until, members }, now)
  if (fault !== undefined) return fault
  const own = holders.indexOf(proposalId)
  const slot = slots[own === -1 ? holders.indexOf(undefined) : own]
  const item = emergencySlotItem.parse({ entity: 'emergencySlot', v: 1, proposalId })
  const writes: Write[] = [
    {
      check: governanceKeys.emergencyShut(compoundId),
      condition: 'attribute_not_exists(PK) OR #until <= :now',
      expression: { names: { '#until': 'until' }, values: { ':now': now } },
    },
    ...(slot === undefined
      ? []
      : [
          {
            put: { ...slot, ...item },
            condition: 'attribute_not_exists(PK) OR proposalId = :proposal',
            expression: { values: { ':proposal': proposalId } },
          },
        ]),
  ]
  return { kind: 'open' as const, writes }
}

/** An emergency that with this step is not ratified any more: for some time its compound has no others. */
export function shutWrites(
  { proposalId, compoundId }: Place,
  before: Proposal,
  after: Proposal,
  now: Instant,
): Write[] {
  if (!isUnratified(before) || after.emergency?.ratified !== false) return []
  const until = plusMs(now, days.emergencyShut * governanceDayMs())
  const item = emergencyShutItem.parse({ entity: 'emergencyShut', v: 1, proposalId, until })
  return [{ put: { ...governanceKeys.emergencyShut(compoundId), ...item }, condition: ALWAYS }]
}
