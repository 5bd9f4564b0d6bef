type Field = 'stepFrom' | 'stepPrice'

/** The name of a price step's field: `stepFrom:<listing>` for the first, `stepFrom:<listing>:2` for the second. */
export function stepField(field: Field, listingId: string, at: number): string {
  return at === 0 ? `${field}:${listingId}` : `${field}:${listingId}:${at + 1}`
}

/** How many steps a form shows for a listing: those that it was given, and one at least. */
export function stepsShown(typed: Readonly<Record<string, string>>, listingId: string): number {
  let shown = 1
  while (stepField('stepFrom', listingId, shown) in typed) shown += 1
  return shown
}
