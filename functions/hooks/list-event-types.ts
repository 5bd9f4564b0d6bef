import * as z from 'zod'
import { listEventTypes as route } from '#shared/contracts/hooks.ts'
import {
  CHECK_TYPE,
  checkAnswerExample,
  checkAnswerSchema,
  hookEvents,
  hookPayloadSchema,
  outgoingTypes,
} from '#shared/contracts/hooks-events.ts'
import { openHttp } from '#functions/platform/http.ts'
import { Reply } from '#functions/platform/reply.ts'

/** The same until the next deployment. */
const CACHE_CONTROL = 'public, max-age=300'

export const listEventTypes = openHttp(route, async () => new Reply(catalogue(), { 'cache-control': CACHE_CONTROL }))

/** The one type that asks for an answer. */
const answer = {
  schema: z.toJSONSchema(checkAnswerSchema, { target: 'draft-2020-12', io: 'input' }),
  example: checkAnswerExample,
}

let made: object | undefined

/** Made of the contracts alone, as the API's description is. */
function catalogue(): object {
  made ??= {
    specification: 'https://www.standardwebhooks.com',
    signatures: { v1: 'HMAC-SHA256, secret whsec_…', v1a: 'ed25519, public key whpk_…' },
    events: outgoingTypes.map((type) => ({
      type,
      summary: hookEvents[type].summary,
      schema: z.toJSONSchema(hookPayloadSchema(type), { target: 'draft-2020-12' }),
      example: { type, ...hookEvents[type].example },
      ...(type === CHECK_TYPE ? { answer } : {}),
    })),
  }
  return made
}
