import { createHash } from 'node:crypto'
import type { SaleRecorded } from '#shared/contracts/events.ts'
import { SKIPPED_KEPT_DAYS } from '#shared/contracts/hooks.ts'
import { deliveryIdOf } from '#shared/domain/hooks/delivery.ts'
import { bodyIn } from '#shared/domain/hooks/envelope.ts'
import { type News, newsOf, saleToRead, type TellableEvent } from '#shared/domain/hooks/news.ts'
import { scopeId } from '#shared/domain/hooks/scope.ts'
import { DAY_MS, type Instant, plusMs } from '#shared/kernel/time.ts'
import * as z from 'zod'
import { now as clock } from '#functions/platform/clock.ts'
import { env } from '#functions/platform/env.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { log } from '#functions/platform/log.ts'
import { streamHandler, type StreamRecord } from '#functions/platform/stream.ts'
import { rankingEventItem } from '#functions/platform/table/items/rankings.ts'
import { disclosureEventItem } from '#functions/platform/table/items/disclosure-event.ts'
import { matterEventItem } from '#functions/platform/table/items/matters.ts'
import { proposalEventItem } from '#functions/platform/table/items/governance.ts'
import type { HookDeliveryItem, HookItem } from '#functions/platform/table/items/hooks.ts'
import { saleEventItem } from '#functions/platform/table/items/ledger.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { batchGet } from '#functions/platform/table/table.ts'
import { attempt } from './attempt.ts'
import { createDelivery } from './delivery-store.ts'
import { hooksOf } from './hook-store.ts'

const WRITES_AT_ONCE = 16
const SENT_AT_ONCE = 32
/** A receiver has so long at the first attempt; whoever needs more gets it from the clock. */
const FIRST_ATTEMPT_MS = 3_000
/** After so long no first attempt of a batch is begun: what follows in the stream does not wait for receivers. */
const FIRST_ATTEMPTS_WITHIN_MS = 5_000

type Told = { readonly sequenceNumber: string; readonly news: News }
type Wanted = { readonly told: Told; readonly hook: HookItem }

/**
 * Writes down who is to be told of the events that the stream brings, once for each event and subscription however often it
 * brings them, and in any order. Only that decides whether a record is done. Then each receiver that is well gets its first
 * attempt; what does not arrive is the clock's.
 */
export async function tellRecords(records: readonly StreamRecord<unknown>[]): Promise<{ failedFrom?: string }> {
  const told = await newsOfRecords(records)
  const hooks = await hooksOf(told.flatMap(({ news }) => news.scopes))
  const wanted = told.flatMap((each) =>
    hooks.filter((hook) => wants(hook, each.news)).map((hook) => ({ told: each, hook })),
  )
  const { created, failed } = await writeDown(wanted, clock())
  await firstAttempts(created)
  // The lowest of those that failed: the platform replays from there, and what is written down already stays as it is.
  const failedFrom = records.find(({ sequenceNumber }) => failed.has(sequenceNumber))?.sequenceNumber
  return failedFrom === undefined ? {} : { failedFrom }
}

/** What the stream may bring that hooks tell of; more kinds join here as their contexts grow. */
const tellableItem = z.union([saleEventItem, proposalEventItem, matterEventItem, rankingEventItem, disclosureEventItem])

export const handler = streamHandler(z.unknown(), tellRecords)

async function newsOfRecords(records: readonly StreamRecord<unknown>[]): Promise<Told[]> {
  const events = records.flatMap(({ sequenceNumber, event }) =>
    unlessBroken(sequenceNumber, () => ({ sequenceNumber, event: tellableItem.parse(event) })),
  )
  const sales = await salesOf(events.map(({ event }) => event))
  return events.flatMap(({ sequenceNumber, event }) =>
    unlessBroken(sequenceNumber, () => ({
      sequenceNumber,
      news: newsOf(event, 'saleId' in event ? sales.get(event.saleId) : undefined),
    })),
  )
}

/** A record that is no event we can tell is nobody's news, now and for ever: it is reported, and holds up no other. */
function unlessBroken<T>(sequenceNumber: string, make: () => T): T[] {
  try {
    return [make()]
  } catch (error) {
    log('error', 'event not told', { sequenceNumber, why: error instanceof Error ? error.name : '' })
    return []
  }
}

/** The sales that later events are about: they say whose they are. */
async function salesOf(events: readonly TellableEvent[]): Promise<ReadonlyMap<string, SaleRecorded>> {
  const wanted = new Map(
    events.flatMap((event) => {
      const of = saleToRead(event)
      return of === undefined ? [] : [[of.saleId, keys.event(of.compoundId, of.saleDay, 'sale.recorded.v1', of.saleId)]]
    }),
  )
  const found = await batchGet(saleEventItem, [...wanted.values()])
  return new Map(found.flatMap((sale) => (sale.type === 'sale.recorded.v1' ? [[sale.saleId, sale]] : [])))
}

function wants({ scope, types }: HookItem, news: News): boolean {
  const lies = news.scopes.some((each) => each.kind === scope.kind && scopeId(each) === scopeId(scope))
  return lies && types.some((type) => type === news.type)
}

/** The same for each receiver and each attempt, and tells nothing: receivers know a repeat by it. */
export function webhookIdOf({ type, of }: Pick<News, 'type' | 'of'>): string {
  return `msg_${createHash('sha256').update(`${type} ${of}`).digest('hex').slice(0, 32)}`
}

async function writeDown(wanted: readonly Wanted[], now: Instant) {
  const created: HookDeliveryItem[] = []
  const failed = new Set<string>()
  await inParallel(wanted, WRITES_AT_ONCE, async ({ told: { sequenceNumber, news }, hook }) => {
    const { hookId, envelope } = hook
    const state = stateFor(hook, now)
    if (state === undefined) return
    const { type, timestamp } = news
    const webhookId = webhookIdOf(news)
    const payload = bodyIn(envelope, news, webhookId, env('PUBLIC_ORIGIN'))
    const deliveryId = deliveryIdOf(timestamp, webhookId)
    try {
      const mine = isWell(hook)
      const delivery = { hookId, deliveryId, webhookId, type, timestamp, envelope, payload }
      const item = await createDelivery(delivery, state, now, mine)
      if (item !== undefined && mine) created.push(item)
    } catch (error) {
      failed.add(sequenceNumber)
      log('error', 'delivery not written down', { hookId, webhookId, why: error instanceof Error ? error.name : '' })
    }
  })
  return { created, failed }
}

/** What happens while a subscription is off is kept for a while, so that it can be sent once it is on again. */
function stateFor({ state, offAt }: HookItem, now: Instant): 'due' | 'skipped' | undefined {
  if (state === 'on') return 'due'
  const isKept = state === 'off' && offAt !== undefined && offAt > plusMs(now, -SKIPPED_KEPT_DAYS * DAY_MS)
  return isKept ? 'skipped' : undefined
}

/** Nothing in the stream waits for a receiver that is known to be ill. */
const isWell = ({ state, failingSince }: HookItem) => state === 'on' && failingSince === undefined

/** They are ours for as long as their lease: what we do not come to, and what fails, the clock takes up. */
async function firstAttempts(created: readonly HookDeliveryItem[]): Promise<void> {
  const startedMs = performance.now()
  const failing = new Set<string>()
  await inParallel(created, SENT_AT_ONCE, async (delivery) => {
    if (performance.now() - startedMs > FIRST_ATTEMPTS_WITHIN_MS || failing.has(delivery.hookId)) return
    try {
      const { kind } = await attempt(delivery, delivery.tries + 1, FIRST_ATTEMPT_MS)
      if (kind === 'later' || kind === 'failed') failing.add(delivery.hookId)
    } catch (error) {
      const { hookId, webhookId } = delivery
      log('error', 'attempt not finished', { hookId, webhookId, why: error instanceof Error ? error.name : '' })
    }
  })
}
