/** It does not exist, or not for this caller: 404, and nobody learns which. */
export class Missing extends Error {
  override readonly name = 'Missing'
}

/** The caller is known and may not do this: 403. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden'
}
