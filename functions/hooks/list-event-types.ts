import * as z from 'zod'
import { type HookEnvelope, hookEnvelopes, listEventTypes as route } from '#shared/contracts/hooks.ts'
import {
  CHECK_TYPE,
  checkAnswerExample,
  checkAnswerSchema,
  hookEvents,
  hookPayloadSchema,
  outgoingTypes,
} from '#shared/contracts/hooks-events.ts'
import { cloudEvent, contentTypes } from '#shared/domain/hooks/envelope.ts'
import { env } from '#functions/platform/env.ts'
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

const { timestamp, data } = hookEvents['sale.settled.v1'].example
const shown = { type: 'sale.settled.v1', timestamp, data } as const

/** How a subscription may have its bodies laid out, each with the same event. What a check is asked is always plain. */
const laidOut: Readonly<Record<HookEnvelope, { readonly specification: string; readonly example: () => object }>> = {
  plain: { specification: 'https://www.standardwebhooks.com', example: () => shown },
  cloudevents: {
    specification: 'https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md',
    example: () =>
      cloudEvent({ ...shown, subject: data.saleId }, 'msg_0123456789abcdef0123456789abcdef', env('PUBLIC_ORIGIN')),
  },
}

let made: object | undefined

/** Made of the contracts alone, as the API's description is. */
function catalogue(): object {
  made ??= {
    specification: 'https://www.standardwebhooks.com',
    signatures: { v1: 'HMAC-SHA256, secret whsec_…', v1a: 'ed25519, public key whpk_…' },
    envelopes: hookEnvelopes.map((name) => {
      const { specification, example } = laidOut[name]
      return { name, contentType: contentTypes[name], specification, example: example() }
    }),
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
