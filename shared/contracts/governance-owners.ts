import * as z from 'zod'

/**
 * The owners' vote 业主共同决定 (Civil Code art. 278) as two persons enter it: a list of all units, one row each. Areas are
 * whole hundredths of a square metre everywhere (`areaCm`).
 */
export const OWNERS_UNITS_MAX = 3_000
/** Characters of a unit's name 房号 once it is normalised. */
export const UNIT_LENGTH_MAX = 20
/** Shorter than a telephone or identity number: a code 业主编号 names nobody. */
export const OWNER_CODE_LENGTH_MAX = 10
/** 100,000 m². */
export const UNIT_AREA_CM_MAX = 10_000_000
const AREA_CM_MAX = 10_000_000_000
/** Units of two lists that are told to be different, at most. */
export const UNITS_TOLD_MAX = 50

/** Agrees, disagrees, abstains; or cast no ballot 未投, and takes no part. */
export const ownersChoices = ['yes', 'no', 'abstain', 'none'] as const
export type OwnersChoice = (typeof ownersChoices)[number]

/** Heads and registered area of owners, Civil Code art. 278: area in whole 0.01 m². */
export const ownersSchema = z.strictObject({
  /** The number of the matter in the article's first paragraph. */
  item: z.int().min(1).max(9),
  totalHeads: z.int().min(1).max(100_000),
  totalAreaCm: z.int().min(1).max(AREA_CM_MAX),
  heads: z.int().min(0).max(100_000),
  areaCm: z.int().min(0).max(AREA_CM_MAX),
  forHeads: z.int().min(0).max(100_000),
  forAreaCm: z.int().min(0).max(AREA_CM_MAX),
})
export type OwnersVote = z.infer<typeof ownersSchema>

/** One unit. What its texts may be is said row by row by the rules (`LIST_WRONG`), not here. */
export const ownersRowSchema = z.strictObject({
  unit: z.string().max(60),
  areaCm: z.int(),
  owner: z.string().max(60),
  choice: z.enum(ownersChoices),
})
export type OwnersRow = z.infer<typeof ownersRowSchema>

const entryShape = {
  item: z.int().min(1).max(9),
  rows: z.array(ownersRowSchema).min(1, '清单是空的').max(OWNERS_UNITS_MAX, `最多 ${OWNERS_UNITS_MAX} 户`),
}
export const recordOwnersSchema = z.strictObject({ act: z.literal('record-owners'), ...entryShape })
/** By another person, who enters the whole list on their own from the same ballots. */
export const confirmOwnersSchema = z.strictObject({ act: z.literal('confirm-owners'), ...entryShape })
export type OwnersAct = z.infer<typeof recordOwnersSchema> | z.infer<typeof confirmOwnersSchema>

/** What is kept of a list: its rows are not. */
export const ownersListSchema = z.strictObject({
  units: z.int().min(1).max(OWNERS_UNITS_MAX),
  /** SHA-256 (hex) of the list in its canonical form, code included. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** 清单码: without it nobody finds out by trying how a unit voted. For who works on it, and for the paper list. */
  code: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/),
})
export type OwnersList = z.infer<typeof ownersListSchema>

/** What such an act leaves for good. `list` is absent of votes whose totals were typed, before lists were entered. */
const keptShape = { owners: ownersSchema, list: ownersListSchema.optional() }
export const ownersFactsSchema = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('record-owners'), ...keptShape }),
  z.strictObject({ act: z.literal('confirm-owners'), ...keptShape }),
])
export type OwnersFacts = z.infer<typeof ownersFactsSchema>

/** Two lists that are not the same, for the two persons who entered them. */
export const ownersDifferSchema = z.strictObject({
  /** Units whose rows differ, or that are in one of the lists alone. */
  count: z.int().min(1),
  units: z.array(z.string()).max(UNITS_TOLD_MAX),
})
export type OwnersDiffer = z.infer<typeof ownersDifferSchema>
