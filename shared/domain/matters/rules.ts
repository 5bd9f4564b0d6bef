import type { MatterKind } from '#shared/contracts/matters.ts'

/**
 * Terms in working days. Sources: answers within five working days (聊城市物业管理条例; 潍坊市12345 rules art. 20), inquiries within
 * three, a body says within one day that a matter is not theirs and after a ruling never again (潍坊 art. 22); who is not
 * content is asked after the term by somebody else (北京市接诉即办工作条例 art. 23, 32). What no rule names is the district's.
 */
export const terms = {
  /** The branch looks at it on the next working day at the latest. */
  triage: 1,
  assign: 1,
  dispute: 1,
  rule: 1,
  verify: 3,
  /** What the branch has seen is not done is done soon: an answer that does not hold wins no time. */
  again: 2,
  /** So long after a term it is the supervisor's. */
  escalate: 5,
} as const

export const termOf: Readonly<Record<MatterKind, number>> = { inquiry: 3, help: 5, complaint: 5, suggestion: 5 }

/** Days in which residents rate, and whoever raised it may reopen it. */
export const RATE_DAYS = 15

/** Ratings are counted a little later than they end: machines' clocks differ, and nobody's last word is to be lost. */
export const RATE_GRACE_MS = 120_000

/** From so many reopenings, or answers that did not hold, on the supervisor looks at it. */
export const REPEATED_ESCALATES = 2

/**
 * How often each can be said of one matter. What can be said again and again has a limit of its own, so that nobody's words use
 * up what others need: whatever moves a matter on, or takes private life off the page, always fits.
 */
export const timesMax = {
  add: 20,
  report: 30,
  redact: 40,
  escalate: 20,
  supervise: 20,
  'send-back': 20,
  reopen: 5,
} as const
