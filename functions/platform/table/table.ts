import type { AttributeValue, CancellationReason, TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as z from 'zod'
import { assert } from '#shared/kernel/assert.ts'
import { Busy } from '../busy.ts'
import { env } from '../env.ts'
import { type Consumed, meter, returnCapacity } from './capacity.ts'
import { dynamo } from './client.ts'
import { decodeCursor, encodeCursor, foreignCursor } from './cursor.ts'
import { failureOf } from './failure.ts'
import type { Key } from './keys.ts'

export type TableName = 'MARKET_TABLE' | 'LEDGER_TABLE' | 'PHOTOS_TABLE' | 'AID_TABLE'
type Item = Record<string, unknown>
/** An item's schema reads what is stored: unknown attributes (keys, index keys) are left aside. */
export type ItemSchema = z.ZodType

type At = { readonly table?: TableName }
const nameOf = (at: At) => env(at.table ?? 'MARKET_TABLE')

const ATTEMPTS_MAX = 10
const BACKOFF_FIRST_MS = 4
const BACKOFF_MAX_MS = 250

/** Full jitter: colliding writers spread instead of meeting again. */
async function backOff(attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** attempt))
}

/** A read changes nothing, so whatever went wrong on the way it may be sent again. */
async function read<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send()
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind === 'fatal' || failure.kind === 'condition') throw error
      if (attempt + 1 >= ATTEMPTS_MAX) throw new Busy()
      await backOff(attempt)
    }
  }
}

/** Reads one item consistently; `undefined` when there is none. */
export async function get<S extends ItemSchema>(schema: S, key: Key, at: At = {}): Promise<z.output<S> | undefined> {
  const answer = await read(() =>
    dynamo().send({
      operation: 'GetItem',
      input: { TableName: nameOf(at), Key: marshall(key), ConsistentRead: true, ...returnCapacity },
    }),
  )
  meter('read', answer.ConsumedCapacity)
  return answer.Item === undefined ? undefined : parseItem(schema, answer.Item)
}

const BATCH_GET_MAX = 100

/** Reads many items consistently, in no order; those that do not exist are left out. The caller sorts them by `entity`. */
export async function batchGet<S extends ItemSchema>(
  schema: S,
  wanted: readonly Key[],
  at: At = {},
): Promise<z.output<S>[]> {
  const found: z.output<S>[] = []
  for (let from = 0; from < wanted.length; from += BATCH_GET_MAX) {
    let rest: Record<string, AttributeValue>[] = wanted.slice(from, from + BATCH_GET_MAX).map((key) => marshall(key))
    for (let attempt = 0; rest.length > 0; attempt++) {
      if (attempt >= ATTEMPTS_MAX) throw new Busy()
      if (attempt > 0) await backOff(attempt)
      const request = { [nameOf(at)]: { Keys: rest, ConsistentRead: true } }
      const answer = await read(() =>
        dynamo().send({ operation: 'BatchGetItem', input: { RequestItems: request, ...returnCapacity } }),
      )
      meter('read', answer.ConsumedCapacity)
      for (const item of answer.Responses?.[nameOf(at)] ?? []) found.push(parseItem(schema, item))
      rest = (answer.UnprocessedKeys?.[nameOf(at)]?.Keys ?? []) as Record<string, AttributeValue>[]
    }
  }
  return found
}

export type QueryOptions = At & {
  readonly pk: string
  /** Sort keys beginning with this. */
  readonly prefix?: string
  /** Sort keys from here to there, both included. */
  readonly between?: readonly [string, string]
  /**
   * `GSI1` holds keys only and lags: what it finds is read again from the base table. Each of its sort keys ends with an
   * id, so that no two are equal in a partition and a page can go on after one.
   */
  readonly index?: 'GSI1'
  readonly limit: number
  readonly cursor?: string | undefined
  readonly newestFirst?: boolean
}

export type Page<T> = { readonly items: T[]; readonly nextCursor?: string }

/** One page of a partition, read consistently; or of an index, whose hits are then read consistently from the table. */
export async function query<S extends ItemSchema>(schema: S, options: QueryOptions): Promise<Page<z.output<S>>> {
  assert(options.limit >= 1, 'a page has a size')
  const raw = await queryRaw(options)
  const nextCursor = raw.last === undefined ? {} : { nextCursor: encodeCursor(options, raw.last) }
  if (options.index === undefined) return { items: raw.items.map((item) => parseItem(schema, item)), ...nextCursor }
  const found = raw.items.map((item) => unmarshall(item) as Key)
  const items = await batchGet(
    withKey(schema),
    found.map(({ PK, SK }) => ({ PK, SK })),
    options,
  )
  const byKey = new Map(items.map((item) => [`${item.key.PK}\n${item.key.SK}`, item.value]))
  const ordered = found.map(({ PK, SK }) => byKey.get(`${PK}\n${SK}`)).filter((item) => item !== undefined)
  return { items: ordered as z.output<S>[], ...nextCursor }
}

/** Every item of a partition's range: for partitions that have a limit by design (`max` is that limit, asserted). */
export async function queryAll<S extends ItemSchema>(
  schema: S,
  options: Omit<QueryOptions, 'limit' | 'cursor'> & { readonly max: number },
): Promise<z.output<S>[]> {
  const all: z.output<S>[] = []
  let cursor: string | undefined
  do {
    const page = await query(schema, { ...options, limit: 1000, cursor })
    all.push(...page.items)
    assert(all.length <= options.max, `more than ${options.max} items in a partition of ${options.pk.split('#')[0]}`)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return all
}

async function queryRaw(options: QueryOptions) {
  const sk = options.index === undefined ? 'SK' : 'GSI1SK'
  const after = options.cursor === undefined ? undefined : decodeCursor(options, options.cursor)
  const range = rangeCondition(sortKeyRange(options, after))
  const answer = await read(() =>
    dynamo().send({
      operation: 'Query',
      input: {
        TableName: nameOf(options),
        ...(options.index === undefined ? { ConsistentRead: true } : { IndexName: options.index }),
        KeyConditionExpression: `#pk = :pk${range.condition}`,
        ExpressionAttributeNames: {
          '#pk': options.index === undefined ? 'PK' : 'GSI1PK',
          ...(range.condition === '' ? {} : { '#sk': sk }),
        },
        ExpressionAttributeValues: marshall({ ':pk': options.pk, ...range.values }),
        // The item that the page goes on after is found once more, and left out.
        Limit: options.limit + (after === undefined ? 0 : 1),
        ScanIndexForward: options.newestFirst !== true,
        ...returnCapacity,
      },
    }),
  )
  meter('read', answer.ConsumedCapacity)
  const found = (answer.Items ?? []).filter((item) => item[sk]?.S !== after)
  const items = found.slice(0, options.limit)
  const last = found.length > items.length ? items.at(-1) : answer.LastEvaluatedKey
  return { items, last: last?.[sk]?.S }
}

type Range = { readonly from?: string; readonly to?: string }
/** Sorts after every character, so that a prefix is a range. */
const LAST_CHARACTER = '\u{10FFFF}'

/** The sort keys that are still to come, `after` itself included: a condition on a sort key cannot leave it out. */
function sortKeyRange({ prefix, between, newestFirst }: QueryOptions, after: string | undefined): Range {
  const [from, to] = between ?? (prefix === undefined ? [] : [prefix, prefix + LAST_CHARACTER])
  const whole = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  if (after === undefined) return whole
  // A range may have moved on since the page was read; a position beyond its end was never on the list.
  if (newestFirst === true) {
    if (from !== undefined && isBefore(after, from)) throw foreignCursor()
    return { ...whole, to: to === undefined || isBefore(after, to) ? after : to }
  }
  if (to !== undefined && isBefore(to, after)) throw foreignCursor()
  return { ...whole, from: from === undefined || isBefore(from, after) ? after : from }
}

/** In the order of the service: by bytes of UTF-8. */
function isBefore(left: string, right: string): boolean {
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) < 0
}

function rangeCondition({ from, to }: Range): { condition: string; values: Item } {
  if (from !== undefined && to !== undefined) {
    return { condition: ' AND #sk BETWEEN :from AND :to', values: { ':from': from, ':to': to } }
  }
  if (from !== undefined) return { condition: ' AND #sk >= :from', values: { ':from': from } }
  if (to !== undefined) return { condition: ' AND #sk <= :to', values: { ':to': to } }
  return { condition: '', values: {} }
}

function withKey<S extends ItemSchema>(schema: S) {
  return {
    parse(item: Item): { key: Key; value: z.output<S> } {
      const { PK, SK } = item as Key
      return { key: { PK, SK }, value: schema.parse(item) as z.output<S> }
    },
  } as unknown as z.ZodType<{ key: Key; value: z.output<S> }>
}

function parseItem<S extends ItemSchema>(schema: S, item: Record<string, AttributeValue>): z.output<S> {
  return schema.parse(unmarshall(item)) as z.output<S>
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Conditions and updates are written out; values are plain. Every write has a condition, or says why it needs none. */
type Expression = {
  readonly names?: Readonly<Record<string, string>>
  readonly values?: Readonly<Record<string, unknown>>
}

export type Write =
  | { readonly put: Item & Key; readonly condition: string; readonly expression?: Expression; readonly at?: At }
  | {
      readonly update: Key
      readonly set: string
      readonly condition: string
      readonly expression: Expression
      readonly at?: At
    }
  | { readonly check: Key; readonly condition: string; readonly expression?: Expression; readonly at?: At }
  | { readonly delete: Key; readonly condition: string; readonly expression?: Expression; readonly at?: At }

export const NOT_EXISTS = 'attribute_not_exists(PK)'
export const EXISTS = 'attribute_exists(PK)'
/** For items that anyone may write at any time with the same meaning (a cache, a bookmark that only one job moves). */
export const ALWAYS = 'attribute_exists(PK) OR attribute_not_exists(PK)'

export type Transacted =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed'
      /** Positions of the writes whose condition failed, with the item as it is (absent: there is none). */
      readonly failed: readonly { readonly position: number; readonly item: Item | undefined }[]
      /** True when an earlier try may have been committed: read before you believe the refusal. */
      readonly uncertain: boolean
    }

/** The service's limit on the items of one transaction. */
export const TRANSACT_MAX = 100

/**
 * Writes all or nothing. Conflicts and throttles are tried again with jitter, at most ten times, then the caller is told
 * to come back (`Busy`, 503). After an unknown outcome the same writes are sent again: their own conditions tell whether
 * the first was committed, and the caller learns of it through `uncertain`. A single write is sent as such: it is as
 * atomic, and costs half the units of a transaction of one.
 */
export async function transact(writes: readonly Write[]): Promise<Transacted> {
  assert(writes.length >= 1 && writes.length <= TRANSACT_MAX, `a transaction has 1 to 100 writes: ${writes.length}`)
  const send = sender(writes)
  let uncertain = false
  for (let attempt = 0; ; attempt++) {
    try {
      meter('write', (await send()).ConsumedCapacity)
      return { kind: 'done' }
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind === 'fatal') throw error
      if (failure.kind === 'condition') return { kind: 'failed', failed: failedPositions(failure.reasons), uncertain }
      if (failure.kind === 'unknown') uncertain = true
      if (attempt + 1 >= ATTEMPTS_MAX) throw new Busy()
      await backOff(attempt)
    }
  }
}

function sender(writes: readonly Write[]): () => Promise<{ ConsumedCapacity?: Consumed }> {
  const TransactItems = writes.map(toTransactItem)
  const [only] = TransactItems
  if (TransactItems.length === 1 && only !== undefined) {
    const { Put, Update, Delete } = only
    if (Put !== undefined) return () => dynamo().send({ operation: 'PutItem', input: { ...Put, ...returnCapacity } })
    if (Update !== undefined)
      return () => dynamo().send({ operation: 'UpdateItem', input: { ...Update, ...returnCapacity } })
    if (Delete !== undefined)
      return () => dynamo().send({ operation: 'DeleteItem', input: { ...Delete, ...returnCapacity } })
  }
  return () => dynamo().send({ operation: 'TransactWriteItems', input: { TransactItems, ...returnCapacity } })
}

function failedPositions(reasons: readonly CancellationReason[]) {
  return reasons.flatMap((reason, position) => {
    if (reason.Code !== 'ConditionalCheckFailed') return []
    return [{ position, item: reason.Item === undefined ? undefined : unmarshall(reason.Item) }]
  })
}

function toTransactItem(write: Write): TransactWriteItem {
  const base = {
    TableName: nameOf(write.at ?? {}),
    ConditionExpression: write.condition,
    // The item that said no comes with the refusal: no second read to find out why.
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    ...(write.expression?.names === undefined ? {} : { ExpressionAttributeNames: write.expression.names }),
    ...(write.expression?.values === undefined ? {} : { ExpressionAttributeValues: toItem(write.expression.values) }),
  }
  if ('put' in write) return { Put: { ...base, Item: toItem(write.put) } }
  if ('update' in write) return { Update: { ...base, Key: marshall(write.update), UpdateExpression: write.set } }
  if ('check' in write) return { ConditionCheck: { ...base, Key: marshall(write.check) } }
  return { Delete: { ...base, Key: marshall(write.delete) } }
}

function toItem(item: Readonly<Item>): Record<string, AttributeValue> {
  return marshall(item, { removeUndefinedValues: true })
}
