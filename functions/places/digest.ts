import { createHash } from 'node:crypto'

/** Tells one stored fact from another; 128 bits. The value's own key order counts: digest what a schema has parsed. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32)
}

/** Whole, for it is published: whoever has the text can make it, `sha256sum` of a UTF-8 file without a line end after it. */
export function textHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
