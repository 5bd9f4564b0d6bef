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
  /** So long after a term it is the supervisor's. */
  escalate: 5,
} as const

export const termOf: Readonly<Record<MatterKind, number>> = { inquiry: 3, help: 5, complaint: 5, suggestion: 5 }

/** Days in which residents rate, and whoever raised it may reopen it. */
export const RATE_DAYS = 15

/** From so many reopenings on the supervisor looks at it. */
export const REOPENED_ESCALATES = 2
