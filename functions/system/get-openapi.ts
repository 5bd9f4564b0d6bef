import { getOpenApi as route } from '#shared/contracts/system.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Reply } from '#functions/platform/reply.ts'
import { openApi } from './openapi.ts'

/** The same until the next deployment. */
const CACHE_CONTROL = 'public, max-age=300'

export const getOpenApi = openHttp(route, async () => new Reply(openApi(), { 'cache-control': CACHE_CONTROL }))
