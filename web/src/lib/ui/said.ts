/** What was sent and refused, if it was about this form. */
export type Said = {
  readonly about: string
  readonly problem: { readonly message: string; readonly fields: Readonly<Record<string, string>> }
  readonly typed: Readonly<Record<string, string>>
}
