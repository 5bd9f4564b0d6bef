import { createHash } from 'node:crypto'

/** Tells one stored fact from another; 128 bits. The value's own key order counts: digest what a schema has parsed. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)
}
