/** Why money that came, or did not go back, belongs to no order; and what was done about it. Apart, for every order's item knows them. */
export const parkedReasons = [
  'unknown-order',
  'closed-order',
  'wrong-amount',
  'wrong-currency',
  'second-payment',
  'refund-failed',
  'disputed',
] as const

export const parkedStates = ['open', 'refunding', 'refunded', 'failed', 'closed'] as const
