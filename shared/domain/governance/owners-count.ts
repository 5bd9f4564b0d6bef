import {
  OWNER_CODE_LENGTH_MAX,
  OWNERS_UNITS_MAX,
  UNIT_AREA_CM_MAX,
  UNIT_LENGTH_MAX,
  type OwnersChoice,
  type OwnersRow,
  type OwnersVote,
} from '#shared/contracts/governance-owners.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { OwnersFault, OwnersField } from './owners-faults.ts'
import { isQuorate, ownersFault } from './owners-vote.ts'
import { NON_VOTERS, type NonVoters } from './rules.ts'

const TOTAL_AREA_CM_MAX = 10_000_000_000

export type OwnersCount = {
  /** In the order of the rows; with any of them nothing is counted. */
  readonly faults: readonly OwnersFault[]
  readonly vote?: OwnersVote
}

/**
 * One spelling of what people write alike: NFKC; white space, control and format characters (Cc, Cf) left out; U+2010–2015 and
 * U+2212 as `-`; a–z as capitals.
 */
export function plainName(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[\s\p{Cc}\p{Cf}]/gu, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

/**
 * Counts a vote of the owners from its list of units, every unit of the place in it. Whole numbers only.
 *
 * - Area: each unit's as registered; the total is that of all rows (最高人民法院 建筑物区分所有权司法解释, 法释〔2009〕7号 as
 *   amended 2020, art. 8).
 * - Heads: one unit one head; an owner of several units is one head with all of their area, and so is the developer with what
 *   is unsold, or sold and not handed over (ibid. art. 9; 山东省物业管理条例 art. 24–25). Who is one owner says `owner`, a code.
 * - Co-owners of a unit are one head and name one of them to vote (业主大会和业主委员会指导规则, 建房〔2009〕274号, art. 25):
 *   a unit is one row with one choice. What a couple owns together and what one of them owns alone have two owners.
 * - Who casts no ballot takes no part (Civil Code art. 278 para. 2 counts those who take part): silence agrees to nothing.
 *   The owners' own rules may say otherwise (指导规则 art. 26): see `nonVoters`.
 * - An abstention takes part and agrees to nothing.
 */
export function countOwners(item: number, rows: readonly OwnersRow[], nonVoters: NonVoters = NON_VOTERS): OwnersCount {
  const plain = rows.map((row) => ({ ...row, unit: plainName(row.unit), owner: plainName(row.owner) }))
  const faults = [...faultsOfList(plain), ...plain.flatMap(faultsOfRow), ...faultsBetween(plain)]
  if (faults.length > 0) return { faults: faults.toSorted((left, right) => (left.row ?? -1) - (right.row ?? -1)) }
  const sums = sumsOf(plain)
  const all = sums.yes.heads + sums.no.heads + sums.abstain.heads
  const allAreaCm = sums.yes.areaCm + sums.no.areaCm + sums.abstain.areaCm
  const cast: OwnersVote = {
    item,
    totalHeads: all + sums.none.heads,
    totalAreaCm: allAreaCm + sums.none.areaCm,
    heads: all,
    areaCm: allAreaCm,
    forHeads: sums.yes.heads,
    forAreaCm: sums.yes.areaCm,
  }
  const vote = nonVoters === 'absent' ? cast : withTheMajority(cast, sums)
  assert(ownersFault(vote) === undefined, 'figures of a list can be')
  return { faults: [], vote }
}

function faultsOfList(rows: readonly OwnersRow[]): OwnersFault[] {
  if (rows.length === 0) return [{ kind: 'no-rows' }]
  if (rows.length > OWNERS_UNITS_MAX) return [{ kind: 'too-many' }]
  const total = rows.reduce((sum, { areaCm }) => sum + areaCm, 0)
  return total > TOTAL_AREA_CM_MAX ? [{ kind: 'too-much-area' }] : []
}

const OWNER_CODE = new RegExp(`^[0-9A-Z-]{1,${OWNER_CODE_LENGTH_MAX}}$`)

function faultsOfRow({ unit, areaCm, owner }: OwnersRow, row: number): OwnersFault[] {
  const fault = (field: OwnersField, kind: OwnersFault['kind']): OwnersFault => ({ kind, row, field })
  const isArea = Number.isSafeInteger(areaCm) && areaCm > 0 && areaCm <= UNIT_AREA_CM_MAX
  return [
    ...(unit === '' ? [fault('unit', 'missing')] : []),
    ...([...unit].length > UNIT_LENGTH_MAX ? [fault('unit', 'too-long')] : []),
    ...(isArea ? [] : [fault('areaCm', 'not-an-area')]),
    ...(owner === '' ? [fault('owner', 'missing')] : []),
    ...(owner === '' || OWNER_CODE.test(owner) ? [] : [fault('owner', 'not-a-code')]),
  ]
}

/** A unit that stands there twice, and an owner of two minds: said at the later row, with the first one. */
function faultsBetween(rows: readonly OwnersRow[]): OwnersFault[] {
  const units = new Map<string, number>()
  const owners = new Map<string, number>()
  return rows.flatMap(({ unit, owner, choice }, row): OwnersFault[] => {
    const sameUnit = firstOf(units, unit, row)
    const sameOwner = firstOf(owners, owner, row)
    const differs = (other: number) => rows[other]?.choice !== choice
    if (sameUnit !== undefined) {
      const kind = differs(sameUnit) ? 'two-choices' : 'twice'
      return [{ kind, row, field: 'unit', other: sameUnit }]
    }
    if (sameOwner === undefined || !differs(sameOwner)) return []
    return [{ kind: 'owner-divided', row, field: 'choice', other: sameOwner }]
  })
}

/** The first row with this text, if this is not it. */
function firstOf(seen: Map<string, number>, text: string, row: number): number | undefined {
  if (text === '') return undefined
  const first = seen.get(text)
  if (first === undefined) seen.set(text, row)
  return first
}

type Sums = Readonly<Record<OwnersChoice, { readonly heads: number; readonly areaCm: number }>>

/** Heads and area by choice: all units of an owner have the same one by now. */
function sumsOf(rows: readonly OwnersRow[]): Sums {
  const sums = {
    ...{ yes: { heads: 0, areaCm: 0 }, no: { heads: 0, areaCm: 0 } },
    ...{ abstain: { heads: 0, areaCm: 0 }, none: { heads: 0, areaCm: 0 } },
  }
  const owners = new Set<string>()
  for (const { owner, areaCm, choice } of rows) {
    if (!owners.has(owner)) sums[choice].heads += 1
    owners.add(owner)
    sums[choice].areaCm += areaCm
  }
  return sums
}

/**
 * 未参与表决的业主计入已表决的多数票: once those who cast a ballot are two thirds by themselves (art. 278 para. 2 is no matter of
 * the owners' rules), the others count with the choice that most of them made, by heads and by area alike. Where heads and
 * area do not agree which that is there is no such majority, and nobody is added to it.
 */
function withTheMajority(vote: OwnersVote, { yes, no, abstain }: Sums): OwnersVote {
  if (!isQuorate(vote)) return vote
  const leads = (one: Sums['yes'], others: readonly Sums['yes'][]) =>
    others.every(({ heads, areaCm }) => one.heads > heads && one.areaCm > areaCm)
  const { totalHeads, totalAreaCm } = vote
  const all = { ...vote, heads: totalHeads, areaCm: totalAreaCm }
  if (leads(yes, [no, abstain])) {
    return {
      ...all,
      forHeads: vote.forHeads + totalHeads - vote.heads,
      forAreaCm: vote.forAreaCm + totalAreaCm - vote.areaCm,
    }
  }
  return leads(no, [yes, abstain]) || leads(abstain, [yes, no]) ? all : vote
}
