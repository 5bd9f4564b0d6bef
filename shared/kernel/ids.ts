import * as z from 'zod'

/**
 * Ids are lower-case letters, digits, dot and dash: safe in a path, a key, a file name and a CSV cell without quoting.
 * `#` never occurs, so an id cannot reach across a key's parts.
 */
const ID_PATTERN = /^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$/

export const idSchema = z.string().regex(ID_PATTERN, 'an id has 1 to 64 of a–z, 0–9, dot and dash')

/** An id that a client makes and sends again on retry: a UUID, so that nobody can guess another's. */
export const clientIdSchema = z.uuid().regex(/^[0-9a-f-]+$/, 'a UUID in lower case')

/** `issuer|sub`, the name of a person in every key. */
export const personIdSchema = z.string().min(3).max(255)

export function personId(issuer: string, sub: string): string {
  return `${issuer}|${sub}`
}

/** A line's id: the place of its share in the order and its own place in the share, counted from one. */
export function lineIdOf(shareAt: number, lineAt: number): string {
  return `${shareAt + 1}-${lineAt + 1}`
}
