import type { CancellationReason } from '@aws-sdk/client-dynamodb'
import { NoAnswer, ServiceError } from '../aws/json-service.ts'

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
  if (error instanceof NoAnswer) return { kind: 'unknown' }
  if (!(error instanceof ServiceError)) return { kind: 'fatal' }
  const { code, status, body } = error
  if (code === 'TransactionCanceledException') {
    return cancellation((body['CancellationReasons'] ?? []) as readonly CancellationReason[])
  }
  if (code === 'ConditionalCheckFailedException') {
    return { kind: 'condition', reasons: [{ ...body, Code: 'ConditionalCheckFailed' }] }
  }
  if (THROTTLES.has(code)) return { kind: 'again' }
  if (code === 'TransactionInProgressException' || status >= 500) return { kind: 'unknown' }
  return { kind: 'fatal' }
}

// A condition that failed is the service's own word and stays true however often we ask, so it wins over a conflict
// reported beside it for another item.
function cancellation(reasons: readonly CancellationReason[]): Failure {
  const codes = reasons.map((reason) => reason.Code ?? 'None')
  if (codes.includes('ConditionalCheckFailed')) return { kind: 'condition', reasons }
  if (codes.some((code) => AGAIN_REASONS.has(code))) return { kind: 'again' }
  return { kind: 'fatal' }
}
