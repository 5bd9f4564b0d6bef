import { createHash } from 'node:crypto'
import { Invalid } from '../invalid.ts'

/** What makes a list the list it is; a range that moves with the clock is no part of it. */
export type List = {
  readonly table?: string
  readonly index?: string | undefined
  readonly pk: string
  readonly prefix?: string | undefined
  readonly newestFirst?: boolean | undefined
}

const MARK_LENGTH = 16
/** The service takes no longer sort key. */
const POSITION_BYTES_MAX = 1_024

/**
 * A page's cursor: a mark of its list, then the sort key of the last item (in an index, the index's). It needs no secret,
 * for there is nothing in it to hide: a partition's key may name a person and is left out, a sort key never does. The mark
 * refuses a cursor of another list or filter; who makes one up gets no further than by asking for the list itself.
 */
export function encodeCursor(list: List, position: string): string {
  return Buffer.from(markOf(list) + position).toString('base64url')
}

export function decodeCursor(list: List, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString()
  const position = text.slice(MARK_LENGTH)
  const isOurs = text.slice(0, MARK_LENGTH) === markOf(list)
  if (!isOurs || position === '' || hasControls(position) || Buffer.byteLength(position) > POSITION_BYTES_MAX) {
    throw foreignCursor()
  }
  return position
}

export function foreignCursor(): Invalid {
  return new Invalid({ cursor: 'not a cursor of this list' })
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text)
}

function markOf({ table, index, pk, prefix, newestFirst }: List): string {
  const name = JSON.stringify([table ?? '', index ?? '', pk, prefix ?? '', newestFirst === true])
  return createHash('sha256').update(name).digest('hex').slice(0, MARK_LENGTH)
}
