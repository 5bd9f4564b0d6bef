import { isSameTally, quorumOf, tally, yesNeeded } from './tally.ts'
import { areSameRules, rulesFor, rulesOfRatifying } from './rules.ts'
import type { Electorate, Tally, VoteRule } from '#shared/contracts/governance.ts'
import { voteHeadSchema, voteLineSchema, type VoteHead, type VoteLine } from '#shared/contracts/governance-votes.ts'

/** What is wrong with an export, and where; the head is line 1. */
export type RecountProblem = {
  readonly line: number
  readonly code: 'FORMAT' | 'ORDER' | 'DOUBLE' | 'RULE' | 'TALLY'
  readonly what: string
}

export type RecountedElectorate = {
  readonly rule: VoteRule
  readonly ballots: number
  readonly electors: number
  /** So many have to take part, and so many to say yes, for it to pass. */
  readonly quorum: number
  readonly yesNeeded: number
  /** Counted from the lines; undefined when there are more of them than electors. */
  readonly counted?: Tally
  /** It is, figure by figure, what was published. */
  readonly isSame: boolean
}

export type Recount = {
  readonly ok: boolean
  readonly head?: VoteHead
  readonly electorates: readonly RecountedElectorate[]
  /** All electorates passed it, counted from the lines. */
  readonly decided: boolean
  readonly problems: readonly RecountProblem[]
  /** Where each commitment was counted. */
  readonly commitments: ReadonlyMap<string, Electorate>
}

/**
 * Counts an exported vote again from its lines alone: the rules have to be those that its sum and its kind of compound ask for,
 * no vote may be there twice, and the tallies have to be the published ones. Whatever the file holds, nothing throws.
 */
export function recountVotes(lines: readonly string[]): Recount {
  const problems: RecountProblem[] = []
  const [first = '', ...rest] = lines
  const head = readLine(voteHeadSchema, first)
  if (head === undefined) problems.push({ line: 1, code: 'FORMAT', what: '不是选票文件的第一行' })
  const votes = readVotes(rest, problems)
  if (head === undefined) return { ok: false, electorates: [], decided: false, problems, commitments: new Map() }
  problems.push(...faultOfRules(head))
  const asked = new Set(head.rules.map(({ electorate }) => electorate))
  if (votes.some(({ electorate }) => !asked.has(electorate)))
    problems.push({ line: 1, code: 'RULE', what: '有的票不属于任何一方' })
  const electorates = head.rules.map((rule) => recountElectorate(head, rule, votes, problems))
  return {
    ok: problems.length === 0,
    head,
    electorates,
    decided: electorates.every(({ counted }) => counted?.passed === true),
    problems,
    commitments: new Map(votes.map(({ commitment, electorate }) => [commitment, electorate])),
  }
}

/** A line is what it says, byte for byte: nothing is there twice or beside it. */
function readLine<T>(
  schema: { safeParse: (value: unknown) => { success: true; data: T } | { success: false } },
  line: string,
): T | undefined {
  try {
    const value: unknown = JSON.parse(line)
    const parsed = schema.safeParse(value)
    return parsed.success && JSON.stringify(value) === line ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function readVotes(lines: readonly string[], problems: RecountProblem[]): VoteLine[] {
  const seen = new Set<string>()
  let last = ''
  return lines.flatMap((text, at) => {
    const line = at + 2
    const vote = readLine(voteLineSchema, text)
    if (vote === undefined) {
      problems.push({ line, code: 'FORMAT', what: '不是一张票' })
      return []
    }
    const { commitment } = vote
    if (seen.has(commitment)) problems.push({ line, code: 'DOUBLE', what: `指纹 ${commitment} 出现了两次` })
    else if (commitment < last) problems.push({ line, code: 'ORDER', what: '没有按指纹排列' })
    seen.add(commitment)
    last = commitment
    return [vote]
  })
}

function faultOfRules({ asking, costFen, emergency, rules }: VoteHead): RecountProblem[] {
  const own = emergency === undefined ? rulesFor(asking, costFen) : rulesOfRatifying(asking, costFen)
  return areSameRules(rules, own)
    ? []
    : [{ line: 1, code: 'RULE', what: '计票规则和这个金额、这类小区应有的规则不一样' }]
}

function recountElectorate(
  head: VoteHead,
  rule: VoteRule,
  votes: readonly VoteLine[],
  problems: RecountProblem[],
): RecountedElectorate {
  const { electorate } = rule
  const own = votes.filter((vote) => vote.electorate === electorate).map(({ choice }) => choice)
  const listed = head.electors[electorate] ?? 0
  // A household that was counted and left since may leave more votes than there are households now: never more than then.
  const electors = electorate === 'households' ? Math.max(listed, own.length) : listed
  const counted = own.length <= electors ? tally(rule, electors, own) : undefined
  const isSame = counted !== undefined && isSameTally(counted, head.tallies[electorate])
  if (electorate === 'households' && own.length < (head.paper?.ballots ?? 0))
    problems.push({ line: 1, code: 'TALLY', what: '说从纸上来的票比住户的票还多' })
  if (!isSame) problems.push({ line: 1, code: 'TALLY', what: `${electorate}：数出来的和公布的不一样` })
  return {
    ...{ rule, ballots: own.length, electors, quorum: quorumOf(rule, electors) },
    yesNeeded: yesNeeded(rule, rule.of === 'electors' ? electors : own.length),
    ...(counted === undefined ? {} : { counted }),
    isSame,
  }
}
