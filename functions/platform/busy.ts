/** The system could not do it just now and nothing was done: 503 with Retry-After. */
export class Busy extends Error {
  override readonly name = 'Busy'
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds = 1) {
    super('busy')
    this.retryAfterSeconds = retryAfterSeconds
  }
}
