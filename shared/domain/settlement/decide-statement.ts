import { type StatementState, type StatementSums, STATEMENT_PARTS_MAX } from '../../contracts/settlement.ts'
import { assert } from '../../kernel/assert.ts'
import { isChangeable } from './statement-states.ts'

/** A statement as it stands: `sums` are those of the whole group buy when it was made. */
export type StatedPart = {
  readonly part: number
  readonly version: number
  readonly state: StatementState
  readonly sums: StatementSums
}

export type StatementDecision =
  | { readonly kind: 'same' }
  /** Nobody confirmed the last part: it tells the new figures. */
  | { readonly kind: 'revise'; readonly part: number; readonly version: number; readonly statedFen: number }
  /** The last part is signed, or there is none: another one tells the difference. */
  | { readonly kind: 'add'; readonly part: number; readonly statedFen: number }

/**
 * What has to be stated of a group buy whose sums are these now, when these parts (in order) stand. Together the parts
 * always state exactly what is payable: each states its own sums less what the one before it had stated.
 */
export function decideStatement(sums: StatementSums, parts: readonly StatedPart[]): StatementDecision {
  assert(
    parts.every(({ part }, at) => part === at + 1),
    'parts are numbered from one',
  )
  assert(
    parts.slice(0, -1).every(({ state }) => !isChangeable(state)),
    'only the last part may be unconfirmed',
  )
  const last = parts.at(-1)
  if (last === undefined) {
    // Nothing sold, or all of it went back and no fund keeps a fen: there is nothing to state.
    if (sums.payableFen === 0 && sums.postedFen === 0) return { kind: 'same' }
    return { kind: 'add', part: 1, statedFen: 0 }
  }
  if (sameSums(last.sums, sums)) return { kind: 'same' }
  if (isChangeable(last.state)) {
    const statedFen = parts.at(-2)?.sums.payableFen ?? 0
    return { kind: 'revise', part: last.part, version: last.version + 1, statedFen }
  }
  assert(last.part < STATEMENT_PARTS_MAX, `more than ${STATEMENT_PARTS_MAX} statements of a group buy`)
  return { kind: 'add', part: last.part + 1, statedFen: last.sums.payableFen }
}

function sameSums(left: StatementSums, right: StatementSums): boolean {
  return (
    left.salesFen === right.salesFen && left.reversedFen === right.reversedFen && left.postedFen === right.postedFen
  )
}
