import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { route } from './route.ts'

/**
 * Bodies 责任单位: who does what residents ask for. A property company delivers, an owners' committee executes, departments
 * take part (物业服务企业落实, 业委会执行, 相关部门参与); a village's crew is hired for works of upkeep.
 */
export const bodyKinds = ['branch', 'owners-committee', 'property', 'department', 'village-crew', 'other'] as const
export type BodyKind = (typeof bodyKinds)[number]

export const bodySchema = z.strictObject({
  bodyId: idSchema,
  name: z.string().trim().min(2).max(40),
  kind: z.enum(bodyKinds),
  /** Absent: it serves the whole district. */
  communityId: idSchema.optional(),
})
export type Body = z.infer<typeof bodySchema>

/** Of one community, those of the whole district included. */
export const BODIES_MAX = 200

export const listBodies = route({
  name: 'listBodies',
  summary: "Bodies that residents' matters can be given to in a community: its own, and those of the whole district.",
  method: 'GET',
  path: '/api/places/bodies',
  access: 'public',
  query: z.strictObject({ communityId: idSchema }),
  output: z.strictObject({ items: z.array(bodySchema).max(BODIES_MAX) }),
})
