import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
  type CancellationReason,
} from '@aws-sdk/client-dynamodb'

/**
 * What a failed request means.
 * - `condition`: the service looked and said no. Which items said no is in `reasons`, by position.
 * - `again`: nothing was done (conflict, throttle): safe to send again.
 * - `unknown`: perhaps done, perhaps not (time-out, broken connection, 5xx): only a read can tell.
 * - `fatal`: a bug or a missing permission.
 */
export type Failure =
  | { readonly kind: 'condition'; readonly reasons: readonly CancellationReason[] }
  | { readonly kind: 'again' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fatal' }

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TransactionConflictException',
])

const AGAIN_REASONS = new Set(['TransactionConflict', 'ProvisionedThroughputExceeded', 'ThrottlingError'])

export function failureOf(error: unknown): Failure {
  if (error instanceof TransactionCanceledException) return cancellation(error.CancellationReasons ?? [])
  if (error instanceof ConditionalCheckFailedException) return { kind: 'condition', reasons: [reasonOf(error)] }
  if (error instanceof DynamoDBServiceException) {
    if (THROTTLES.has(error.name)) return { kind: 'again' }
    if (error.name === 'TransactionInProgressException') return { kind: 'unknown' }
    const status = error.$metadata?.httpStatusCode ?? 0
    return status >= 500 ? { kind: 'unknown' } : { kind: 'fatal' }
  }
  return isTransport(error) ? { kind: 'unknown' } : { kind: 'fatal' }
}

// A condition that failed is the service's own word and stays true however often we ask, so it wins over a conflict
// reported beside it for another item.
function cancellation(reasons: readonly CancellationReason[]): Failure {
  const codes = reasons.map((reason) => reason.Code ?? 'None')
  if (codes.includes('ConditionalCheckFailed')) return { kind: 'condition', reasons }
  if (codes.some((code) => AGAIN_REASONS.has(code))) return { kind: 'again' }
  return { kind: 'fatal' }
}

function reasonOf(error: ConditionalCheckFailedException): CancellationReason {
  return { Code: 'ConditionalCheckFailed', ...(error.Item === undefined ? {} : { Item: error.Item }) }
}

const TRANSPORT_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'])

function isTransport(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return TRANSPORT_CODES.has(code) || error.message.includes('socket hang up')
}
