import { httpHandler } from '#functions/platform/http.ts'
import { getHealth } from './get-health.ts'
import { getOpenApi } from './get-openapi.ts'

export const handler = httpHandler(getHealth, getOpenApi)
