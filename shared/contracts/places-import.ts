import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { agreementRowSchema } from './places-agreements.ts'
import { bodySchema } from './places-bodies.ts'
import { gridPostRowSchema, gridRowSchema } from './places-grids.ts'
import {
  buildingSchema,
  compoundSummarySchema,
  coopSchema,
  knownAsSchema,
  pairingSchema,
  pickUpPointSchema,
} from './places.ts'
import { roles, route } from './route.ts'

const name = z.string().trim().min(1).max(80)
const label = z.string().trim().min(1).max(20)

const places = {
  district: z.strictObject({
    kind: z.literal('district'),
    districtId: idSchema,
    name,
    /** The host charity, 慈善组织, that keeps the money of the district's community funds. */
    charityName: name.optional(),
  }),
  town: z.strictObject({ kind: z.literal('town'), townId: idSchema, name, districtId: idSchema }),
  community: z.strictObject({
    kind: z.literal('community'),
    communityId: idSchema,
    name,
    townId: idSchema,
    townName: name,
  }),
  village: z.strictObject({ kind: z.literal('village'), villageId: idSchema, name, townId: idSchema, townName: name }),
  compound: z.strictObject({ kind: z.literal('compound'), ...compoundSummarySchema.shape }),
  building: z.strictObject({ kind: z.literal('building'), compoundId: idSchema, ...buildingSchema.shape }),
  household: z.strictObject({
    kind: z.literal('household'),
    compoundId: idSchema,
    building: label,
    unit: label,
    room: label,
  }),
  pickUpPoint: z.strictObject({ kind: z.literal('pick-up-point'), ...pickUpPointSchema.shape }),
  coop: z.strictObject({ kind: z.literal('coop'), ...coopSchema.shape }),
  /** Its kind is `bodyKind` in a row. */
  body: z.strictObject({
    kind: z.literal('body'),
    bodyId: bodySchema.shape.bodyId,
    name: bodySchema.shape.name,
    bodyKind: bodySchema.shape.kind,
    districtId: idSchema,
    communityId: bodySchema.shape.communityId,
  }),
  pairing: z.strictObject({
    kind: z.literal('pairing'),
    ...pairingSchema.shape,
    agreement: agreementRowSchema.optional(),
  }),
  membership: z.strictObject({
    kind: z.literal('membership'),
    /** The person's subject at the configured issuer. */
    subject: z.string().min(1).max(120),
    role: z.enum(roles),
    /**
     * Community (worker), co-op (coop), body (body), district (admin); for a resident the household's parts are given instead, for a
     * building leader compound, building and name.
     */
    scopeId: idSchema.optional(),
    compoundId: idSchema.optional(),
    building: label.optional(),
    unit: label.optional(),
    room: label.optional(),
    /** How neighbours know a building leader. */
    knownAs: knownAsSchema.optional(),
    /**
     * The role begins at this moment: a term of office, or of somebody who stands in for another (代理). Of residents and leaders
     * there is none: they are what they are.
     */
    fromAt: instantSchema.optional(),
    /**
     * The role ends at this moment; past or present: at once (other warm instances may know it for 30 s more, except where
     * money moves). A later row without it gives the role again.
     */
    toAt: instantSchema.optional(),
  }),
}

export const importRowSchema = z.discriminatedUnion('kind', [
  places.district,
  places.town,
  places.community,
  places.village,
  places.compound,
  places.building,
  places.household,
  places.pickUpPoint,
  places.coop,
  places.body,
  places.pairing,
  places.membership,
  gridRowSchema,
  gridPostRowSchema,
])
export type ImportRow = z.infer<typeof importRowSchema>

/** A row names only rows of earlier waves: parents first. Rows of one wave do not name each other. */
export const importWaveOf: Readonly<Record<ImportRow['kind'], number>> = {
  district: 0,
  town: 1,
  community: 2,
  village: 2,
  compound: 3,
  coop: 3,
  building: 4,
  household: 4,
  'pick-up-point': 4,
  pairing: 4,
  body: 4,
  grid: 4,
  membership: 5,
  // Only who works there is posted.
  'grid-post': 6,
}
export const importWaves = [...new Set(Object.values(importWaveOf))].sort((left, right) => left - right)

export const IMPORT_ROWS_MAX = 500

export const importPlaces = route({
  name: 'importPlaces',
  summary:
    'Imports places, pairings and memberships row by row; the same row again changes nothing. What an agreement says is signed: new terms are a new version, which states base, signatories, day of signing and text.',
  method: 'POST',
  path: '/api/places/imports',
  access: ['admin'],
  // Each row is parsed on its own, so that one bad row is one bad result and not a refused file.
  body: z.strictObject({ rows: z.array(z.unknown()).min(1).max(IMPORT_ROWS_MAX) }),
  output: z.strictObject({
    results: z.array(
      z.strictObject({
        row: z.int(),
        outcome: z.enum(['created', 'updated', 'unchanged', 'invalid', 'refused']),
        code: z.string().optional(),
        fields: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
})
