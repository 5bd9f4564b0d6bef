import * as z from 'zod'
import { route } from './route.ts'

export const getHealth = route({
  name: 'getHealth',
  summary: '200 only when the system is ready to take orders: the tables answer.',
  method: 'GET',
  path: '/api/health',
  access: 'public',
  output: z.strictObject({ status: z.enum(['ok']) }),
})

export const getOpenApi = route({
  name: 'getOpenApi',
  summary: 'This API as OpenAPI 3.1, generated from the contracts.',
  method: 'GET',
  path: '/api/openapi.json',
  access: 'public',
  output: z.unknown(),
})

export const systemRoutes = [getHealth, getOpenApi] as const
