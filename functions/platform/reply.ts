/** An answer that is more than its body: an ETag, a link to the next page, "nothing has changed". */
export class Reply<T> {
  readonly output: T | undefined
  readonly status: 200 | 201 | 304
  readonly headers: Readonly<Record<string, string>>

  constructor(output: T | undefined, headers: Readonly<Record<string, string>>, status: 200 | 201 | 304 = 200) {
    this.output = output
    this.headers = headers
    this.status = status
  }
}
