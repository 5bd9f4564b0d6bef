/** Stripe's error object, as far as the sandbox raises it. */
export interface ErrorBody {
  type: 'invalid_request_error' | 'idempotency_error' | 'api_error'
  message: string
  code?: string
  param?: string
}

/**
 * An answer other than 2xx. `remembered`: whether an idempotency key keeps it. Errors of form (a missing or malformed parameter) are
 * raised before anything runs and are not kept; errors of state (already refunded, no longer open) are.
 */
export class ApiError extends Error {
  readonly status: number
  readonly body: ErrorBody
  readonly remembered: boolean

  constructor(status: number, body: ErrorBody, remembered: boolean) {
    super(body.message)
    this.status = status
    this.body = body
    this.remembered = remembered
  }
}

/** A parameter that is missing, malformed or out of range. */
export function invalidParam(param: string, message: string, code?: string): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, param, ...(code && { code }) }, false)
}

/** A well-formed request that the object's state refuses. */
export function refused(message: string, code?: string, param?: string): ApiError {
  return new ApiError(
    400,
    { type: 'invalid_request_error', message, ...(code && { code }), ...(param && { param }) },
    true,
  )
}

export function notFound(kind: string, id: string, param = 'id'): ApiError {
  const message = `No such ${kind}: '${id}'`
  return new ApiError(404, { type: 'invalid_request_error', message, param, code: 'resource_missing' }, false)
}
