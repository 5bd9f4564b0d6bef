/** Text in columns on a terminal, where a Chinese character is two cells wide. */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/

export function cellsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) || character > '\uFFFF' ? 2 : 1), 0)
}

/** Rows with a heading; the first column is text, the others are figures and stand at the right. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_none, at) => Math.max(...rows.map((row) => cellsOf(row[at] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => {
        const space = ' '.repeat((widths[at] ?? 0) - cellsOf(text))
        return at === 0 ? text + space : space + text
      })
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  const [heading = [], ...body] = rows
  const last = body.length > 1 ? body.pop() : undefined
  return [line(heading), rule, ...body.map(line), ...(last === undefined ? [] : [rule, line(last)])].join('\n')
}

/** ¥ of whole fen: `1234.50`. */
export function yuanText(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  return `${sign}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`
}

/** ¥ of 1/10,000 fen, all six digits and not one rounded: `24.690200`. */
export function exactYuanText(e4Fen: bigint): string {
  const sign = e4Fen < 0n ? '-' : ''
  const absolute = e4Fen < 0n ? -e4Fen : e4Fen
  return `${sign}${absolute / 1_000_000n}.${String(absolute % 1_000_000n).padStart(6, '0')}`
}
