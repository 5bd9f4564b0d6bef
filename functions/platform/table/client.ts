import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  QueryInput,
  QueryOutput,
  TransactWriteItemsInput,
  TransactWriteItemsOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb'
import { JsonService } from '../aws/json-service.ts'
import { optionalEnv } from '../env.ts'

/** What we ask of DynamoDB, in the service's own words (their types are the SDK's). */
type Operations = {
  GetItem: { input: GetItemInput; output: GetItemOutput }
  BatchGetItem: { input: BatchGetItemInput; output: BatchGetItemOutput }
  Query: { input: QueryInput; output: QueryOutput }
  PutItem: { input: PutItemInput; output: PutItemOutput }
  UpdateItem: { input: UpdateItemInput; output: UpdateItemOutput }
  DeleteItem: { input: DeleteItemInput; output: DeleteItemOutput }
  TransactWriteItems: { input: TransactWriteItemsInput; output: TransactWriteItemsOutput }
}

export type TableRequest = {
  [Name in keyof Operations]: { readonly operation: Name; readonly input: Operations[Name]['input'] }
}[keyof Operations]

/**
 * DynamoDB by its own protocol. The SDK's client spends four times the request itself on a stack of middleware of which
 * nothing is left to use here (retries and their meaning are `table.ts`'s, the address and the credentials come with the
 * environment), and its 250 KB would be loaded by each function. Items hold no binary values: JSON has none.
 */
export class TableClient {
  readonly #service = new JsonService({
    name: 'dynamodb',
    targetPrefix: 'DynamoDB_20120810',
    version: '1.0',
    endpoint: optionalEnv('DYNAMODB_ENDPOINT'),
  })

  /** Sends a request once. Throws `ServiceError` or `NoAnswer`. */
  async send<R extends TableRequest>(request: R): Promise<Operations[R['operation']]['output']> {
    return this.#service.call(request.operation, request.input) as Promise<Operations[R['operation']]['output']>
  }
}

// One client per warm instance; it holds connections, never anything of a request.
let client: TableClient | undefined

export function dynamo(): TableClient {
  client ??= new TableClient()
  return client
}
