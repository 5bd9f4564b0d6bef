/**
 * The terms of the publication calendar, in days. A day is one of the calendar, since the rules that they come from count so.
 */

/** Displayed at least so long (聊城市物业管理条例 art. 53); a correction begins a display of its own. */
export const DISPLAY_DAYS = 30
/** Accounts of common revenue are published each quarter (art. 53); the district gives a month to close them. */
export const PROPERTY_DUE_DAYS = 30
/** The fund's figures are there when the quarter is over: the clock publishes them the same night. */
export const FUND_DUE_DAYS = 10
/** An objection is answered in so many days (art. 35). */
export const ANSWER_DAYS = 3
/** A household that is not content with the answer says so in as many. */
export const INSIST_DAYS = 3
/** The branch rules in so many days, and a correction follows an upheld objection in so many: the district's own terms. */
export const RULE_DAYS = 5
export const CORRECT_DAYS = 10

/** What is posted on the last evening of a quarter is there by then. */
export const FUND_AFTER_MS = 60 * 60 * 1000

/** How far back a book may begin. */
export const QUARTERS_BACK_MAX = 4
/** Of one household and publication. */
export const OBJECTIONS_OF_HOUSEHOLD = 2
/** Of one quarter: one household in four of a large compound. */
export const OBJECTIONS_MAX = 200
/** Publications of one quarter, corrections included. */
export const VERSIONS_MAX = 20
