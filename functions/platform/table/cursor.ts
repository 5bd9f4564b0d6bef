import { Invalid } from '../invalid.ts'

/**
 * A page cursor is the last key, tied to the partition it came from: one from another list is refused, so a cursor can
 * never be used to walk somebody else's partition.
 */
export function encodeCursor(lastKey: Record<string, unknown>, pk: string): string {
  return Buffer.from(JSON.stringify([pk, lastKey])).toString('base64url')
}

export function decodeCursor(cursor: string, pk: string): Record<string, string> {
  try {
    const [from, lastKey] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown]
    if (from === pk && isKey(lastKey)) return lastKey
  } catch {
    // Not ours: answered below like any other foreign cursor.
  }
  throw new Invalid({ cursor: 'not a cursor of this list' })
}

function isKey(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((part) => typeof part === 'string')
}
