const REFUND = 'refund-'

/** A refund that failed, on the list of money to see to. */
export function failedRefundId(refundId: string): string {
  return `${REFUND}${refundId}`
}

/** The refund that such an item is about. */
export function refundIdOf(parkedId: string): string {
  return parkedId.slice(REFUND.length)
}
