/**
 * States what only a bug can break. A failed assertion is "broken", never a refusal: it is thrown, nobody in a context
 * catches it, and the caller sees a request id and nothing else.
 */
export function assert(condition: boolean, why: string): asserts condition {
  if (!condition) throw new AssertionError(why)
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** Marks a branch that the type system proves impossible. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`)
}
