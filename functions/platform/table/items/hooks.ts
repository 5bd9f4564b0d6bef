import * as z from 'zod'
import {
  attemptSchema,
  deliveryIdSchema,
  deliverySchema,
  deliveryStates,
  hookEnvelopes,
  hookOffReasons,
  hookSchema,
  hookScopeSchema,
  HOOKS_A_SCOPE_MAX,
  replaySchema,
} from '#shared/contracts/hooks.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** What was written before there was a choice is plain. */
const envelope = z.enum(hookEnvelopes).default('plain')

/** A subscription. It says nothing that signs. */
export const hookItem = stored('hook', {
  ...hookSchema.pick({ hookId: true, name: true, scopeName: true, url: true, types: true, createdAt: true }).shape,
  scope: hookScopeSchema,
  envelope,
  /** The community whose workers look after it, of a community or a compound. */
  communityId: idSchema.optional(),
  /** `ended`: nobody sees it any more; the night forgets its log, and then it. */
  state: z.enum(['on', 'off', 'ended']),
  offReason: z.enum(hookOffReasons).optional(),
  offAt: instantSchema.optional(),
  /** Since when it is on, at this address. */
  onSince: instantSchema,
  failingSince: instantSchema.optional(),
  /** The receiver asked to be left alone until then. */
  restUntil: instantSchema.optional(),
  lastSuccessAt: instantSchema.optional(),
  testedAt: instantSchema.optional(),
  version: z.int().min(1),
  createdBy: z.string(),
})
export type HookItem = z.infer<typeof hookItem>

/** What signs: read to sign and to change it, and by nothing that lists or shows. */
export const hookKeysItem = stored('hookKeys', {
  hookId: clientIdSchema,
  keys: z.array(
    z.object({
      secret: z.string(),
      privateKey: z.string(),
      publicKey: z.string(),
      madeAt: instantSchema,
      endsAt: instantSchema.optional(),
    }),
  ),
  revision: z.int().min(1),
})
export type HookKeysItem = z.infer<typeof hookKeysItem>

/** Who subscribed to events of a scope: one item, so that their number is a condition. */
export const hookScopeItem = stored('hookScope', {
  kind: z.string(),
  scopeId: z.string(),
  hookIds: z.array(clientIdSchema).max(HOOKS_A_SCOPE_MAX),
  revision: z.int().min(1),
})
export type HookScopeItem = z.infer<typeof hookScopeItem>

/** One event on its way to one receiver. */
export const hookDeliveryItem = stored('hookDelivery', {
  hookId: clientIdSchema,
  deliveryId: deliveryIdSchema,
  ...deliverySchema.pick({ webhookId: true, type: true, timestamp: true, tries: true, payload: true }).shape,
  envelope,
  state: z.enum(deliveryStates),
  /** Of one that is due: when somebody may take it. Whoever took it moves this on. */
  nextAt: instantSchema,
  endedAt: instantSchema.optional(),
  attempts: z.array(attemptSchema),
  /** The replay that last queued it: each queues it once. */
  replayId: z.string().optional(),
})
export type HookDeliveryItem = z.infer<typeof hookDeliveryItem>

export const hookReplayItem = stored('hookReplay', {
  hookId: clientIdSchema,
  replayId: z.string(),
  ...replaySchema.shape,
  /** How far it has come. */
  after: deliveryIdSchema.optional(),
})
export type HookReplayItem = z.infer<typeof hookReplayItem>

/** A subscription together with what signs. */
export const hookToSendItem = z.discriminatedUnion('entity', [hookItem, hookKeysItem])
