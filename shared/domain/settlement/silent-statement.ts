import { SILENT_AFTER_DAYS, type StatementState } from '../../contracts/settlement.ts'
import { HOUR_MS, type Instant, plusMs } from '../../kernel/time.ts'

/**
 * Whether the clock answers for the co-op. Only where it has nothing to get: what it is owed it confirms itself, what it
 * owes is taken off in the end though it never looks. As long as it may still say that something is wrong, `untilAt`.
 */
export function decideSilence(
  statement: { readonly state: StatementState; readonly dueFen: number; readonly openSinceAt: Instant },
  now: Instant,
): { readonly kind: 'speaks' } | { readonly kind: 'confirm' } | { readonly kind: 'wait'; readonly untilAt: Instant } {
  if (statement.state !== 'open' || statement.dueFen > 0) return { kind: 'speaks' }
  const untilAt = plusMs(statement.openSinceAt, SILENT_AFTER_DAYS * 24 * HOUR_MS)
  return untilAt <= now ? { kind: 'confirm' } : { kind: 'wait', untilAt }
}
