import * as z from 'zod'
import { CHECKS_A_SCOPE_MAX, checkSchema, checkScopeSchema, questionSchema } from '#shared/contracts/hooks-checks.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'
import { instantSchema } from '#shared/kernel/time.ts'
import { stored } from './stored.ts'

/** A check before a payment. It says nothing that signs. */
export const checkItem = stored('check', {
  ...checkSchema.pick({ checkId: true, name: true, scopeName: true, url: true, createdAt: true, publicKeys: true })
    .shape,
  scope: checkScopeSchema,
  seconds: z.int().min(1),
  /** `ended`: nobody sees or asks it any more; the night forgets what it was asked, and then it. */
  state: z.enum(['on', 'off', 'ended']),
  createdBy: z.string(),
  testedAt: instantSchema.optional(),
})
export type CheckItem = z.infer<typeof checkItem>

export const checkSigningItem = stored('checkKeys', {
  checkId: clientIdSchema,
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
export type CheckSigningItem = z.infer<typeof checkSigningItem>

const onSchema = z.array(clientIdSchema).max(CHECKS_A_SCOPE_MAX)

/** Checks of a scope, and which of them are on: one item, so that a payment can hold on to it. */
export const checkScopeItem = stored('checkScope', {
  kind: z.enum(['district', 'community']),
  scopeId: z.string(),
  checkIds: onSchema,
  on: onSchema,
  /** Moves with each change. */
  revision: z.int().min(1),
  changedAt: instantSchema,
})
export type CheckScopeItem = z.infer<typeof checkScopeItem>

/** From this moment on these were on. */
export const checkChangeItem = stored('checkChange', {
  at: instantSchema,
  on: onSchema,
  /** The administrator who switched or removed one; told to nobody. Not there of what was kept before that was asked. */
  changedBy: z.string().optional(),
})

/** One question, and what came of it. */
export const checkAskedItem = stored('checkAsked', {
  checkId: clientIdSchema,
  ...questionSchema.shape,
  compoundId: idSchema,
  /** Told to nobody. */
  askedBy: z.string(),
})
export type CheckAskedItem = z.infer<typeof checkAskedItem>

/** A check together with what signs. */
export const checkToAskItem = z.discriminatedUnion('entity', [checkItem, checkSigningItem])
