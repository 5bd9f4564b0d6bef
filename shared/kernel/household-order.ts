const asNumbers = new Intl.Collator('en', { numeric: true })

/** As one walks: building, unit, room, each as a number where it is one (9 before 12). For households of one compound. */
export function compareHouseholds(left: string, right: string): number {
  const [leftParts, rightParts] = [left, right].map((id) => id.split('.').slice(-3))
  for (const [at, part] of (leftParts ?? []).entries()) {
    const order = asNumbers.compare(part, rightParts?.[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}
