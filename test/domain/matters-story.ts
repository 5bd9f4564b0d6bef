import chineseDays from 'chinese-days'
import type { BodyName, MatterAct } from '#shared/contracts/matters.ts'
import {
  decideMatterAct,
  termFrom,
  type Days,
  type Known,
  type MatterDecided,
} from '#shared/domain/matters/decide-act.ts'
import { clockStep, closeMatter, nextOfMatter, type MatterRating } from '#shared/domain/matters/decide-system.ts'
import { afterStep, foldMatter, type Matter } from '#shared/domain/matters/matter.ts'
import type { MatterPerson } from '#shared/domain/matters/persons.ts'
import { terms } from '#shared/domain/matters/rules.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import { DAY_MS, plusMs, type Instant } from '#shared/kernel/time.ts'
import { workClock } from '#shared/kernel/working-days.ts'

export const days: Days = { work: workClock((day) => chineseDays.isWorkday(day)), dayMs: DAY_MS }

const body = (bodyId: string): BodyName => ({ bodyId, name: `${bodyId}公司`, kind: 'property' })
export const bodies = new Map(['property', 'owners', 'water', 'city'].map((id) => [id, body(id)]))
export const known: Known = { bodies, hasProposal: true }

/** Monday. */
export const MONDAY = '2026-11-23T02:00:00.000Z'

export const person = (personId: string, change: Partial<MatterPerson> = {}): MatterPerson => ({
  ...{ personId, memberId: `m-${personId}`, livesHere: 'no', isWorker: false, isSupervisor: false, bodyIds: [] },
  homeIds: change.householdId === undefined ? [] : [change.householdId],
  bodyIdsEver: change.bodyIds ?? [],
  ...change,
})
const home = (room: string) => ({ householdId: `c-1.1.1.${room}`, livesHere: 'verified' as const })

export const people = {
  reporter: person('reporter', home('101')),
  spouse: person('spouse', home('101')),
  neighbour: person('neighbour', home('102')),
  claimant: person('claimant', { livesHere: 'claimed' }),
  worker: person('worker', { isWorker: true }),
  second: person('second', { isWorker: true }),
  supervisor: person('supervisor', { isSupervisor: true }),
  property: person('property', { bodyIds: ['property'] }),
  owners: person('owners', { bodyIds: ['owners'] }),
  water: person('water', { bodyIds: ['water'] }),
  stranger: person('stranger'),
} as const
export type Who = keyof typeof people

export const photo = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export const acts = {
  triage: {
    ...{ act: 'triage', kind: 'help', visibility: 'public', title: '东门路灯不亮' },
    ...{ where: '东门', text: '东门的路灯坏了，晚上看不清路。', photoIds: [] },
  },
  decline: { act: 'decline', note: '不属于社区的事', tellWhere: '请打供电公司 95598' },
  merge: { act: 'merge', into: photo(9) },
  assign: { act: 'assign', leadId: 'property', termDays: 5, helperIds: ['owners'] },
  accept: { act: 'accept' },
  dispute: { act: 'dispute', note: '灯杆是市政的' },
  uphold: { act: 'rule', upheld: true, note: '确实是市政的', leadId: 'city' },
  overrule: { act: 'rule', upheld: false, note: '红线以内归物业' },
  report: { act: 'report', text: '已经买了灯泡', photoIds: [] },
  extend: { act: 'extend', note: '配件要从外地发货', days: 5 },
  allow: { act: 'allow' },
  deny: { act: 'deny', note: '本地就有' },
  answer: { act: 'answer', outcome: 'done', text: '灯已经换好', photoIds: [] },
  verify: { act: 'verify', solved: true, note: '晚上去看过，亮了', photoIds: [] },
  'send-back': { act: 'send-back', note: '还是不亮' },
  reopen: { act: 'reopen', note: '第二天又不亮了' },
  escalate: { act: 'escalate', note: '拖得太久' },
  supervise: { act: 'supervise', note: '三天内办好' },
  add: { act: 'add', text: '昨天有人绊倒了', photoIds: [] },
  withdraw: { act: 'withdraw' },
  redact: {
    ...{ act: 'redact', visibility: 'private', title: '路灯不亮' },
    ...{ where: '小区里', text: '路灯坏了，看不清路。', photoIds: [] },
  },
  proposal: { act: 'link-proposal', proposalId: photo(8) },
} as const satisfies Readonly<Record<string, MatterAct>>

export function raise(
  at: Instant = MONDAY,
  change: Partial<Extract<MatterStep['facts'], { act: 'raise' }>> = {},
): Matter {
  return foldMatter([
    {
      ...{ at, actor: 'resident', personId: 'reporter', memberId: 'm-reporter' },
      facts: {
        act: 'raise',
        channel: 'app',
        content: {
          ...{ category: 'facility', where: '3号楼东侧', text: '楼下路灯坏了，我妈晚上摔了。' },
          ...{ photoIds: [photo(1), photo(2)], sharesAddress: true },
        },
        reporter: { personId: 'reporter', householdId: 'c-1.1.1.101' },
        ...change,
      },
      term: termFrom(at, terms.triage, days.work),
    },
  ])
}

export function decide(
  matter: Matter,
  who: Who | MatterPerson,
  act: MatterAct,
  at: Instant,
  about = known,
): MatterDecided {
  return decideMatterAct(matter, act, typeof who === 'string' ? people[who] : who, about, at, days)
}

/** One step further, by somebody who may. */
export function does(matter: Matter, who: Who | MatterPerson, act: MatterAct, at: Instant, about = known): Matter {
  const decided = decide(matter, who, act, at, about)
  if (decided.kind !== 'step') throw new Error(`${act.act}: ${JSON.stringify(decided)}`)
  return afterStep(matter, decided.step)
}

/** Everything that the clock does until then, each at its own moment unless it comes late. */
export function passes(matter: Matter, until: Instant, ratings: readonly MatterRating[] = []): Matter {
  let now = matter
  for (let due = nextOfMatter(now); due !== undefined && due.at <= until; due = nextOfMatter(now)) {
    const step = due.act === 'close' ? closeMatter(now, ratings, due.at, days.work) : clockStep(now, due, due.at)
    now = afterStep(now, step)
  }
  return now
}

export const hours = (count: number, from: Instant = MONDAY) => plusMs(from, count * 3_600_000)

/** As far as this state, a step each hour from Monday on. */
export function upTo(
  state: 'collected' | 'triaged' | 'assigned' | 'disputed' | 'handling' | 'answered' | 'verified' | 'declined',
): Matter {
  const collected = raise()
  if (state === 'collected') return collected
  if (state === 'declined') return does(collected, 'worker', acts.decline, hours(1))
  const triaged = does(collected, 'worker', acts.triage, hours(1))
  if (state === 'triaged') return triaged
  const assigned = does(triaged, 'worker', acts.assign, hours(2))
  if (state === 'assigned') return assigned
  if (state === 'disputed') return does(assigned, 'property', acts.dispute, hours(3))
  const handling = does(assigned, 'property', acts.accept, hours(3))
  if (state === 'handling') return handling
  const answered = does(handling, 'property', acts.answer, hours(4))
  if (state === 'answered') return answered
  return does(answered, 'worker', acts.verify, hours(5))
}
