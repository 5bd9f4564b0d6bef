import { createHash } from 'node:crypto'
import type { Actor, Asking, ProposalContent } from '#shared/contracts/governance.ts'
import type { OwnersAct, OwnersFacts, OwnersVote } from '#shared/contracts/governance-owners.ts'
import { decideAct, type Decided, type Person } from '#shared/domain/governance/decide-act.ts'
import { decidePayment } from '#shared/domain/governance/decide-payment.ts'
import {
  decideVote,
  nextOfSystem,
  openVote,
  overdueStep,
  plainStep,
  reserveStep,
  type Ballot,
} from '#shared/domain/governance/decide-system.ts'
import type { SaidAct } from '#shared/domain/governance/owners-entry.ts'
import { milestoneOf } from '#shared/domain/governance/milestones.ts'
import { after, foldSteps, type Proposal } from '#shared/domain/governance/proposal.ts'
import type { Member, PayFacts, Step } from '#shared/domain/governance/steps.ts'
import { DAY_MS, plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'

/** People and steps of a proposal, told one after another with a clock of their own. */
export const MORNING: Instant = '2026-11-02T01:00:00.000Z'

export function person(name: string, ...actors: Actor[]): Person {
  return { personId: `issuer|${name}`, memberId: `m-${name}`, actors, claimsOnly: false }
}

export function neighbour(name: string, householdId: string, ...actors: Actor[]): Person {
  return { ...person(name, 'resident', ...actors), householdId }
}

export const author = neighbour('author', 'h-1')
export const objector = neighbour('objector', 'h-2')
export const acceptor = neighbour('acceptor', 'h-3')
export const worker = person('worker', 'worker')
export const valuator = person('valuator', 'worker')
export const executor = person('executor', 'worker')
export const supervisor = person('supervisor', 'supervisor')
export const chair = person('chair', 'committee')
export const second = person('second', 'committee')
export const third = person('third', 'committee')
export const payer = person('payer', 'charity')

export const committee: readonly Member[] = ['chair', 'second', 'third', 'fourth', 'fifth'].map((name) => ({
  personId: `issuer|${name}`,
  memberId: `m-${name}`,
}))

export const content = {
  title: '给东门加装扶手',
  purpose: 'facilities' as const,
  why: '东门台阶高，老人上下不方便，去年摔过两次，想装一条不锈钢扶手。',
  lines: [{ what: '扶手和安装', amountFen: 150_000 as never }],
}

/** A pipe that burst at night, as a worker tells of it. */
export const burstPipe: ProposalContent = {
  title: '三号楼水管爆裂抢修',
  purpose: 'facilities',
  why: '三号楼一单元进户水管爆裂，地下室在进水，要马上换一段管子。',
  lines: [{ what: '换管和抽水', amountFen: 120_000 as never }],
  emergency: { danger: '地下室有配电箱，水再涨会漏电。', from: '鑫源五金', termDays: 3 },
}

export const quote = (from: string, amountFen: number) => ({ from, amountFen: amountFen as never })
export const receipt = (number: string, amountFen: number, issuedOn = '2026-11-20') => ({
  ...{ from: '鑫源五金', number, amountFen: amountFen as never, issuedOn },
})

/** A list that comes to these figures, as it is entered: equal lists have equal hashes. */
export function entered(act: OwnersAct['act'], owners: OwnersVote, units = owners.totalHeads): OwnersFacts {
  const hash = createHash('sha256')
    .update(JSON.stringify([owners, units]))
    .digest('hex')
  const kept = { owners, list: { units, hash, code: '7K2M-9QXR-4TB0-ZH5W' } }
  return act === 'record-owners' ? { act, ...kept } : { act, ...kept }
}

export class Story {
  proposal: Proposal
  now: Instant
  /** Told of random lives: whoever values the work plans milestones. */
  isPlanned = false
  /** Told to a proposal that is refused: the last refusal. */
  last: Decided | undefined

  /** Without `asking` it is of the time before kinds of compounds were told apart. */
  constructor(by: Person = author, now: Instant = MORNING, told: ProposalContent = content, asking?: Asking) {
    this.now = now
    const { personId, memberId, householdId } = by
    const actor = by.actors[0] ?? 'resident'
    const step: Step = {
      ...{ at: now, actor, personId, memberId },
      ...(householdId === undefined ? {} : { householdId }),
      facts: { act: 'submit', content: told, ...(asking === undefined ? {} : { asking }) },
      until: plusMs(now, (told.emergency === undefined ? 3 : 2) * DAY_MS),
    }
    this.proposal = foldSteps([step])
  }

  pass(days: number): this {
    this.now = plusMs(this.now, days * DAY_MS)
    return this
  }

  try(by: Person, act: SaidAct): Decided {
    const decided = decideAct(this.proposal, act, by, this.now)
    this.last = decided
    if (decided.kind === 'step') this.add(decided.step)
    return decided
  }

  /** The act is taken, or the story is told wrongly. */
  does(by: Person, act: SaidAct): this {
    const decided = this.try(by, act)
    if (decided.kind !== 'step') throw new Error(`${act.act} by ${by.personId}: ${JSON.stringify(decided)}`)
    return this
  }

  add(step: Step): this {
    this.proposal = after(this.proposal, step)
    return this
  }

  /** What the clock does by itself, as the two jobs do it. False: nothing is due. */
  tick(ballots: readonly Ballot[] = [], ratings = [0, 0, 0, 0, 0], members = committee, households = 60): boolean {
    const next = nextOfSystem(this.proposal)
    if (next === undefined || next.at > this.now) return false
    const step =
      next.act === 'overdue'
        ? overdueStep(next, this.now)
        : this.stepOf(next.act, ballots, ratings, members, households)
    if (step === undefined) return false
    this.add(step)
    return true
  }

  private stepOf(
    act: Exclude<NonNullable<ReturnType<typeof nextOfSystem>>['act'], 'overdue'>,
    ballots: readonly Ballot[],
    ratings: number[],
    members: readonly Member[],
    households: number,
  ): Step | undefined {
    const at = this.now
    switch (act) {
      case 'open':
        return openVote(this.proposal, members, households, at, DAY_MS)
      case 'decide':
        return decideVote(this.proposal, ballots, at, DAY_MS)
      case 'rated':
        return { at, actor: 'system', facts: { act, counts: ratings } }
      case 'reserve':
        return reserveStep(this.proposal, 7, at, DAY_MS)
      case 'release':
        return { at, actor: 'system', facts: { act, seq: 9 } }
      case 'shut':
      case 'lapse':
      case 'close':
        return plainStep(act, at)
    }
  }

  pays(by: Person, amountFen: number, bankReference = 'ICBC-0001', checks: PayFacts['checks'] = []) {
    return this.paysFor(this.milestone, by, amountFen, bankReference, checks)
  }

  paysFor(
    milestone: number | undefined,
    by: Person,
    amountFen: number,
    bankReference: string,
    checks: PayFacts['checks'] = [],
  ) {
    const meant = milestone === undefined ? {} : { milestone }
    const payment = { amountFen: amountFen as never, bankReference, paidOn: shanghaiDay(this.now), ...meant }
    const decision = decidePayment(this.proposal, payment, by, this.now, DAY_MS)
    if (decision.kind === 'pay') this.add(decision.stepOf(8 + this.proposal.paidMilestones.length, checks))
    return decision
  }

  /** The one that is under way. */
  get milestone(): number | undefined {
    return milestoneOf(this.proposal)?.number
  }

  // ── The way to each state, as it usually goes ──────────────────────────────────────────────────────────────────────

  triaged(): this {
    return this.does(worker, { act: 'triage' })
  }

  deliberated(): this {
    return this.triaged().does(worker, {
      ...{ act: 'deliberate', heldOn: shanghaiDay(this.now), expected: 9, attended: 7 },
      minutes: '大家同意装，位置放在右侧，物业配合施工。',
    })
  }

  noticed(amountFen = 120_000, plan: readonly number[] = []): this {
    const quotes = [
      quote('鑫源五金', amountFen),
      quote('宏达装饰', amountFen + 10_000),
      quote('惠民工程', amountFen + 20_000),
    ]
    const milestones = plan.map((each, at) => ({
      ...{ what: `第 ${at + 1} 期`, shows: '现场能看到' },
      amountFen: each as never,
    }))
    const planned = milestones.length === 0 ? {} : { milestones }
    return this.deliberated().does(valuator, { act: 'cost', quotes, chosen: 0, termDays: 20, ...planned })
  }

  voting(amountFen = 120_000, plan: readonly number[] = []): this {
    const story = this.noticed(amountFen, plan).pass(this.proposal.asking.noticeDays)
    if (!story.tick()) throw new Error('the vote did not open')
    return story
  }

  decided(amountFen = 120_000, ballots: readonly Ballot[] = yes(3), plan: readonly number[] = []): this {
    this.voting(amountFen, plan).does(supervisor, { act: 'opine', text: '程序合规，价格合理。' })
    this.pass(this.proposal.asking.voteDays)
    if (!this.tick(ballots) || !this.tick(ballots)) throw new Error('the vote was not counted')
    return this
  }

  finished(amountFen = 120_000, spentFen = 110_000): this {
    this.decided(amountFen)
    if (!this.tick()) throw new Error('nothing was reserved')
    return this.does(executor, { act: 'start' })
      .pass(3)
      .does(executor, {
        act: 'finish',
        text: '扶手装好了，请验收。',
        receipts: [receipt('2026001', spentFen, shanghaiDay(this.now))],
      })
  }

  // ── Of a project that is paid in milestones ───────────────────────────────────────────────────────────────────────

  /** Work on the first of these has begun. */
  planned(...plan: readonly number[]): this {
    this.decided(
      plan.reduce((sum, each) => sum + each, 0),
      yes(3),
      plan,
    )
    if (!this.tick()) throw new Error('nothing was reserved')
    return this.does(executor, { act: 'start' })
  }

  /** The milestone under way is done, at this sum. */
  reaches(spentFen: number): this {
    const { milestone = 1 } = this
    return this.pass(3).does(executor, {
      ...{ act: 'finish', milestone, text: `第 ${milestone} 期做完了。` },
      receipts: [receipt(`M-${milestone}-${this.proposal.steps.length}`, spentFen, shanghaiDay(this.now))],
    })
  }

  /** … accepted by both, and approved. */
  passes(spentFen: number): this {
    const { milestone = 1 } = this
    return this.reaches(spentFen)
      .does(supervisor, { act: 'accept', milestone })
      .does(acceptor, { act: 'accept', milestone })
      .does(chair, { act: 'approve', milestone, amountFen: spentFen as never })
  }

  // ── An emergency's ──────────────────────────────────────────────────────────────────────────────────────────────────

  static emergency(by: Person = worker, told: ProposalContent = burstPipe, asking?: Asking): Story {
    return new Story(by, MORNING, told, asking)
  }

  signs(...who: readonly Person[]): this {
    for (const by of who) this.does(by, { act: 'sign', amountFen: this.proposal.costFen as never })
    return this
  }

  /** Signed by two, and the money set aside. */
  urgent(): this {
    this.signs(chair, second)
    if (!this.tick()) throw new Error('nothing was reserved')
    return this
  }

  repaired(spentFen = 110_000): this {
    const receipts = [receipt('2026001', spentFen, shanghaiDay(this.now))]
    return this.does(executor, { act: 'start' }).does(executor, {
      act: 'finish',
      text: '管子换好了，水也抽干了。',
      receipts,
    })
  }

  ratifying(): this {
    this.pass(this.proposal.asking.noticeDays)
    if (!this.tick()) throw new Error('the vote did not open')
    return this
  }

  /** Counted by these votes. */
  counted(ballots: readonly Ballot[]): this {
    this.does(supervisor, { act: 'opine', text: '确实危险，价格合理。' }).pass(this.proposal.asking.voteDays)
    if (!this.tick(ballots) || !this.tick(ballots)) throw new Error('the vote was not counted')
    return this
  }

  approved(amountFen = 120_000, spentFen = 110_000): this {
    return this.finished(amountFen, spentFen).accepted(spentFen)
  }

  accepted(spentFen = 110_000): this {
    return this.does(supervisor, { act: 'accept' })
      .does(acceptor, { act: 'accept' })
      .does(this.proposal.emergency === undefined ? chair : third, { act: 'approve', amountFen: spentFen as never })
  }
}

/** So many of the committee say yes. */
export function yes(count: number): Ballot[] {
  return committee
    .slice(0, count)
    .map(({ personId }) => ({ electorate: 'committee', voterId: personId, choice: 'yes' }))
}

export function households(yesCount: number, noCount: number): Ballot[] {
  const votes = (choice: 'yes' | 'no', count: number): Ballot[] =>
    Array.from({ length: count }, (_, at) => ({ electorate: 'households', voterId: `${choice}-${at}`, choice }))
  return [...votes('yes', yesCount), ...votes('no', noCount)]
}
