import { standingOf } from '#shared/domain/places/agreement-standing.ts'
import { agreementToShow } from '#shared/domain/places/agreement.ts'
import type { Agreement } from '#shared/contracts/places-agreements.ts'
import type { CompoundSummary, MembershipView, Pairing } from '#shared/contracts/places.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'
import type * as z from 'zod'
import type { compoundItem, MembershipItem, PairingItem } from '#functions/platform/table/items/places.ts'

export function compoundView(item: z.output<typeof compoundItem>): CompoundSummary {
  const { compoundId, name, type, communityId, communityName, townId, townName, synthetic } = item
  return { compoundId, name, type, communityId, communityName, townId, townName, synthetic }
}

export function pairingView(item: PairingItem, today: ShanghaiDay): Pairing {
  const { pairingId, communityId, communityName, villageId, villageName, townName, fromDay, toDay, synthetic } = item
  const agreement = agreementToShow(item.agreements, today)
  const pairing = { pairingId, communityId, communityName, villageId, villageName, townName, fromDay, toDay, synthetic }
  return agreement === undefined ? pairing : { ...pairing, agreement }
}

/** A pairing as the pages of its agreement tell of it. */
export function pairedVillageView({ villageId, villageName, townName, fromDay, toDay, synthetic }: PairingItem) {
  return { villageId, villageName, townName, fromDay, toDay, synthetic }
}

export function agreementView(agreement: Agreement, pairing: PairingItem, today: ShanghaiDay) {
  return { ...agreement, ...standingOf(agreement, pairing.agreements, pairing, today) }
}

export function membershipView(item: MembershipItem): MembershipView {
  const { role, scopeId, scopeName, state, compoundId, compoundName, communityId, knownAs, claimCode } = item
  return {
    role,
    scopeId,
    scopeName,
    ...(state === undefined ? {} : { state }),
    ...(compoundId === undefined ? {} : { compoundId }),
    ...(compoundName === undefined ? {} : { compoundName }),
    ...(communityId === undefined ? {} : { communityId }),
    ...(knownAs === undefined ? {} : { knownAs }),
    ...(state !== 'claimed' || claimCode === undefined ? {} : { claimCode }),
  }
}
