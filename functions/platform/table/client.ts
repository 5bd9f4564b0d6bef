import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { optionalEnv } from '../env.ts'

// One client per warm instance; it holds connections, never anything of a request.
let client: DynamoDBClient | undefined

const REQUEST_TIMEOUT_MS = 5_000
const SOCKETS_MAX = 256

/**
 * Reads are retried by the SDK. Writes are sent once (`maxAttempts: 1` is set per call site through `transact`), because
 * after a time-out only our own code knows how to find out whether the write was done.
 */
export function dynamo(): DynamoDBClient {
  if (client === undefined) {
    const endpoint = optionalEnv('DYNAMODB_ENDPOINT')
    client = new DynamoDBClient({
      ...(endpoint === undefined ? {} : { endpoint }),
      maxAttempts: 1,
      requestHandler: new NodeHttpHandler({
        connectionTimeout: 1_000,
        requestTimeout: REQUEST_TIMEOUT_MS,
        httpAgent: new HttpAgent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
        httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
      }),
    })
  }
  return client
}
