import { BatchWriteItemCommand, DynamoDBClient, type AttributeValue } from '@aws-sdk/client-dynamodb'
import { eachOf } from '../demo/http-client.ts'

/** The engine itself, for what no client could do through the API in a bearable time: filling it. */
export function engineClient(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
  return new DynamoDBClient({ endpoint, region: 'cn-northwest-1', credentials })
}

const BATCH = 25

/** Puts many items, in the order given within each batch. */
export async function fill(
  client: DynamoDBClient,
  table: string,
  count: number,
  make: (n: number) => Record<string, AttributeValue>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_none, at) => at * BATCH)
  await eachOf(batches, 8, async (from) => {
    const items = Array.from({ length: Math.min(BATCH, count - from) }, (_none, at) => make(from + at))
    const RequestItems = { [table]: items.map((Item) => ({ PutRequest: { Item } })) }
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }))
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('the engine left items out')
  })
}
