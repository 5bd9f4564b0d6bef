import { getCompound } from '#shared/contracts/places.ts'
import { getAgreement, listAgreements } from '#shared/contracts/places-agreements.ts'
import type { RequestEvent } from '@sveltejs/kit'
import { dataOrError } from './problems.ts'
import { publicRead } from './public-reads.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'>

/** Agreements hang on the community that a compound belongs to. */
export async function agreementsOf(compoundId: string, event: Event) {
  const compound = dataOrError(await publicRead(getCompound, { params: { compoundId } }), event)
  const params = { communityId: compound.communityId }
  return { compound, agreements: dataOrError(await publicRead(listAgreements, { params }), event) }
}

export async function agreementOf(compoundId: string, villageId: string, version: string, event: Event) {
  const compound = dataOrError(await publicRead(getCompound, { params: { compoundId } }), event)
  const params = { communityId: compound.communityId, villageId, version }
  return { compound, found: dataOrError(await publicRead(getAgreement, { params }), event) }
}
