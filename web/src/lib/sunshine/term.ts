import type { DisclosureSummary, SunshineBook } from '#shared/contracts/sunshine.ts'
import { daysBetween } from '../format/time.ts'

/** `property.2026-q3`: the part of a page's address that names a disclosure within its compound. */
export function termOf({ book, quarter }: { readonly book: SunshineBook; readonly quarter: string }): string {
  return `${book}.${quarter}`
}

/** The page of a disclosure. */
export function disclosureHref(of: Pick<DisclosureSummary, 'book' | 'quarter' | 'compoundId'>): string {
  return `/sunshine/${of.compoundId}/${termOf(of)}`
}

/** How many days after its deadline it was first published, or has not been until now; 0: in time. */
export function daysLate({ dueAt, firstPublishedAt }: DisclosureSummary, now: number): number {
  const at = firstPublishedAt === undefined ? now : Date.parse(firstPublishedAt)
  return at <= Date.parse(dueAt) ? 0 : Math.max(1, daysBetween(dueAt, at))
}

/** The quarter that goes on at a moment, in Shanghai. */
export function quarterNow(now: number): string {
  const local = new Date(now + 8 * 3_600_000)
  return `${local.getUTCFullYear()}-q${Math.floor(local.getUTCMonth() / 3) + 1}`
}
