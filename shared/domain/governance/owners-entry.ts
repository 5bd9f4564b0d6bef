import type { actRefusals, KeptAct } from '#shared/contracts/governance.ts'
import type { OwnersAct, OwnersFacts } from '#shared/contracts/governance-owners.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import { countOwners } from './owners-count.ts'
import { ownersFaultText, type OwnersFault } from './owners-faults.ts'
import { canonicalList, type Sha256 } from './owners-list.ts'
import type { Proposal } from './proposal.ts'

/** A list that cannot be counted: it is refused, and never a step. */
export type UnreadList = { readonly act: OwnersAct['act']; readonly faults: readonly OwnersFault[] }
/** An act as it would be kept: of a list its figures and its hash, and no row. */
export type SaidAct = KeptAct | UnreadList

/** `code` is the one of this proposal: both persons' lists are hashed with it. */
export function entryOf({ act, item, rows }: OwnersAct, code: string, sha256: Sha256): OwnersFacts | UnreadList {
  const { faults, vote } = countOwners(item, rows)
  if (vote === undefined) return { act, faults }
  const kept = { owners: vote, list: { units: rows.length, hash: sha256(canonicalList(item, code, rows)), code } }
  return act === 'record-owners' ? { act, ...kept } : { act, ...kept }
}

type OwnersRefusal = Extract<keyof typeof actRefusals, 'NOT_NOW' | 'LIST_WRONG' | 'LISTS_DIFFER' | 'FIGURES_WRONG'>

const NOT_NOW = refused('NOT_NOW', '这件提案现在不在这一步，请刷新再看')
const FAULTS_TOLD_MAX = 50

/** Why a list is not taken: a first one, or the second person's. */
export function faultOfOwners(
  { ownersItem, owners }: Proposal,
  said: OwnersFacts | UnreadList,
): Refused<OwnersRefusal> | undefined {
  if (ownersItem === undefined || owners?.confirmed === true) return NOT_NOW
  const isSecond = said.act === 'confirm-owners'
  if (isSecond && owners === undefined) return NOT_NOW
  if (isSecond && owners?.list === undefined)
    return refused('NOT_NOW', '以前登记的是几个总数，请先照表决票登记清单，再由另一位录入')
  if ('faults' in said) return wrongList(said.faults)
  if (said.owners.item !== ownersItem)
    return refused('FIGURES_WRONG', undefined, { item: `要按第 ${ownersItem} 项表决` })
  assert(said.list !== undefined, 'what is entered now is a list')
  return isSecond && said.list.hash !== owners?.list?.hash ? refused('LISTS_DIFFER') : undefined
}

function wrongList(faults: readonly OwnersFault[]): Refused<'LIST_WRONG'> {
  const told = faults.slice(0, FAULTS_TOLD_MAX).map((fault): [string, string] => {
    const field = fault.row === undefined ? 'rows' : `rows.${fault.row}.${fault.field ?? 'unit'}`
    return [field, ownersFaultText(fault, (row) => row + 1)]
  })
  return refused('LIST_WRONG', `清单里有 ${faults.length} 处要改`, Object.fromEntries(told))
}
