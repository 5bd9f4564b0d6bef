import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { knownAsSchema } from './places.ts'
import { route } from './route.ts'

/**
 * Grids 网格: some compounds of one community that a worker is posted to (社区工作者定岗网格). A compound is in one grid at most.
 * To be posted narrows what a worker is shown first; who may do what follows from the role in the community alone.
 */
export const GRIDS_MAX = 40
export const GRID_COMPOUNDS_MAX = 60
/** Of one grid, those whose term is over included. */
export const GRID_POSTS_MAX = 20

const gridName = z.string().trim().min(2).max(20)

export const gridRowSchema = z.strictObject({
  kind: z.literal('grid'),
  gridId: idSchema,
  communityId: idSchema,
  name: gridName,
  /** All of them: one that is left out is in no grid any more. */
  compoundIds: z.array(idSchema).max(GRID_COMPOUNDS_MAX),
})

export const gridPostRowSchema = z.strictObject({
  kind: z.literal('grid-post'),
  gridId: idSchema,
  communityId: idSchema,
  /** The worker's subject at the configured issuer. */
  subject: z.string().min(1).max(120),
  /** How residents know them, or what stands on the board at the gate; everybody reads it. */
  knownAs: knownAsSchema,
  /** A term, or that of somebody who stands in (代理): a row of their own. */
  fromAt: instantSchema.optional(),
  /** Past or present: at once. */
  toAt: instantSchema.optional(),
})

const gridShape = { gridId: idSchema, communityId: idSchema, name: gridName, compoundIds: z.array(idSchema) }

export const gridSchema = z.strictObject({
  ...gridShape,
  /** Who is posted there now; none: nobody is in term. */
  workers: z.array(z.strictObject({ knownAs: knownAsSchema, until: instantSchema.optional() })),
})
export type GridView = z.infer<typeof gridSchema>

export const listGrids = route({
  name: 'listGrids',
  summary: 'Grids of a community with their compounds, and by which name residents know who is posted there now.',
  method: 'GET',
  path: '/api/places/grids',
  access: 'public',
  query: z.strictObject({ communityId: idSchema }),
  output: z.strictObject({ items: z.array(gridSchema).max(GRIDS_MAX) }),
})

export const listMyGrids = route({
  name: 'listMyGrids',
  summary: 'Grids that the caller is posted to now, in all communities that they work in.',
  method: 'GET',
  path: '/api/places/me/grids',
  access: ['worker'],
  output: z.strictObject({ items: z.array(z.strictObject(gridShape)) }),
})

export const gridRoutes = [listGrids, listMyGrids] as const
