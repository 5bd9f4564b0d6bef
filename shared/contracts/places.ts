import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { agreementSchema } from './places-agreements.ts'
import { page, pageQuery, roles, route } from './route.ts'

/** The privacy notice people consent to. A new text is a new version; the consent records which one was shown. */
export const PRIVACY_NOTICE_VERSION = '2026-11-28.1'

export const compoundTypes = ['commercial', 'family', 'resettled', 'old'] as const
export type CompoundType = (typeof compoundTypes)[number]
export const temperatureZones = ['ambient', 'chilled', 'frozen'] as const
const name = z.string().trim().min(1).max(80)
const label = z.string().trim().min(1).max(20)

export const pickUpPointSchema = z.strictObject({
  pickUpPointId: idSchema,
  compoundId: idSchema,
  name,
  address: z.string().trim().min(1).max(120),
  hours: z.string().trim().min(1).max(60),
  contact: z.string().trim().min(1).max(60),
  temperatureZones: z.array(z.enum(temperatureZones)).min(1).max(3),
  capacityOrders: z.int().min(1).max(100_000),
})
export type PickUpPoint = z.infer<typeof pickUpPointSchema>

export const compoundSummarySchema = z.strictObject({
  compoundId: idSchema,
  name,
  type: z.enum(compoundTypes),
  communityId: idSchema,
  communityName: name,
  townId: idSchema,
  townName: name,
  synthetic: z.boolean(),
})
export type CompoundSummary = z.infer<typeof compoundSummarySchema>

export const buildingSchema = z.strictObject({
  buildingId: idSchema,
  label,
  units: z.array(label).max(50),
})

export const pairingSchema = z.strictObject({
  pairingId: idSchema,
  communityId: idSchema,
  communityName: name,
  villageId: idSchema,
  villageName: name,
  townName: name,
  fromDay: shanghaiDaySchema,
  toDay: shanghaiDaySchema,
  synthetic: z.boolean(),
  /** The version in force today, else the newest; absent: nothing is donated, and such sales are listed. */
  agreement: agreementSchema.optional(),
})
export type Pairing = z.infer<typeof pairingSchema>

export const LICENCE_MAX = 120

export const coopSchema = z.strictObject({
  coopId: idSchema,
  name,
  villageId: idSchema,
  villageName: name,
  townName: name,
  /**
   * Who the seller is by law: the licence of a 农民专业合作社, or that it needs none because its members sell what they
   * grew themselves (E-commerce Law, article 10).
   */
  licence: z.string().trim().min(1).max(LICENCE_MAX).optional(),
})
export type Coop = z.infer<typeof coopSchema>

/** `rejected`: a worker found that the person does not live there; it is no role any more, and may be claimed again. */
export const householdStates = ['claimed', 'verified', 'rejected'] as const

export const membershipSchema = z.strictObject({
  role: z.enum(roles),
  /** Household, building, co-op, community or district, as the role asks. */
  scopeId: idSchema,
  scopeName: z.string(),
  state: z.enum(householdStates).optional(),
  compoundId: idSchema.optional(),
  compoundName: z.string().optional(),
  communityId: idSchema.optional(),
  /** How neighbours know a building leader, as a worker has written it. */
  knownAs: z.string().optional(),
  /** Of a claim that waits: four digits to show to the leader of the building. */
  claimCode: z.string().optional(),
})
export type MembershipView = z.infer<typeof membershipSchema>

export const KNOWN_AS_MAX = 12
/** How neighbours know somebody who orders for them: 王姐, 李楼长. */
export const knownAsSchema = z.string().trim().min(1, '请写称呼').max(KNOWN_AS_MAX, `称呼最多 ${KNOWN_AS_MAX} 个字`)

/** A building leader, 楼长: a verified resident of the very building. */
export const leaderSchema = z.strictObject({
  householdId: idSchema,
  memberId: idSchema,
  building: label,
  unit: label,
  room: label,
  knownAs: knownAsSchema,
  since: instantSchema,
})
export type Leader = z.infer<typeof leaderSchema>

/** Three for each of the buildings that a compound may have. */
export const LEADERS_MAX = 1_500

// ── Public ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const listCompounds = route({
  name: 'listCompounds',
  summary: 'Compounds, by community or by part of a name, with their town and community.',
  method: 'GET',
  path: '/api/places/compounds',
  access: 'public',
  query: z.strictObject({
    communityId: idSchema.optional(),
    /** Part of a compound's, community's or town's name. */
    q: z.string().trim().max(40).optional(),
    ...pageQuery,
  }),
  output: page(compoundSummarySchema),
})

export const getCompound = route({
  name: 'getCompound',
  summary: 'One compound with its buildings and pick-up points.',
  method: 'GET',
  path: '/api/places/compounds/{compoundId}',
  access: 'public',
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({
    ...compoundSummarySchema.shape,
    buildings: z.array(buildingSchema),
    pickUpPoints: z.array(pickUpPointSchema),
  }),
})

export const listCommunities = route({
  name: 'listCommunities',
  summary: 'Communities of the district.',
  method: 'GET',
  path: '/api/places/communities',
  access: 'public',
  query: z.strictObject({ ...pageQuery }),
  output: page(z.strictObject({ communityId: idSchema, name, townId: idSchema, townName: name })),
})

export const listVillages = route({
  name: 'listVillages',
  summary: 'Villages of the district.',
  method: 'GET',
  path: '/api/places/villages',
  access: 'public',
  query: z.strictObject({ ...pageQuery }),
  output: page(z.strictObject({ villageId: idSchema, name, townId: idSchema, townName: name })),
})

export const listPairings = route({
  name: 'listPairings',
  summary: 'Pairings of a community (or of a village) with the donation agreement they carry.',
  method: 'GET',
  path: '/api/places/pairings',
  access: 'public',
  query: z
    .strictObject({ communityId: idSchema.optional(), villageId: idSchema.optional() })
    .refine((query) => (query.communityId === undefined) !== (query.villageId === undefined), {
      message: 'ask by communityId or by villageId',
      path: ['communityId'],
    }),
  output: z.strictObject({ items: z.array(pairingSchema) }),
})

// ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const getMe = route({
  name: 'getMe',
  summary: 'The caller: roles with their scopes, household, consent.',
  method: 'GET',
  path: '/api/places/me',
  access: 'signed-in',
  output: z.strictObject({
    memberships: z.array(membershipSchema),
    consentVersion: z.string().optional(),
    consentedAt: instantSchema.optional(),
    currentConsentVersion: z.string(),
    /** For somebody without a household: the last claim that a worker rejected, and why. */
    rejectedClaim: z
      .strictObject({ scopeId: idSchema, scopeName: z.string(), reason: z.string(), rejectedAt: instantSchema })
      .optional(),
  }),
})

/** What people write on a form: 3号楼, 2单元, 501室. Stored as labels, keyed by digits and letters. */
export const placePart = z
  .string()
  .trim()
  .min(1, '不能为空')
  .max(12, '太长了')
  .regex(/^[0-9０-９A-Za-z一二三四五六七八九十号楼栋幢座单元室-]+$/, '只写号码，例如 3、2、501')

export const claimHousehold = route({
  name: 'claimHousehold',
  summary:
    'Claims a household in a compound. Two people may claim one room; they share its limits. Who belongs to another household moves: the earlier one ends.',
  method: 'PUT',
  path: '/api/places/me/household',
  access: 'signed-in',
  body: z.strictObject({
    compoundId: idSchema,
    building: placePart,
    unit: placePart,
    room: placePart,
    /** The version of the privacy notice that was shown and agreed to. */
    consentVersion: z.string().max(20),
    /** How the worker may call; optional, shown masked, unmasking is logged. */
    phone: z
      .string()
      .regex(/^\d{7,15}$/, '只写数字')
      .optional(),
  }),
  output: z.strictObject({ householdId: idSchema, state: z.enum(householdStates) }),
  refusals: { CONSENT_OUTDATED: 409, UNKNOWN_BUILDING: 422, UNKNOWN_ROOM: 422, MOVED_RECENTLY: 409 },
})

const householdMemberSchema = z.strictObject({
  householdId: idSchema,
  memberId: idSchema,
  compoundId: idSchema,
  compoundName: name,
  building: label,
  unit: label,
  room: label,
  state: z.enum(householdStates),
  /** `138****0000`; absent when none was given. */
  phoneMasked: z.string().optional(),
  claimedAt: instantSchema,
  /** Why the claim was rejected. */
  reason: z.string().optional(),
  /** The leader of the building said so, and no worker. */
  confirmedBy: z.literal('leader').optional(),
})

export const listHouseholdMembers = route({
  name: 'listHouseholdMembers',
  summary:
    "Claims and members of a compound's households, for the worker who verifies them; rejected claims only when asked for. A building leader sees the claims of their building, without telephone numbers.",
  method: 'GET',
  path: '/api/places/compounds/{compoundId}/household-members',
  access: ['worker', 'admin', 'leader'],
  params: z.strictObject({ compoundId: idSchema }),
  query: z
    .strictObject({
      state: z.enum(householdStates).optional(),
      /** One building, however it is written; with a state. */
      building: placePart.optional(),
      ...pageQuery,
    })
    .refine((query) => query.building === undefined || query.state !== undefined, {
      message: 'ask for a building together with a state',
      path: ['building'],
    }),
  output: page(householdMemberSchema),
})

export const verifyHouseholdMember = route({
  name: 'verifyHouseholdMember',
  summary:
    'A worker confirms that a person lives where they said; what a leader has confirmed becomes the worker’s word.',
  method: 'POST',
  path: '/api/places/households/{householdId}/members/{memberId}/verification',
  access: ['worker'],
  params: z.strictObject({ householdId: idSchema, memberId: idSchema }),
  output: z.strictObject({ householdId: idSchema, memberId: idSchema, state: z.enum(householdStates) }),
  refusals: { CLAIM_REJECTED: 409, OWN_HOUSEHOLD: 409 },
})

export const rejectHouseholdMember = route({
  name: 'rejectHouseholdMember',
  summary:
    'A worker rejects a claim, or what a leader has confirmed; the resident sees the reason and may claim again. Orders that were placed stay as they are.',
  method: 'POST',
  path: '/api/places/households/{householdId}/members/{memberId}/rejection',
  access: ['worker'],
  params: z.strictObject({ householdId: idSchema, memberId: idSchema }),
  body: z.strictObject({ reason: z.string().trim().min(2, '请写明原因').max(120) }),
  output: z.strictObject({ householdId: idSchema, memberId: idSchema, state: z.enum(householdStates) }),
  refusals: { CLAIM_VERIFIED: 409, OWN_HOUSEHOLD: 409, LEADS_BUILDING: 409 },
})

export const confirmNeighbour = route({
  name: 'confirmNeighbour',
  summary:
    'The leader of the building confirms the neighbour who stands before them with the code of their claim: the first of a household, and not their own.',
  method: 'POST',
  path: '/api/places/households/{householdId}/members/{memberId}/neighbour-confirmation',
  access: ['leader'],
  params: z.strictObject({ householdId: idSchema, memberId: idSchema }),
  body: z.strictObject({
    code: z
      .string()
      .trim()
      .regex(/^\d{4}$/, '写邻居手机上的四个数字'),
  }),
  output: z.strictObject({ householdId: idSchema, memberId: idSchema, state: z.enum(householdStates) }),
  refusals: { CLAIM_REJECTED: 409, OWN_HOUSEHOLD: 409, WORKER_CONFIRMS: 409, WRONG_CLAIM_CODE: 422 },
})

export const viewPhone = route({
  name: 'viewPhone',
  summary: "Shows a member's phone number in full. Who looked, when and why is recorded first.",
  method: 'POST',
  path: '/api/places/households/{householdId}/members/{memberId}/phone-views',
  access: ['worker'],
  params: z.strictObject({ householdId: idSchema, memberId: idSchema }),
  body: z.strictObject({ reason: z.string().trim().min(2, '请写明原因').max(120) }),
  output: z.strictObject({ phone: z.string() }),
})

export const listLeaders = route({
  name: 'listLeaders',
  summary: 'Building leaders of a compound, by building. Somebody who does not live there any more is none.',
  method: 'GET',
  path: '/api/places/compounds/{compoundId}/leaders',
  access: ['worker', 'admin'],
  params: z.strictObject({ compoundId: idSchema }),
  output: z.strictObject({ items: z.array(leaderSchema).max(LEADERS_MAX) }),
})

export const appointLeader = route({
  name: 'appointLeader',
  summary:
    'A worker appoints a verified resident leader of their own building, under the name that neighbours know them by. Sent again it changes nothing, or the name.',
  method: 'PUT',
  path: '/api/places/households/{householdId}/members/{memberId}/leadership',
  access: ['worker'],
  params: z.strictObject({ householdId: idSchema, memberId: idSchema }),
  body: z.strictObject({ knownAs: knownAsSchema }),
  output: leaderSchema,
  refusals: { NOT_VERIFIED_THERE: 409, TOO_MANY_LEADERS: 409 },
})

export const endLeader = route({
  name: 'endLeader',
  summary:
    'A worker ends the leadership of a building; where money moves it counts at once. Sent again it changes nothing.',
  method: 'DELETE',
  path: '/api/places/households/{householdId}/members/{memberId}/leadership',
  access: ['worker'],
  params: z.strictObject({ householdId: idSchema, memberId: idSchema }),
  output: z.strictObject({ householdId: idSchema, memberId: idSchema }),
})

export const placesRoutes = [
  listCompounds,
  getCompound,
  listCommunities,
  listVillages,
  listPairings,
  getMe,
  claimHousehold,
  listHouseholdMembers,
  verifyHouseholdMember,
  rejectHouseholdMember,
  confirmNeighbour,
  viewPhone,
  listLeaders,
  appointLeader,
  endLeader,
] as const
