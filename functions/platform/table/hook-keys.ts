import { type IndexKey, type Key, pendingShard } from './keys.ts'

/**
 * Keys of subscriptions and their deliveries in `market`: patterns 120 to 125 of `keys.ts`. They are apart because that
 * file is in every bundle as a whole, and few functions need these.
 */
export const hookKeys = {
  hook: (hookId: string): Key => ({ PK: `HOOK#ID#${hookId}`, SK: 'HOOK' }),
  /** What signs, apart from what is listed and shown. */
  signing: (hookId: string): Key => ({ PK: `HOOK#ID#${hookId}`, SK: 'KEYS' }),
  replay: (hookId: string): Key => ({ PK: `HOOK#ID#${hookId}`, SK: 'REPLAY' }),
  scope: (kind: string, scopeId: string): Key => ({ PK: `HOOK#SCOPE#${kind}#${scopeId}`, SK: 'SCOPE' }),
  hookDelivery: (hookId: string, deliveryId: string): Key => ({ PK: `HOOK#DELIVERIES#${hookId}`, SK: deliveryId }),
} as const

export const hookIndex = {
  hooks: (owner: string, hookId: string): IndexKey => ({ GSI1PK: 'HOOK#ALL', GSI1SK: `${owner}#${hookId}` }),
  /** By subscription, so that what waits for one receiver is in the way of few others. */
  dueDeliveries: (nextAt: string, hookId: string, deliveryId: string): IndexKey => ({
    GSI1PK: `HOOK#DUE#${pendingShard(hookId)}`,
    GSI1SK: `${nextAt}#${hookId}#${deliveryId}`,
  }),
  hookReplays: (startedAt: string, hookId: string): IndexKey => ({
    GSI1PK: 'HOOK#REPLAYS',
    GSI1SK: `${startedAt}#${hookId}`,
  }),
} as const
