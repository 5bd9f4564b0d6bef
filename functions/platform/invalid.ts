/** What was sent does not parse: 400 with the fields at fault. */
export class Invalid extends Error {
  override readonly name = 'Invalid'
  readonly fields: Readonly<Record<string, string>>

  constructor(fields: Readonly<Record<string, string>>) {
    super('invalid')
    this.fields = fields
  }
}
