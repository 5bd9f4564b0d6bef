import type * as z from 'zod'
import type { Key } from '#functions/platform/table/keys.ts'
import type { ItemSchema, Write } from '#functions/platform/table/table.ts'
import type { Settled } from './import-outcome.ts'

/** Reads one of the items that the plan asked for, as it is in the table now. */
export type Read = <S extends ItemSchema>(schema: S, key: Key) => z.output<S> | undefined

export type RowWrites = {
  readonly kind: 'write'
  readonly outcome: 'created' | 'updated'
  /** Conditional on what was read. */
  readonly writes: readonly Write[]
  /** Puts that mean the same whoever does them, so that rows may share one. */
  readonly shared?: readonly (Extract<Write, { put: unknown }> & { readonly put: Key })[]
}

/** What a row needs to know, and what it means given that: many rows are then read and written together. */
export type RowPlan = {
  /** The item that the row is about: two rows about the same one are decided one after the other. */
  readonly about: Key
  readonly reads: readonly Key[]
  readonly decide: (read: Read) => Settled | RowWrites
}
