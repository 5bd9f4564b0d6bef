import type { Purpose } from '#shared/contracts/fund.ts'
import type { Asking, VoteRule } from '#shared/contracts/governance.ts'

/**
 * What the district has set where the law sets nothing: days, thresholds, quorums. How households are asked depends on the kind
 * of their compound (`asking.ts`). Days last `dayMs`, which only a
 * demonstration shortens.
 */
export const days = {
  /** 受理 */
  triage: 3,
  /** 协商: the rules of villages speak of twenty days. */
  deliberate: 20,
  /** 询价 */
  cost: 10,
  /** A returned proposal waits so long for its author. */
  returned: 90,
  /** An objection is answered within three days (聊城市物业管理条例 art. 35), and the objector has as many to insist. */
  answer: 3,
  /** What is decided and finds no money lapses. */
  reserve: 90,
  start: 30,
  accept: 10,
  approve: 5,
  pay: 5,
  /** 结果公示: accounts are displayed at least thirty days (ibid. art. 53). */
  results: 30,
  rate: 15,
  /** 应急: what two have not signed, or finds no money, within two days was no emergency. */
  sign: 2,
  /** 业主表决清单: the rows of the first list wait so long for the second one, then nobody has them any more. */
  ownersRows: 14,
  /** After one that was not ratified a compound has no emergencies for so long. */
  emergencyShut: 90,
} as const

/** From this sum on three quotes are compared. */
export const QUOTES_FROM_FEN = 500_000
export const QUOTES_MIN = 3

/** 尾款: of a project that is paid in milestones the last one is at least a fifth, so that who does it comes back. */
export const LAST_MILESTONE_MIN_BPS = 2_000

/** Of one household about one proposal. */
export const OBJECTIONS_OF_HOUSEHOLD_MAX = 3

/** 管委会: at least five, an odd number (guides of Hunan and Hubei for community charity funds). */
export const COMMITTEE_MIN = 5

/** More than half of all members who are not recused; of whom three must be left. */
export const committeeRule: VoteRule = {
  electorate: 'committee',
  electorsMin: 3,
  quorumBps: 0,
  moreThanBps: 5_000,
  of: 'electors',
}

/** So many households take part as their compound's kind asks for, and more than half of those say yes. */
export function householdsRule({ quorumBps }: Asking): VoteRule {
  return { electorate: 'households', electorsMin: 1, quorumBps, moreThanBps: 5_000, of: 'voters' }
}

/** Below a mean of three, from at least so many ratings, the supervisor looks at the work. */
export const LOW_MEAN = 3
export const LOW_COUNT_MIN = 5

export function rulesFor(asking: Asking, costFen: number): VoteRule[] {
  return costFen >= asking.householdsFromFen ? [committeeRule, householdsRule(asking)] : [committeeRule]
}

/** 应急支出 is for what keeps the place safe. */
export const emergencyPurposes: readonly Purpose[] = ['facilities', 'environment']

/** Below the sum from which the households decide: an emergency is no way round them. */
export function emergencyBelowFen({ householdsFromFen }: Asking): number {
  return householdsFromFen
}

/** Of one compound, by the quarter of the year in which the second one signed. */
export const EMERGENCIES_A_QUARTER = 2

/** So that two who signed are never enough to ratify: more than half of four is three. */
export const RATIFIERS_MIN = 4

export function rulesOfRatifying(asking: Asking, costFen: number): VoteRule[] {
  return rulesFor(asking, costFen).map((rule) =>
    rule.electorate === 'committee' ? { ...rule, electorsMin: RATIFIERS_MIN } : rule,
  )
}

/**
 * Owners who cast no ballot (未参与表决的业主): they take no part, or count with the majority of those who do where the owners'
 * own rules of procedure say so (业主大会和业主委员会指导规则, 建房〔2009〕274号, art. 26). Nobody's silence agrees unless the
 * owners have decided that; no compound of the district has.
 */
export type NonVoters = 'absent' | 'with-the-majority'
export const NON_VOTERS: NonVoters = 'absent'

export function isCommitteeWhole(members: number): boolean {
  return members >= COMMITTEE_MIN && members % 2 === 1
}

/** The same electorates, each by the same rule: none is missing, and none is asked twice. */
export function areSameRules(held: readonly VoteRule[], own: readonly VoteRule[]): boolean {
  const isHeld = (rule: VoteRule) =>
    held.some((each) => (Object.keys(rule) as (keyof VoteRule)[]).every((name) => each[name] === rule[name]))
  return held.length === own.length && own.every(isHeld)
}
