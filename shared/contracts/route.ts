import * as z from 'zod'

/**
 * What a person may be, each in a scope: resident of a household, leader of a building, member of a co-op, worker of a
 * community, body: acts for a body that does what residents ask for (责任单位), committee: of the committee of a community's fund (管委会), supervisor of that fund (监督员), charity: who keeps the
 * books of the district's host charity, admin of the district.
 */
export const roles = [
  'resident',
  'leader',
  'coop',
  'worker',
  'body',
  'committee',
  'supervisor',
  'charity',
  'admin',
] as const
export type Role = (typeof roles)[number]

/**
 * Who may call a route.
 * - `public`: no token is asked and none is read.
 * - `anyone`: no token is needed; one that is sent must be valid and may widen the answer (a worker's live view of a fund).
 * - `signed-in`: any valid token; what belongs to others does not exist for the caller.
 * - a list of roles: a valid token and one of these roles; its scope is checked against the object asked for.
 */
export type Access = 'public' | 'anyone' | 'signed-in' | readonly Role[]

/** HTTP status of a refusal: 409 the world has moved on, 422 the request can never be right. */
export type RefusalStatus = 409 | 422

type Shape = z.ZodType

export type Route<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Output extends Shape = Shape,
  Code extends string = string,
> = {
  readonly name: string
  readonly summary: string
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: `/api/${string}`
  readonly access: Access
  readonly params: Params
  readonly query: Query
  /** `null` when the route reads no body. */
  readonly body: Body
  readonly output: Output
  /** Media type of the answer; anything but JSON is sent as the text the handler made. */
  readonly media: 'application/json' | 'application/x-ndjson' | 'text/csv'
  readonly refusals: Readonly<Record<Code, RefusalStatus>>
}

const nothing = z.strictObject({})
type Nothing = typeof nothing

/** Declares a route. What is left out is empty: no parameters, no query, no body, no refusals, JSON. */
export function route<
  Output extends Shape,
  Params extends Shape = Nothing,
  Query extends Shape = Nothing,
  Body extends Shape = Nothing,
  const Code extends string = never,
>(declared: {
  name: string
  summary: string
  method: Route['method']
  path: Route['path']
  access: Access
  params?: Params
  query?: Query
  body?: Body
  output: Output
  media?: Route['media']
  refusals?: Readonly<Record<Code, RefusalStatus>>
}): Route<Params, Query, Body, Output, Code> {
  return {
    name: declared.name,
    summary: declared.summary,
    method: declared.method,
    path: declared.path,
    access: declared.access,
    params: declared.params ?? (nothing as unknown as Params),
    query: declared.query ?? (nothing as unknown as Query),
    body: declared.body ?? (nothing as unknown as Body),
    output: declared.output,
    media: declared.media ?? 'application/json',
    refusals: declared.refusals ?? ({} as Readonly<Record<Code, RefusalStatus>>),
  }
}

export type Params<R extends Route> = z.output<R['params']>
export type Query<R extends Route> = z.output<R['query']>
export type Body<R extends Route> = z.output<R['body']>
export type Output<R extends Route> = z.input<R['output']>
export type RefusalCode<R extends Route> = keyof R['refusals'] & string

/** Each list has a cap; a page says with `nextCursor` that there is more. */
export const PAGE_MAX = 100

export const pageQuery = {
  cursor: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).optional(),
}

export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().optional() })
}

/** RFC 9457 problem details, with a stable `code`. */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  fields: z.record(z.string(), z.string()).optional(),
  requestId: z.string().optional(),
})
export type Problem = z.infer<typeof problemSchema>
