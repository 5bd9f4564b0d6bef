/** The answer to one download ends at 6 MB behind the gateway; a ledger line takes up to about 900 bytes. */
export const ENTRIES_PER_PART = 4_000

export type LedgerPart = { readonly from: number; readonly to: number }

/** The downloads of a ledger with `seq` entries: `1–4000`, `4001–8000` … Put together in order they are the whole export. */
export function ledgerParts(seq: number): readonly LedgerPart[] {
  const count = Math.max(1, Math.ceil(seq / ENTRIES_PER_PART))
  return Array.from({ length: count }, (_each, index) => ({
    from: index * ENTRIES_PER_PART + 1,
    to: Math.min(seq, (index + 1) * ENTRIES_PER_PART),
  }))
}

/** The entry's number on a line of an export: a key in JSON, the first column in CSV; undefined for header and head. */
export function lineSeq(format: 'jsonl' | 'csv', line: string): number | undefined {
  if (format === 'jsonl' && line.includes('"kind":"head"')) return undefined
  const digits = (format === 'jsonl' ? /"seq":(\d+)/ : /^"?(\d+)"?,/).exec(line)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The lines of a page that belong to a part; what is not an entry (header, head) belongs to the part it came with. */
export function linesOfPart(format: 'jsonl' | 'csv', text: string, to: number | undefined): string {
  const lines = text.split(/(?<=\n)/)
  return lines.filter((line) => to === undefined || (lineSeq(format, line) ?? 0) <= to).join('')
}
