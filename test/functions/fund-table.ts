import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import type { SaleEvent } from '#shared/contracts/events.ts'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import type { FundHead } from '#shared/domain/fund/head.ts'
import { ledgerHeadLine } from '#shared/domain/fund/head-line.ts'
import { eventId } from '#shared/domain/fund/post-events.ts'
import { verifyLedger } from '#shared/domain/fund/verify-ledger.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { sha256 } from '#functions/fund/sha256.ts'
import { dynamo, type TableRequest } from '#functions/platform/table/client.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import type { Backend } from '../fixtures/backend.ts'
import { lambdaContext } from '../fixtures/call.ts'

/** The event item as the market holds it. */
export function eventItem(event: SaleEvent): Record<string, unknown> {
  const id = event.type === 'sale.reversed.v1' ? event.reversalId : event.saleId
  return {
    ...keys.event(event.compoundId, shanghaiDay(event.occurredAt), event.type, id),
    entity: 'event',
    v: 1,
    ...event,
  }
}

export async function record(backend: Backend, events: readonly SaleEvent[]): Promise<void> {
  await Promise.all(events.map((event) => backend.put('market', eventItem(event))))
}

/** Hands records to a stream handler as the platform does; sequence numbers are their positions. */
export async function deliver(handler: unknown, events: readonly SaleEvent[]): Promise<DynamoDBBatchResponse> {
  const batch = {
    Records: events.map((event, at) => ({
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String(at), NewImage: marshall(eventItem(event), { removeUndefinedValues: true }) },
    })),
  } as unknown as DynamoDBStreamEvent
  return (handler as (batch: DynamoDBStreamEvent, context: unknown) => Promise<DynamoDBBatchResponse>)(
    batch,
    lambdaContext(),
  )
}

async function partition(backend: Backend, pk: string): Promise<Record<string, unknown>[]> {
  const answer = await backend.client.send(
    new QueryCommand({
      TableName: 'ledger',
      ConsistentRead: true,
      KeyConditionExpression: 'PK = :pk',
      ExpressionAttributeValues: marshall({ ':pk': pk }),
    }),
  )
  if (answer.LastEvaluatedKey !== undefined) throw new Error('a test fund is smaller than one page')
  return (answer.Items ?? []).map((item) => unmarshall(item))
}

/** What the table holds for one fund, read without the code under test. */
export async function ledgerOf(backend: Backend, fundId: string) {
  const own = await partition(backend, ledgerKeys.fundPk(fundId))
  const entries = own
    .filter((item) => item['entity'] === 'entry')
    .map(({ PK: _pk, SK: _sk, entity: _entity, ...entry }) => entry as unknown as LedgerEntry)
    .sort((left, right) => left.seq - right.seq)
  const head = own.find((item) => item['SK'] === 'HEAD') as unknown as FundHead | undefined
  const lines = [...entries.map((entry) => canonicalJson(entry)), ...(head === undefined ? [] : [ledgerHeadLine(head)])]
  return {
    entries,
    head,
    own,
    verified: verifyLedger(lines, sha256),
  }
}

export const eventIds = (events: readonly SaleEvent[]) => [...new Set(events.map(eventId))].sort()

type Request<Operation extends TableRequest['operation']> = Extract<TableRequest, { operation: Operation }>
type Send = ReturnType<typeof dynamo>['send']

/**
 * Puts trouble in the way of the handlers' own client: `before` runs ahead of each transaction and may throw instead of
 * it, `after` runs when it was done and may throw although it was.
 */
export function disturb(trouble: {
  before?: (request: Request<'TransactWriteItems'>) => void | Promise<void>
  after?: (request: Request<'TransactWriteItems'>) => void | Promise<void>
}): () => void {
  const client = dynamo()
  const real = client.send.bind(client) as (request: TableRequest) => Promise<unknown>
  const disturbed = async (request: TableRequest) => {
    if (request.operation !== 'TransactWriteItems') return real(request)
    await trouble.before?.(request)
    const answer = await real(request)
    await trouble.after?.(request)
    return answer
  }
  client.send = disturbed as unknown as Send
  return () => {
    delete (client as { send?: Send }).send
  }
}

/** Watches the handlers' own client: `see` is told of each request that was answered, and may throw although it was done. */
export function afterRequests(see: (text: string) => void): () => void {
  const client = dynamo()
  const real = client.send.bind(client) as (request: TableRequest) => Promise<unknown>
  const watched = async (request: TableRequest) => {
    const answer = await real(request)
    see(JSON.stringify(request))
    return answer
  }
  client.send = watched as unknown as Send
  return () => {
    delete (client as { send?: Send }).send
  }
}

type Answer = { Items?: Record<string, unknown>[]; Responses?: Record<string, Record<string, unknown>[]> }

/**
 * Reads of the ledger while somebody posts: a read of many items is no snapshot, it may find some as they were before a
 * transaction and some as they are after it. `meanwhile` runs to its end inside the first read that `which` points at, and
 * of what it wrote only the items stay hidden whose sort or partition key matches `hidden`.
 */
export function readAcross(
  which: (request: Request<'BatchGetItem' | 'Query'>) => boolean,
  meanwhile: () => Promise<unknown>,
  hidden: RegExp,
): () => void {
  const client = dynamo()
  const real = client.send.bind(client) as (request: TableRequest) => Promise<unknown>
  let done = false
  const across = async (request: TableRequest) => {
    const reads = request.operation === 'BatchGetItem' || request.operation === 'Query'
    if (done || !reads || !which(request as Request<'BatchGetItem' | 'Query'>)) return real(request)
    done = true
    await meanwhile()
    const answer = (await real(request)) as Answer
    const shown = (items: Record<string, unknown>[] = []) => items.filter((item) => !hidden.test(JSON.stringify(item)))
    if (answer.Items !== undefined) return { ...answer, Items: shown(answer.Items) }
    const Responses = Object.fromEntries(
      Object.entries(answer.Responses ?? {}).map(([table, items]) => [table, shown(items)]),
    )
    return { ...answer, Responses }
  }
  client.send = across as unknown as Send
  return () => {
    delete (client as { send?: Send }).send
  }
}
