import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { hookEventTypes, hookTypes } from './hooks-events.ts'
import { page, pageQuery, route } from './route.ts'

/** Subscriptions of one scope; so many receivers at most are told of an event for each scope it lies in. */
export const HOOKS_A_SCOPE_MAX = 20
/** While keys are changed, old and new sign for so long. */
export const OLD_KEY_HOURS = 24
/** How long deliveries can be looked at and sent again. */
export const DELIVERIES_KEPT_DAYS = 30
/** How long what happens while a subscription is off is written down, to be sent again later. */
export const SKIPPED_KEPT_DAYS = 7
export const REPLAY_DAYS_MAX = 7
/** One replay queues so many deliveries; the next one goes on from there. */
export const REPLAY_DELIVERIES_MAX = 5_000

/** Whose events: all of the district, or those of a community, a compound, a co-op. */
export const hookScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('district') }),
  z.strictObject({ kind: z.literal('community'), id: idSchema }),
  z.strictObject({ kind: z.literal('compound'), id: idSchema }),
  z.strictObject({ kind: z.literal('coop'), id: idSchema }),
])
export type HookScope = z.infer<typeof hookScopeSchema>

const url = z.string().trim().min(1, '请填接收地址').max(500, '地址太长了')
const name = z.string().trim().min(1, '请起个名字').max(40, '名字太长了')
const types = z
  .array(z.enum(hookTypes))
  .min(1, '至少选一种')
  .max(hookTypes.length)
  .refine((chosen) => new Set(chosen).size === chosen.length, '有重复')

/**
 * How the body is laid out. `plain`: `{type, timestamp, data}`, as Standard Webhooks has it; `cloudevents`: a CloudEvent 1.0 in
 * JSON, in structured mode. What is signed, and how, is the same.
 */
export const hookEnvelopes = ['plain', 'cloudevents'] as const
export type HookEnvelope = (typeof hookEnvelopes)[number]
const envelope = z.enum(hookEnvelopes)

/** Why it is off: somebody turned it off; the receiver answered 410; nothing arrived for three days. */
export const hookOffReasons = ['by-hand', 'gone', 'failing'] as const
export type HookOffReason = (typeof hookOffReasons)[number]

export const replayKinds = ['undelivered', 'all'] as const
export const replaySchema = z.strictObject({
  fromAt: instantSchema,
  toAt: instantSchema,
  which: z.enum(replayKinds),
  /** `full`: it queued as many as one may, up to `reachedAt`. `stopped`: the subscription was turned off. */
  state: z.enum(['running', 'done', 'full', 'stopped']),
  queued: z.int().min(0),
  reachedAt: instantSchema.optional(),
  startedAt: instantSchema,
})
export type HookReplay = z.input<typeof replaySchema>

export const hookSchema = z.strictObject({
  hookId: clientIdSchema,
  name,
  scope: hookScopeSchema,
  scopeName: z.string(),
  url: z.string(),
  types: z.array(z.enum(hookTypes)),
  envelope,
  state: z.enum(['on', 'off']),
  offReason: z.enum(hookOffReasons).optional(),
  offAt: instantSchema.optional(),
  /** Since when attempts fail, if the last one did. */
  failingSince: instantSchema.optional(),
  /** To some minutes. */
  lastSuccessAt: instantSchema.optional(),
  createdAt: instantSchema,
  /** Whoever changes it says which version they have seen. */
  version: z.int().min(1),
})
export type HookView = z.input<typeof hookSchema>

const publicKey = z.string().regex(/^whpk_[A-Za-z0-9+/]{43}=$/)
/** What receivers verify with beside the secret; an old one signs along until `endsAt`. */
const publicKeySchema = z.strictObject({ publicKey, madeAt: instantSchema, endsAt: instantSchema.optional() })

export const oneHookSchema = z.strictObject({
  ...hookSchema.shape,
  publicKeys: z.array(publicKeySchema),
  replay: replaySchema.optional(),
})
export type OneHook = z.input<typeof oneHookSchema>

/** Shown in the answer that made it, and never again. */
const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/)

const ofHook = z.strictObject({ hookId: clientIdSchema })
const subscribers = ['admin', 'worker', 'coop'] as const

export const listHooks = route({
  name: 'listHooks',
  summary:
    'Subscriptions to events: all (administrators), those of a community and its compounds (its workers), those of a co-op (its members).',
  method: 'GET',
  path: '/api/hooks',
  access: subscribers,
  query: z.strictObject({ communityId: idSchema.optional(), coopId: idSchema.optional(), ...pageQuery }),
  output: page(hookSchema),
})

export const addHook = route({
  name: 'addHook',
  summary: `Subscribes an address to events of a scope. The signing secret is in this answer and in no other one. At most ${HOOKS_A_SCOPE_MAX} a scope.`,
  method: 'PUT',
  path: '/api/hooks/{hookId}',
  access: subscribers,
  params: ofHook,
  /** Without an envelope it is plain. */
  body: z.strictObject({ name, url, types, envelope: envelope.optional(), scope: hookScopeSchema }),
  output: z.strictObject({ hook: oneHookSchema, secret: secret.optional() }),
  refusals: {
    HOOK_ID_REUSED: 409,
    TOO_MANY_HOOKS: 409,
    UNKNOWN_SCOPE: 422,
    HOOK_URL_REFUSED: 422,
    HOOK_ADDRESS_REFUSED: 422,
    HOOK_ADDRESS_UNKNOWN: 422,
  },
})

export const getHook = route({
  name: 'getHook',
  summary: 'One subscription, with its public keys.',
  method: 'GET',
  path: '/api/hooks/{hookId}',
  access: subscribers,
  params: ofHook,
  output: oneHookSchema,
})

export const changeHook = route({
  name: 'changeHook',
  summary:
    'Another name, address, choice of types or envelope. What is due goes to the new address, in the envelope it was written down in.',
  method: 'PUT',
  path: '/api/hooks/{hookId}/settings',
  access: subscribers,
  params: ofHook,
  /** Without an envelope it stays as it is. */
  body: z.strictObject({ version: z.int().min(1), name, url, types, envelope: envelope.optional() }),
  output: oneHookSchema,
  refusals: {
    HOOK_CHANGED: 409,
    HOOK_URL_REFUSED: 422,
    HOOK_ADDRESS_REFUSED: 422,
    HOOK_ADDRESS_UNKNOWN: 422,
  },
})

export const turnHook = route({
  name: 'turnHook',
  summary: `Turns a subscription on or off. What happens while it is off is not sent; of the first ${SKIPPED_KEPT_DAYS} days it can be sent again.`,
  method: 'PUT',
  path: '/api/hooks/{hookId}/state',
  access: subscribers,
  params: ofHook,
  body: z.strictObject({ state: z.enum(['on', 'off']) }),
  output: oneHookSchema,
})

export const removeHook = route({
  name: 'removeHook',
  summary: 'Ends a subscription; its keys are gone at once, its log by the next night.',
  method: 'DELETE',
  path: '/api/hooks/{hookId}',
  access: subscribers,
  params: ofHook,
  output: z.strictObject({}),
})

export const rotateHookKeys = route({
  name: 'rotateHookKeys',
  summary: `Makes new keys; the secret is in this answer and in no other one. The old ones sign along for ${OLD_KEY_HOURS} hours, or, when they leaked, stop at once.`,
  method: 'POST',
  path: '/api/hooks/{hookId}/keys',
  access: subscribers,
  params: ofHook,
  body: z.strictObject({ old: z.enum(['sign-along', 'stop']) }),
  output: z.strictObject({ hook: oneHookSchema, secret }),
  refusals: { KEYS_CHANGING: 409 },
})

/** What became of one attempt; `status`: an answer that is no 2xx. */
export const attemptOutcomes = [
  'delivered',
  'status',
  'time-out',
  'no-connection',
  'bad-certificate',
  'unknown-address',
  'refused-address',
] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

export const attemptSchema = z.strictObject({
  at: instantSchema,
  outcome: z.enum(attemptOutcomes),
  status: z.int().optional(),
  latencyMs: z.int().min(0),
  /** Of an answer that is no 2xx: its first words. */
  excerpt: z.string().optional(),
})
export type HookAttempt = z.input<typeof attemptSchema>

/** `skipped`: the subscription was off. */
export const deliveryStates = ['due', 'delivered', 'failed', 'skipped'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** The moment of its event, and the id that receivers know it by: both the same for ever. */
export const deliveryIdSchema = z.string().regex(/^\d{13}\.msg_[0-9a-f]{32}$/)

export const deliverySchema = z.strictObject({
  deliveryId: deliveryIdSchema,
  webhookId: z.string(),
  type: z.enum(hookEventTypes),
  timestamp: instantSchema,
  envelope,
  state: z.enum(deliveryStates),
  /** Attempts since it was queued, or queued again. */
  tries: z.int().min(0),
  nextAt: instantSchema.optional(),
  /** The body, as it is sent. */
  payload: z.string(),
  /** The last ones, oldest first. */
  attempts: z.array(attemptSchema),
})
export type HookDelivery = z.input<typeof deliverySchema>

export const testHook = route({
  name: 'testHook',
  summary: 'Sends hook.tested.v1 once, now, and says what became of it. Works while the subscription is off, too.',
  method: 'POST',
  path: '/api/hooks/{hookId}/tests',
  access: subscribers,
  params: ofHook,
  output: deliverySchema,
  refusals: { JUST_TESTED: 409 },
})

export const listHookDeliveries = route({
  name: 'listHookDeliveries',
  summary: `The delivery log of ${DELIVERIES_KEPT_DAYS} days, newest event first. With a state a page may be short, or empty, and still have more after it.`,
  method: 'GET',
  path: '/api/hooks/{hookId}/deliveries',
  access: subscribers,
  params: ofHook,
  query: z.strictObject({ state: z.enum(deliveryStates).optional(), ...pageQuery }),
  output: page(deliverySchema),
})

const ofDelivery = z.strictObject({ hookId: clientIdSchema, deliveryId: deliveryIdSchema })

export const getHookDelivery = route({
  name: 'getHookDelivery',
  summary: 'One delivery with its attempts.',
  method: 'GET',
  path: '/api/hooks/{hookId}/deliveries/{deliveryId}',
  access: subscribers,
  params: ofDelivery,
  output: deliverySchema,
})

export const replayHookDelivery = route({
  name: 'replayHookDelivery',
  summary: 'Queues one delivery again, under the same webhook-id.',
  method: 'POST',
  path: '/api/hooks/{hookId}/deliveries/{deliveryId}/replay',
  access: subscribers,
  params: ofDelivery,
  output: deliverySchema,
  refusals: { HOOK_IS_OFF: 409, TEST_NOT_REPLAYED: 409 },
})

export const replayHookRange = route({
  name: 'replayHookRange',
  summary: `Queues again what happened in a stretch of at most ${REPLAY_DAYS_MAX} days, each delivery once, under the same webhook-ids. It goes on by itself; one at a time.`,
  method: 'POST',
  path: '/api/hooks/{hookId}/replays',
  access: subscribers,
  params: ofHook,
  body: z.strictObject({ fromAt: instantSchema, toAt: instantSchema, which: z.enum(replayKinds) }),
  output: oneHookSchema,
  refusals: { HOOK_IS_OFF: 409, REPLAY_RUNNING: 409, BAD_RANGE: 422 },
})

export const listEventTypes = route({
  name: 'listEventTypes',
  summary: 'What hooks tell: each type with the JSON Schema of its request body, and an example.',
  method: 'GET',
  path: '/api/events.json',
  access: 'public',
  output: z.unknown(),
})

export const hooksRoutes = [
  listHooks,
  addHook,
  getHook,
  changeHook,
  turnHook,
  removeHook,
  rotateHookKeys,
  testHook,
  listHookDeliveries,
  getHookDelivery,
  replayHookDelivery,
  replayHookRange,
  listEventTypes,
] as const
