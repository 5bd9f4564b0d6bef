/** A line's id: the place of its share in the order and its own place in the share, counted from one. */
export function lineIdOf(shareAt: number, lineAt: number): string {
  return `${shareAt + 1}-${lineAt + 1}`
}
