/**
 * A decision's answer when the rules say no: a value with a stable code from the contract, never an exception.
 * `fields` name what the caller can change, for the form that sent it.
 */
export type Refused<Code extends string = string> = {
  readonly kind: 'refused'
  readonly code: Code
  /** One plain Chinese sentence for the person who asked. */
  readonly detail?: string
  readonly fields?: Readonly<Record<string, string>>
}

export function refused<Code extends string>(
  code: Code,
  detail?: string,
  fields?: Readonly<Record<string, string>>,
): Refused<Code> {
  return {
    kind: 'refused',
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(fields === undefined ? {} : { fields }),
  }
}
