import { createHash, randomBytes } from 'node:crypto'
import type { Act } from '#shared/contracts/governance.ts'
import type { OwnersAct, OwnersDiffer } from '#shared/contracts/governance-owners.ts'
import { entryOf, type SaidAct } from '#shared/domain/governance/owners-entry.ts'
import { canonicalRows, differingUnits } from '#shared/domain/governance/owners-list.ts'
import type { Proposal } from '#shared/domain/governance/proposal.ts'
import { days } from '#shared/domain/governance/rules.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import { ownersRowsItem, type OwnersRowsItem } from '#functions/platform/table/items/owners-rows.ts'
import { ownersRowsKeys } from '#functions/platform/table/owners-rows-keys.ts'
import { ALWAYS, get, transact, type Write } from '#functions/platform/table/table.ts'
import type { Loaded } from './proposal-store.ts'

const at = { table: 'PHOTOS_TABLE' } as const

/** Crockford's: no letter that is taken for a digit. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LETTERS = 16

/** A new 清单码: 80 bits, in fours, to be written on the paper. */
function newCode(): string {
  const letters = [...randomBytes(CODE_LETTERS)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

const isOwners = (act: Act): act is OwnersAct => act.act === 'record-owners' || act.act === 'confirm-owners'

/** A list as its figures and its hash: with the code of this proposal, once it has one. */
export function saidOf(act: Act, { owners }: Proposal): SaidAct {
  return isOwners(act) ? entryOf(act, owners?.list?.code ?? newCode(), sha256) : act
}

/** People enter a list no faster where a demonstration's days last seconds. */
const KEPT_MIN_MS = 60 * 60_000

/** The first person's rows wait for the second one, who is told which of them differ. */
export function keepOwnersRows(proposalId: string, act: Act, said: SaidAct, now: Instant): Write[] {
  if (act.act !== 'record-owners' || !('list' in said) || said.list === undefined) return []
  const expiresAtSeconds = secondsOf(plusMs(now, Math.max(days.ownersRows * governanceDayMs(), KEPT_MIN_MS)))
  const item = ownersRowsItem.parse({
    ...{ entity: 'ownersRows', v: 1, hash: said.list.hash, rows: canonicalRows(act.rows), tells: 0, expiresAtSeconds },
  })
  return [{ put: { ...ownersRowsKeys.rows(proposalId), ...item }, condition: ALWAYS, at }]
}

/** The same list, sent again when its rows have run out: the second person can be told of them once more. */
export async function keepOwnersRowsAnew({ item, proposal }: Loaded, act: Act, said: SaidAct, now: Instant) {
  if (proposal.owners?.confirmed !== false) return
  const expression = { names: { '#expires': 'expiresAtSeconds' }, values: { ':now': secondsOf(now) } }
  const condition = 'attribute_not_exists(PK) OR #expires <= :now'
  for (const write of keepOwnersRows(item.proposalId, act, said, now))
    await transact([{ ...write, condition, expression }])
}

/** Once both are the same, or the proposal has ended, nobody needs the rows. */
export function clearOwnersRows(proposalId: string, { owners }: Proposal, after: Proposal): Write[] {
  if (owners === undefined || owners.confirmed || owners.list === undefined) return []
  if (after.owners?.confirmed !== true && !hasEnded(after.state)) return []
  return [{ delete: ownersRowsKeys.rows(proposalId), condition: ALWAYS, at }]
}

/** Who tries again and again could feel their way to the other's list: from then on it is told only that they differ. */
const TELLS_MAX = 5

/** For the second person: how many rows differ, and which units. The first one reads the same. */
export async function tellDifference(
  { item: { proposalId }, proposal }: Loaded,
  act: Act,
  personId: string,
  now: Instant,
): Promise<Refused<'LISTS_DIFFER'>> {
  const kept = await rowsOf(proposalId, proposal, now)
  if (kept === undefined || !isOwners(act))
    return refused('LISTS_DIFFER', '和另一位录的清单不一样。那份清单过了期，已经删了，说不出是哪几户：请重新登记')
  const difference = differingUnits(kept.rows, canonicalRows(act.rows))
  const untold = refused('LISTS_DIFFER', '和另一位录的清单还是不一样。请两位坐在一起，照表决票核对')
  if (difference === undefined || kept.tells >= TELLS_MAX) return untold
  const told = ownersRowsItem.parse({ ...kept, tells: kept.tells + 1, difference: { ...difference, personId } })
  // Somebody may have recorded another list since, or tried at the same moment: only what is counted is told.
  const counted = await transact([
    {
      put: { ...ownersRowsKeys.rows(proposalId), ...told },
      condition: '#hash = :hash AND #tells = :tells',
      expression: {
        names: { '#hash': 'hash', '#tells': 'tells' },
        values: { ':hash': kept.hash, ':tells': kept.tells },
      },
      at,
    },
  ])
  if (counted.kind === 'failed') return untold
  return refused(
    'LISTS_DIFFER',
    `有 ${difference.count} 户和另一位录的不一样：${namesOf(difference)}。请照表决票核对`,
    {
      rows: `不一样的：${namesOf(difference)}`,
    },
  )
}

function namesOf({ count, units }: OwnersDiffer): string {
  return units.join('、') + (count > units.length ? '……' : '')
}

/** What the two persons who entered lists that differ are told of it; nobody else. */
export async function differenceFor(
  proposalId: string,
  proposal: Proposal,
  personId: string,
  now: Instant,
): Promise<OwnersDiffer | undefined> {
  const { owners } = proposal
  if (owners === undefined || owners.confirmed || owners.list === undefined) return undefined
  const difference = (await rowsOf(proposalId, proposal, now))?.difference
  if (difference === undefined || (personId !== owners.recordedBy && personId !== difference.personId)) return undefined
  const { count, units } = difference
  return { count, units }
}

/** Of the list that stands now, while they are kept. */
async function rowsOf(proposalId: string, { owners }: Proposal, now: Instant): Promise<OwnersRowsItem | undefined> {
  const kept = await get(ownersRowsItem, ownersRowsKeys.rows(proposalId), at)
  return kept !== undefined && kept.hash === owners?.list?.hash && kept.expiresAtSeconds > secondsOf(now)
    ? kept
    : undefined
}
