import type { FundView } from '#shared/contracts/fund.ts'

/** A compound's share of its community's fund, or what shares add up to. */
export type Share = Pick<FundView, 'balances' | 'today' | 'month' | 'total'>

type Account = 'pending' | 'available' | 'reserved' | 'spent' | 'due' | 'cash' | 'paid'
type Words = Readonly<Record<'today' | 'month' | 'total' | `account_${Account}`, string>>

/** `href` begins at the fund's own page; what is of today is public by tomorrow, and then has a page. */
export const inflowOf = ({ today, month, total }: Share, t: Words, isLive: boolean) => [
  { label: t.today, sums: today, href: isLive ? 'inflow?span=day' : undefined },
  { label: t.month, sums: month, href: 'inflow?span=month' },
  { label: t.total, sums: total, href: 'entries' },
]

export const placesOf = ({ balances }: Share, t: Words) => [
  { label: t.account_pending, fen: balances.pendingFen, href: 'entries?account=pending' },
  { label: t.account_available, fen: balances.availableFen, href: 'entries?account=available' },
  { label: t.account_reserved, fen: balances.reservedFen, href: 'entries?account=reserved' },
  { label: t.account_spent, fen: balances.spentFen, href: 'entries?account=spent' },
  { label: t.account_due, fen: balances.dueFen, href: 'entries?account=due' },
  { label: t.account_cash, fen: balances.cashFen, href: 'entries?account=cash' },
  { label: t.account_paid, fen: balances.paidFen, href: 'entries?account=paid' },
]
