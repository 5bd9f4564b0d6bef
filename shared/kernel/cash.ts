/** A payment at a desk, beside the provider's `pi_…`: so that no refund of it is ever asked of the provider. */
const CASH_PREFIX = 'cash_'

export function cashPaymentId(moveId: string): string {
  return `${CASH_PREFIX}${moveId}`
}

export function isCash(paymentId: string | undefined): boolean {
  return paymentId?.startsWith(CASH_PREFIX) === true
}
