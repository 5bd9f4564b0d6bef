import type { SunshineBook } from '#shared/contracts/sunshine.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Quarter } from '#shared/kernel/quarters.ts'

export type DisclosureName = {
  readonly book: SunshineBook
  readonly quarter: Quarter
  readonly compoundId: string
}

export function disclosureIdOf({ book, quarter, compoundId }: DisclosureName): string {
  return `${book}.${quarter}.${compoundId}`
}

export function ofDisclosureId(disclosureId: string): DisclosureName {
  const [book = '', quarter = '', ...rest] = disclosureId.split('.')
  assert(book === 'property' || book === 'fund', 'a disclosure is of one of the two books')
  return { book, quarter, compoundId: rest.join('.') }
}
