/** A name is data: a spreadsheet must never run it as a formula. Plain numbers stay numbers. */
export function inertCell(value: string): string {
  return /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value
}
