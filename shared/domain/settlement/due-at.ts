import { HOUR_MS, type Instant, plusMs } from '../../kernel/time.ts'

/**
 * When a sale is settled: the after-sales window begins when pick-up ends, and lasts so many hours. With 0 hours there is
 * no window, and a sale settles as soon as it is recorded (a demonstration's setting).
 */
export function settlesAt(
  sale: { readonly pickUpEndsAt: Instant; readonly recordedAt: Instant },
  afterSalesHours: number,
): Instant {
  if (afterSalesHours === 0) return sale.recordedAt
  const from = sale.pickUpEndsAt > sale.recordedAt ? sale.pickUpEndsAt : sale.recordedAt
  return plusMs(from, afterSalesHours * HOUR_MS)
}
