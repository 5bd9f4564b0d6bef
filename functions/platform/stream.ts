import middy from '@middy/core'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type * as z from 'zod'
import { log } from './log.ts'

/** One event item that the stream brought, with the sequence number the platform knows it by. */
export type StreamRecord<E> = { readonly sequenceNumber: string; readonly event: E }

/**
 * A stream handler. `run` gets the batch in delivery order and returns the sequence number of the lowest record it could
 * not finish, if any: the platform replays from there, so everything behind it comes again and must be idempotent.
 * A record that does not parse is a bug of ours, not of its neighbours: it stops the batch at itself.
 */
export function streamHandler<S extends z.ZodType>(
  schema: S,
  run: (records: readonly StreamRecord<z.output<S>>[]) => Promise<{ readonly failedFrom?: string }>,
) {
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse, Error, Context>({ timeoutEarlyInMillis: 0 }).handler(
    async (batch, context) => {
      const startedMs = performance.now()
      const { records, unreadable } = parseRecords(schema, batch.Records)
      const { failedFrom } = records.length === 0 ? {} : await run(records)
      const failed = failedFrom ?? unreadable
      log(failed === undefined ? 'info' : 'error', 'batch', {
        requestId: context.awsRequestId,
        records: batch.Records.length,
        ...(failed === undefined ? {} : { failedFrom: failed }),
        durationMs: Math.round(performance.now() - startedMs),
      })
      return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] }
    },
  )
}

function parseRecords<S extends z.ZodType>(schema: S, raw: readonly DynamoDBRecord[]) {
  const records: StreamRecord<z.output<S>>[] = []
  for (const record of raw) {
    const sequenceNumber = record.dynamodb?.SequenceNumber ?? ''
    const image = record.dynamodb?.NewImage
    if (image === undefined) continue
    const parsed = schema.safeParse(unmarshall(image as Record<string, AttributeValue>))
    if (!parsed.success) {
      log('error', 'unreadable record', { sequenceNumber, where: parsed.error.issues[0]?.path.join('.') ?? '' })
      return { records, unreadable: sequenceNumber }
    }
    records.push({ sequenceNumber, event: parsed.data })
  }
  return { records, unreadable: undefined }
}
