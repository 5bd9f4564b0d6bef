/** Basis points as points of a hundred: `8345` is 83.45. Whole numbers all the way. */
export function pointsText(basisPoints: number): string {
  return `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')}`
}

/** A round sum is said shortly: `75`, `83.45`. */
export function shortPoints(basisPoints: number): string {
  return basisPoints % 100 === 0 ? String(basisPoints / 100) : pointsText(basisPoints)
}

export const countFields = [
  'assigned',
  'left',
  'overdue',
  'solved',
  'unsolved',
  'ratings',
  'content',
  'hotline',
  'households',
] as const

/** What is said of a list in preview. Who sees their own rows only is not told of appeals: nothing is said of there being any. */
export function previewWordOf(
  { previewUntil, openAppeals }: { readonly previewUntil: string; readonly openAppeals?: number | undefined },
  now: number,
): 'previewLine' | 'previewSoon' | 'previewWaits' | 'previewOver' {
  if (Date.parse(previewUntil) > now) return 'previewLine'
  if (openAppeals === undefined) return 'previewOver'
  return openAppeals === 0 ? 'previewSoon' : 'previewWaits'
}

/** `2026-q3` in its parts. */
export function quarterParts(quarter: string): [year: string, number: string] {
  return [quarter.slice(0, 4), quarter.slice(6)]
}

/** The newest quarters that are over at a moment, in Shanghai: the newest first. */
export function quartersOver(now: number, count: number): string[] {
  const local = new Date(now + 8 * 3_600_000)
  let [year, number] = [local.getUTCFullYear(), Math.floor(local.getUTCMonth() / 3) + 1]
  return Array.from({ length: count }, () => {
    ;[year, number] = number === 1 ? [year - 1, 4] : [year, number - 1]
    return `${year}-q${number}`
  })
}
