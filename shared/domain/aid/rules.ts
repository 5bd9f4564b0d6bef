/**
 * How long what was written is kept. The law asks for the shortest time the purpose needs (PIPL art. 19) and for deletion once it
 * is reached, or the consent is taken back (art. 47); the days are the district's.
 */
export const aidDays = {
  /** From the request on: a visit and two of the committee. Nobody acted by then: it lapses, and may be asked again. */
  undecided: 90,
  /** From the approval on: notice, vote and the 90 days for which decided money is reserved, then the payment. */
  approved: 180,
  /** From the refusal on: to read why, and to ask again. */
  refused: 30,
  /**
   * From the request on, the record without what was written: who did what when. Three years in which somebody may claim their
   * right (Civil Code art. 188), after the longest life of a case.
   */
  record: 3 * 366 + 90 + 180,
} as const

/** Approvals by different persons of different households. */
export const APPROVALS = 2

/** One person who opens the same page again within this is one reading. */
export const READING_MINUTES = 10

/** Of one case. Beyond it nobody reads what could not be put on record. */
export const AID_READINGS_MAX = 100
/** Of one case, everything counted; withdrawing always fits. */
export const AID_STEPS_MAX = 150
