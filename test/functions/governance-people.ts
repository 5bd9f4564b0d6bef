import { governanceIndex } from '#functions/platform/table/governance-keys.ts'
import { bodyIndex } from '#functions/platform/table/body-keys.ts'
import { staffIndex } from '#functions/platform/table/staff-keys.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import type { CompoundType } from '#shared/contracts/places.ts'
import { personId } from '#shared/kernel/ids.ts'
import { type Backend, ISSUER } from '../fixtures/backend.ts'

export { governanceIndex }

/** A community with a committee, and a compound with a few verified households, as the tables hold them. */
export const COMMUNITY = 'xinhua'

/** What stands in somebody's inbox about a proposal, oldest first. */
export const toldOf = (backend: Backend, sub: string, proposalId: string): Promise<string[]> =>
  toldIn(backend, `PERSON#${personId(ISSUER, sub)}`, proposalId)

/** What stands in a household's. */
export const toldAtHome = (backend: Backend, householdId: string, proposalId: string): Promise<string[]> =>
  toldIn(backend, `HOUSEHOLD#${householdId}`, proposalId)

async function toldIn(backend: Backend, whose: string, proposalId: string): Promise<string[]> {
  const inbox = await backend.partition('market', keys.notice(whose, '').PK)
  return inbox
    .filter((item) => item['proposalId'] === proposalId)
    .map(({ kind, proposalNews, proposalTitle }) => [kind, proposalNews, proposalTitle].join(' '))
}

export async function giveRole(
  backend: Backend,
  sub: string,
  role: string,
  scopeId: string,
  facts: object = {},
): Promise<void> {
  const person = personId(ISSUER, sub)
  const found =
    role === 'body'
      ? bodyIndex.members(scopeId, `m-${sub}`)
      : role === 'committee' || role === 'supervisor'
        ? index.communityMembers(scopeId, role, `m-${sub}`)
        : role === 'worker'
          ? staffIndex.workers(scopeId, `m-${sub}`)
          : role === 'charity'
            ? staffIndex.charity(`m-${sub}`)
            : {}
  await backend.put('market', {
    ...{ ...keys.membership(person, role, scopeId), ...found },
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role, scopeId, scopeName: scopeId },
    ...facts,
  })
}

export async function settle(
  backend: Backend,
  sub: string,
  compoundId: string,
  room: string,
  state: 'verified' | 'claimed' | 'rejected' = 'verified',
  verifiedAt?: string,
  toAt?: string,
): Promise<void> {
  const householdId = `${compoundId}.1.1.${room}`
  const person = personId(ISSUER, sub)
  await backend.put('market', {
    ...keys.membership(person, 'resident', householdId),
    ...index.compoundMembers(compoundId, state, householdId, `m-${sub}`),
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role: 'resident', scopeId: householdId },
    ...{ scopeName: room, compoundId, communityId: COMMUNITY, state, verifiedAt, toAt, building: '1', unit: '1', room },
  })
}

export async function aCommunity(backend: Backend): Promise<void> {
  const give = (sub: string, role: string, scopeId = COMMUNITY) => giveRole(backend, sub, role, scopeId)
  await Promise.all([
    ...['worker', 'valuator', 'executor'].map((sub) => give(sub, 'worker')),
    ...['chair', 'second', 'third', 'fourth', 'fifth'].map((sub) => give(sub, 'committee')),
    give('supervisor', 'supervisor'),
    give('payer', 'charity', '371502'),
    give('payer-2', 'charity', '371502'),
    give('stranger', 'worker', 'elsewhere'),
    give('strange-member', 'committee', 'elsewhere'),
    give('admin', 'admin', '371502'),
  ])
}

/** Where households are asked as they were before kinds of compounds were told apart, unless a test is about another kind. */
export async function aCompound(
  backend: Backend,
  compoundId: string,
  type: CompoundType = 'commercial',
): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('compound', compoundId), ...index.places('compound', 'xinqu', COMMUNITY, compoundId) },
    ...{ entity: 'compound', v: 1, compoundId, name: '示例小区', type, communityId: COMMUNITY },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
}
