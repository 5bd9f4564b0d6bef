/**
 * What somebody kept of a day's root, as it was copied: spaces, full-width characters and capitals do not matter. Fewer than
 * 16 characters could be alike by somebody's intent.
 */
export function readKept(typed: string): string | undefined {
  const kept = typed.normalize('NFKC').replace(/[\s.]/g, '').toLowerCase()
  return /^[0-9a-f]{16,64}$/.test(kept) ? kept : undefined
}
