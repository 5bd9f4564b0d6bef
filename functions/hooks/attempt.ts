import { type AfterAttempt, afterAttempt, type Attempted } from '#shared/domain/hooks/delivery.ts'
import { contentTypes } from '#shared/domain/hooks/envelope.ts'
import { keysInUse } from '#shared/domain/hooks/keys.ts'
import { spreadFrom } from '#shared/domain/hooks/schedule.ts'
import { TEST_TYPE } from '#shared/contracts/hooks-events.ts'
import type { HookAttempt } from '#shared/contracts/hooks.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { now as clock } from '#functions/platform/clock.ts'
import { log } from '#functions/platform/log.ts'
import { type Answered, postTo } from '#functions/platform/outgoing/post.ts'
import { signedHeaders } from '#functions/platform/outgoing/sign.ts'
import type { HookDeliveryItem, HookItem } from '#functions/platform/table/items/hooks.ts'
import { move } from './delivery-store.ts'
import { hookToSend, noteFailure, noteSuccess, turnOffGone, turnOffIfFailing } from './hook-store.ts'

/** Of each delivery so many are kept to be looked at. */
const ATTEMPTS_KEPT = 12
const EXCERPT_MAX = 200

export type Ended = {
  readonly kind: 'delivered' | 'failed' | 'later' | 'skipped' | 'rested'
  /** The delivery as it is now; absent when somebody else has it by now. */
  readonly delivery?: HookDeliveryItem
  /** How long the receiver asked to be left alone. */
  readonly askedMs: number
}

/**
 * One attempt, the `tries`-th, of a delivery that is ours to send. Address, keys and whether it is on are those of this
 * moment. What comes of it is written only as long as it is still ours: when our time ran out, somebody else may have sent it.
 */
export async function attempt(ours: HookDeliveryItem, tries: number, timeoutMs: number): Promise<Ended> {
  const { hook, keys } = await hookToSend(ours.hookId)
  const sentAt = clock()
  const mayGo = hook?.state === 'on' || (hook?.state === 'off' && ours.type === TEST_TYPE)
  if (hook === undefined || keys === undefined || !mayGo) return skip(ours, sentAt)
  // Its receiver asked not to be knocked at: that costs no attempt.
  if (hook.restUntil !== undefined && hook.restUntil > sentAt && ours.type !== TEST_TYPE) {
    const rested = { ...ours, tries: tries - 1, nextAt: spreadFrom(hook.restUntil, Math.random()) }
    return { kind: 'rested', askedMs: 0, ...((await move(ours, rested)) ? { delivery: rested } : {}) }
  }
  const headers = {
    'content-type': contentTypes[ours.envelope],
    'user-agent': 'Xianglai-Hooks/1',
    ...signedHeaders(keysInUse(keys.keys, sentAt), ours.webhookId, Date.parse(sentAt), ours.payload),
  }
  const startedMs = performance.now()
  const answer = await postTo(hook.url, headers, ours.payload, timeoutMs)
  const latencyMs = Math.round(performance.now() - startedMs)
  return record(ours, hook, answer, { tries, at: sentAt, latencyMs })
}

async function skip(ours: HookDeliveryItem, now: Instant): Promise<Ended> {
  const skipped: HookDeliveryItem = { ...ours, state: 'skipped', endedAt: now }
  return { kind: 'skipped', askedMs: 0, ...((await move(ours, skipped)) ? { delivery: skipped } : {}) }
}

async function record(
  ours: HookDeliveryItem,
  hook: HookItem,
  answer: Answered,
  { tries, ...sent }: Pick<HookAttempt, 'at' | 'latencyMs'> & { readonly tries: number },
): Promise<Ended> {
  const attempted = attemptedOf(answer)
  const now = clock()
  const after = afterAttempt({ type: ours.type, tries }, attempted, now, Math.random())
  const entry = { ...sent, ...entryOf(attempted, answer) }
  const told = {
    ...ours,
    ...{ state: after.state, tries, attempts: [...ours.attempts, entry].slice(-ATTEMPTS_KEPT) },
    ...(after.nextAt === undefined ? { endedAt: now } : { nextAt: after.nextAt }),
  }
  const isOurs = await move(ours, told)
  await noteHealth(hook, attempted, after, now)
  if (attempted.outcome !== 'delivered') {
    const { hookId, webhookId, type } = ours
    const { outcome, status } = attempted
    log('warn', 'hook not delivered', { hookId, webhookId, type, outcome, status, tries, latencyMs: sent.latencyMs })
  }
  const kind = after.state === 'due' ? 'later' : after.state
  return { kind, askedMs: after.askedMs, ...(isOurs ? { delivery: told } : {}) }
}

function attemptedOf(answer: Answered): Attempted {
  if (answer.kind === 'unanswered') return { outcome: answer.why }
  const { status, retryAfter } = answer
  return { outcome: status >= 200 && status < 300 ? 'delivered' : 'status', status, retryAfter }
}

/** Of what a receiver says to a success nothing is kept; of the rest its first words, as one line. */
function entryOf(
  { outcome, status }: Attempted,
  answer: Answered,
): Pick<HookAttempt, 'outcome' | 'status' | 'excerpt'> {
  const said = answer.kind === 'answered' && outcome !== 'delivered' ? answer.body : ''
  const excerpt = [...said.replaceAll(/[\p{C}\s]+/gu, ' ').trim()].slice(0, EXCERPT_MAX).join('')
  return { outcome, ...(status === undefined ? {} : { status }), ...(excerpt === '' ? {} : { excerpt }) }
}

async function noteHealth(
  hook: HookItem,
  { outcome }: Attempted,
  { means, askedMs }: AfterAttempt,
  now: Instant,
): Promise<void> {
  const { hookId } = hook
  if (outcome === 'delivered') return noteSuccess(hook, now)
  await noteFailure(hook, now, askedMs)
  if (means === 'gone') {
    await turnOffGone(hook, now)
    log('warn', 'hook turned off', { hookId, why: 'gone' })
  }
  if (means === 'given-up' && (await turnOffIfFailing(hook, now))) {
    log('warn', 'hook turned off', { hookId, why: 'failing' })
  }
}
