import type { Instant } from '../../kernel/time.ts'
import { settlesAt } from './due-at.ts'

/** When the after-sales window of a share ends; nothing before it is paid, or where there is no window. */
export function afterSalesEndsAt(
  paidAt: Instant | undefined,
  pickUpEndsAt: Instant,
  afterSalesHours: () => number,
): Instant | undefined {
  if (paidAt === undefined) return undefined
  const hours = afterSalesHours()
  return hours === 0 ? undefined : settlesAt({ pickUpEndsAt, recordedAt: paidAt }, hours)
}
