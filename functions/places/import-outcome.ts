import type { Refused } from '#shared/kernel/outcome.ts'

/** What became of a row. */
export type Settled =
  | { readonly outcome: 'created' | 'updated' | 'unchanged' }
  | { readonly outcome: 'invalid'; readonly fields: Record<string, string> }
  | { readonly outcome: 'refused'; readonly code: string; readonly fields?: Record<string, string> }

export function refusedRow({ code, fields }: Refused): Settled {
  return { outcome: 'refused', code, ...(fields === undefined ? {} : { fields: { ...fields } }) }
}

export const unknownParent = (field: string, id: string): Settled => ({
  outcome: 'refused',
  code: 'UNKNOWN_PARENT',
  fields: { [field]: id },
})
