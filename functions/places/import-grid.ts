import type { ImportRow } from '#shared/contracts/places-import.ts'
import { decideGrid, decidePost, type GridsDecision } from '#shared/domain/places/grids.ts'
import { personId as personIdOf } from '#shared/kernel/ids.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hasEnded } from '#functions/platform/caller.ts'
import { env } from '#functions/platform/env.ts'
import { gridKeys } from '#functions/platform/table/grid-keys.ts'
import { gridsItem, type GridsItem } from '#functions/platform/table/items/grids.ts'
import { communityItem, compoundItem, membershipItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { NOT_EXISTS, type Write } from '#functions/platform/table/table.ts'
import { refusedRow, unknownParent, type Settled } from './import-outcome.ts'
import type { RowPlan, RowWrites } from './import-plan.ts'

type GridRow = Extract<ImportRow, { kind: 'grid' }>
type PostRow = Extract<ImportRow, { kind: 'grid-post' }>

/** A grid with its compounds, all of its own community. */
export function planGrid({ communityId, gridId, name, compoundIds }: GridRow): RowPlan {
  const key = gridKeys.ofCommunity(communityId)
  const community = keys.place('community', communityId)
  const compounds = compoundIds.map((id) => ({ id, key: keys.place('compound', id) }))
  return {
    about: key,
    reads: [key, community, ...compounds.map((each) => each.key)],
    decide(read) {
      if (read(communityItem, community) === undefined) return unknownParent('communityId', communityId)
      const stranger = compounds.find((each) => read(compoundItem, each.key)?.communityId !== communityId)
      if (stranger !== undefined) return unknownParent('compoundIds', stranger.id)
      const before = read(gridsItem, key)
      return settled(communityId, before, decideGrid(before?.grids ?? [], { gridId, name, compoundIds }))
    },
  }
}

/** A worker at a grid. Only who works in the community, or will, is posted there. */
export function planPost(
  { communityId, gridId, subject, knownAs, fromAt, toAt }: PostRow,
  now: Instant,
): RowPlan | Settled {
  if (fromAt !== undefined && toAt !== undefined && toAt <= fromAt)
    return { outcome: 'invalid', fields: { fromAt: '开始要早于结束' } }
  const key = gridKeys.ofCommunity(communityId)
  const personId = personIdOf(env('OIDC_ISSUER'), subject)
  const role = keys.membership(personId, 'worker', communityId)
  return {
    about: key,
    reads: [key, role],
    decide(read) {
      const held = read(membershipItem, role)
      const isEnd = toAt !== undefined && toAt <= now
      if (!isEnd && (held === undefined || hasEnded(held, now)))
        return { outcome: 'refused', code: 'NOT_A_WORKER', fields: { subject } }
      const before = read(gridsItem, key)
      const post = {
        ...{ personId, knownAs },
        ...(fromAt === undefined ? {} : { fromAt }),
        ...(toAt === undefined ? {} : { toAt }),
      }
      return settled(communityId, before, decidePost(before?.grids ?? [], gridId, post, now))
    },
  }
}

function settled(communityId: string, before: GridsItem | undefined, decision: GridsDecision): Settled | RowWrites {
  if (decision.kind === 'refused') return refusedRow(decision)
  if (decision.kind === 'unchanged') return { outcome: 'unchanged' }
  const version = (before?.version ?? 0) + 1
  const item = gridsItem.parse({ entity: 'grids', v: 1, communityId, version, grids: decision.grids })
  const put = { ...gridKeys.ofCommunity(communityId), ...item }
  const write: Write =
    before === undefined
      ? { put, condition: NOT_EXISTS }
      : { put, condition: 'version = :read', expression: { values: { ':read': before.version } } }
  return { kind: 'write', outcome: decision.isNew ? 'created' : 'updated', writes: [write] }
}
