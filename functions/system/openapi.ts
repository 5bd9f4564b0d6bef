import * as z from 'zod'
import { routesByContext } from '#shared/contracts/index.ts'
import { problemSchema, type Route } from '#shared/contracts/route.ts'

type Json = Record<string, unknown>

/**
 * This API as OpenAPI 3.1 (JSON Schema 2020-12), made of the contracts alone. Schemas describe what travels: a value before
 * we parse it, and after we print it.
 */
export function openApiOf(contexts: Readonly<Record<string, readonly Route[]>>): Json {
  const paths: Record<string, Json> = {}
  for (const [context, routes] of Object.entries(contexts)) {
    for (const route of routes) {
      const path = (paths[route.path] ??= {})
      path[route.method.toLowerCase()] = operationOf(context, route)
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: '乡来 Xianglai',
      version: '1',
      description: 'Money is integer fen, weight integer grams, time UTC.',
    },
    servers: [{ url: '/' }],
    tags: Object.keys(contexts).map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema) },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: Object.fromEntries(
        commonProblems.map(([name, , description]) => [name, problemResponse(description)]),
      ),
    },
  }
}

let document: Json | undefined

export function openApi(): Json {
  document ??= openApiOf(routesByContext)
  return document
}

const commonProblems = [
  ['Invalid', '400', 'Did not parse; `fields` says where.'],
  ['Unauthorized', '401', 'No valid token.'],
  ['Forbidden', '403', 'Not for this caller.'],
  ['NotFound', '404', 'Does not exist, or not for this caller.'],
  ['TooLarge', '413', 'The body is too large.'],
  ['UnsupportedMediaType', '415', 'The body is not application/json.'],
  ['Broken', '500', 'Broken; `requestId` names the log line.'],
  ['Busy', '503', 'Busy, nothing was done; come back after `Retry-After`.'],
] as const
type ProblemName = (typeof commonProblems)[number][0]

function problemsOf(route: Route): ProblemName[] {
  const reads = isEmpty(route.params) ? [] : (['NotFound'] as const)
  const asks = isEmpty(route.query) && isEmpty(route.body) ? [] : (['Invalid'] as const)
  const sends = isEmpty(route.body) ? [] : (['TooLarge', 'UnsupportedMediaType'] as const)
  const token = route.access === 'public' ? [] : (['Unauthorized'] as const)
  const role = typeof route.access === 'string' ? [] : (['Forbidden'] as const)
  return [...asks, ...token, ...role, ...reads, ...sends, 'Broken', 'Busy']
}

function operationOf(context: string, route: Route): Json {
  const common = problemsOf(route).map((name) => {
    const status = commonProblems.find(([known]) => known === name)?.[1] ?? 'default'
    return [status, { $ref: `#/components/responses/${name}` }]
  })
  return {
    operationId: route.name,
    tags: [context],
    summary: route.summary,
    ...(typeof route.access === 'string' ? {} : { 'x-roles': route.access }),
    security: securityOf(route),
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...(isEmpty(route.body)
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body) } } } }),
    responses: { '200': successOf(route), ...Object.fromEntries(common), ...refusalsOf(route) },
  }
}

/** `anyone` may come without a token: the empty requirement says so. */
function securityOf(route: Route): Json[] {
  if (route.access === 'public') return []
  return route.access === 'anyone' ? [{}, { bearer: [] }] : [{ bearer: [] }]
}

function successOf(route: Route): Json {
  const schema = route.media === 'application/json' ? schemaOf(route.output) : { type: 'string' }
  return { description: 'Done.', content: { [route.media]: { schema } } }
}

/** Expected refusals by status, each with its codes. */
function refusalsOf(route: Route): Record<string, Json> {
  const byStatus = Map.groupBy(Object.entries(route.refusals), ([, status]) => String(status))
  return Object.fromEntries(
    [...byStatus].map(([status, refusals]) => {
      const codes = refusals.map(([code]) => code)
      const schema = { allOf: [problemRef, { type: 'object', properties: { code: { enum: codes } } }] }
      const description = `Refused: ${codes.join(', ')}.`
      return [status, { description, content: { 'application/problem+json': { schema } } }]
    }),
  )
}

const problemRef = { $ref: '#/components/schemas/Problem' }

function problemResponse(description: string): Json {
  return { description, content: { 'application/problem+json': { schema: problemRef } } }
}

function parametersOf(where: 'path' | 'query', schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema) as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: described,
  }))
}

function isEmpty(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' })
  return described
}
