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
 * Everything is sent once: `table.ts` sends reads again by itself, and after a write's time-out only our own code knows how
 * to find out whether it was done.
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
        // Without it a late answer is only warned of, and the unknown outcome would never be looked into.
        throwOnRequestTimeout: true,
        httpAgent: new HttpAgent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
        httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: SOCKETS_MAX }),
      }),
    })
    // The client logs nothing here, yet copies every input and output to hide what is sensitive: a twelfth of all our time.
    client.middlewareStack.remove('loggerMiddleware')
  }
  return client
}
