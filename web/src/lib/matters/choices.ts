/** What an act of the branch may choose from; each list is there when the act may be done. */
export type MatterChoices = {
  /** Rendered into each form: what is sent twice is one. */
  readonly formId: string
  readonly photosMax: number
  readonly helpersMax: number
  /** Working days that the rule gives for such a matter. */
  readonly termDays: number
  readonly bodies: readonly { readonly bodyId: string; readonly name: string }[]
  /** Other open matters of the compound. */
  readonly matters: readonly { readonly matterId: string; readonly title: string; readonly where: string }[]
  /** Open proposals of the compound. */
  readonly proposals: readonly { readonly proposalId: string; readonly title: string }[]
}
