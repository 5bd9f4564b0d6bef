/** The mean of ratings from 1 to 5, and how many there are; undefined when nobody rated. */
export function meanOf(counts: readonly number[]): { readonly mean: number; readonly count: number } | undefined {
  const count = counts.reduce((sum, each) => sum + each, 0)
  if (count === 0) return undefined
  return { count, mean: counts.reduce((sum, each, at) => sum + each * (at + 1), 0) / count }
}
