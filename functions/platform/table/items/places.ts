import * as z from 'zod'
import {
  buildingSchema,
  compoundSummarySchema,
  coopSchema,
  householdStates,
  pairingSchema,
  pickUpPointSchema,
} from '#shared/contracts/places.ts'
import { agreementSchema } from '#shared/contracts/places-agreements.ts'
import { roles } from '#shared/contracts/route.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

export const districtItem = stored('district', {
  districtId: idSchema,
  name: z.string(),
  charityName: z.string().optional(),
})
export const townItem = stored('town', { townId: idSchema, name: z.string(), districtId: idSchema })
export const communityItem = stored('community', {
  communityId: idSchema,
  name: z.string(),
  townId: idSchema,
  townName: z.string(),
})
export const villageItem = stored('village', {
  villageId: idSchema,
  name: z.string(),
  townId: idSchema,
  townName: z.string(),
})
export type CommunityItem = z.infer<typeof communityItem>
export const compoundItem = stored('compound', compoundSummarySchema.shape)
export type CompoundItem = z.infer<typeof compoundItem>
export const buildingItem = stored('building', { compoundId: idSchema, ...buildingSchema.shape })
export const pickUpPointItem = stored('pickUpPoint', pickUpPointSchema.shape)
export const householdItem = stored('household', {
  householdId: idSchema,
  compoundId: idSchema,
  building: z.string(),
  unit: z.string(),
  room: z.string(),
})
/** Says that the rooms of a compound are registered: then no others exist. */
export const roomRegisterItem = stored('roomRegister', { compoundId: idSchema })
export const coopItem = stored('coop', coopSchema.shape)
export const pairingItem = stored('pairing', {
  ...pairingSchema.omit({ agreement: true }).shape,
  /** All versions, oldest first. Which one an order falls under: `agreementInForce` of its Shanghai day. */
  agreements: z.array(agreementSchema),
})
export type PairingItem = z.infer<typeof pairingItem>
/** One version of a pairing's agreement, written once and never changed. The text is here alone: every order reads pairings. */
export const agreementItem = stored('agreement', {
  communityId: idSchema,
  villageId: idSchema,
  ...agreementSchema.shape,
  text: z.string().optional(),
})
export type AgreementItem = z.infer<typeof agreementItem>

export const personItem = stored('person', {
  personId: z.string(),
  /** Names the person in the API, where the subject must not be shown. */
  memberId: idSchema,
  /** A person belongs to one household; conditions check it. */
  householdId: idSchema.optional(),
  /** When the person last left one household for another by themselves. */
  movedAt: instantSchema.optional(),
  consentVersion: z.string().optional(),
  consentedAt: instantSchema.optional(),
  phone: z.string().optional(),
})

/** One role of one person in one scope. A resident's scope is a household, a leader's a building. */
export const membershipItem = stored('membership', {
  personId: z.string(),
  memberId: idSchema,
  role: z.enum(roles),
  scopeId: idSchema,
  scopeName: z.string(),
  state: z.enum(householdStates).optional(),
  compoundId: idSchema.optional(),
  compoundName: z.string().optional(),
  communityId: idSchema.optional(),
  building: z.string().optional(),
  unit: z.string().optional(),
  room: z.string().optional(),
  claimedAt: instantSchema.optional(),
  /** Four digits that whoever claimed shows to the leader of the building. */
  claimCode: z.string().optional(),
  /** A claim of the same person on this household was turned down before. */
  workerOnly: z.literal(true).optional(),
  verifiedAt: instantSchema.optional(),
  verifiedBy: z.string().optional(),
  /** Absent: as a worker, or by an import. */
  verifiedAs: z.literal('leader').optional(),
  rejectedAt: instantSchema.optional(),
  rejectedBy: z.string().optional(),
  rejectReason: z.string().optional(),
  fromAt: instantSchema.optional(),
  toAt: instantSchema.optional(),
  /** Of a building leader: how neighbours know them, for as long as they are one. */
  knownAs: z.string().optional(),
  appointedAt: instantSchema.optional(),
  appointedBy: z.string().optional(),
  /** The residence that makes a leader a neighbour: the role counts for as long as this very claim holds and is verified. */
  livesBy: z.object({ householdId: idSchema, claimedAt: instantSchema.optional() }).optional(),
})
export type MembershipItem = z.infer<typeof membershipItem>
export type PersonItem = z.infer<typeof personItem>

/**
 * Who leads a building, by the household they were appointed in: what makes their number a condition. Whether each of them
 * still counts, the items of their person say.
 */
export const buildingLeadersItem = stored('buildingLeaders', {
  compoundId: idSchema,
  /** In its normal spelling. */
  building: z.string(),
  version: z.int().min(1),
  leaders: z.array(z.object({ personId: z.string(), memberId: idSchema, householdId: idSchema })),
})
export type BuildingLeadersItem = z.infer<typeof buildingLeadersItem>

export const personPartitionItem = z.discriminatedUnion('entity', [personItem, membershipItem])

export const phoneViewItem = stored('phoneView', {
  householdId: idSchema,
  memberId: idSchema,
  viewedBy: z.string(),
  viewedAt: instantSchema,
  reason: z.string(),
})
