import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MatterAct } from '#shared/contracts/matters.ts'
import { bodyDeltas, monthDeltas } from '#shared/domain/matters/figures.ts'
import {
  clockStep,
  closeMatter,
  comeBackStep,
  nextOfMatter,
  type MatterRating,
} from '#shared/domain/matters/decide-system.ts'
import { matterPartsOf } from '#shared/domain/matters/decide-act.ts'
import { afterStep, foldMatter, type Matter } from '#shared/domain/matters/matter.ts'
import type { MatterPerson } from '#shared/domain/matters/persons.ts'
import { possibleMatterActs } from '#shared/domain/matters/possible-acts.ts'
import { matterHasEnded } from '#shared/domain/matters/transitions.ts'
import { plusMs, type Instant } from '#shared/kernel/time.ts'
import { acts, days, decide, MONDAY, photo, raise } from './matters-story.ts'

/**
 * Goal: whatever people with whatever roles do, in whatever order, and however late the clock is: every deadline is told
 * once, nobody judges their own, nothing is closed that was not answered and looked at, and the sums are those of the steps.
 * Method: random lives of a matter; each step is tried as the product takes it.
 */
const HOUR = 3_600_000
const someone: fc.Arbitrary<MatterPerson> = fc
  .record({
    n: fc.nat(6),
    room: fc.constantFrom('101', '102', '103'),
    isWorker: fc.boolean(),
    isSupervisor: fc.boolean(),
    bodyIds: fc.subarray(['property', 'owners', 'water', 'city']),
    livesHere: fc.constantFrom('verified' as const, 'claimed' as const, 'no' as const),
  })
  .map(({ n, room, ...rest }) => ({
    ...rest,
    bodyIdsEver: rest.bodyIds,
    homeIds: rest.livesHere === 'no' ? [] : [`c-1.1.1.${room}`],
    personId: n === 0 ? 'reporter' : `p${n}`,
    memberId: `m${n}`,
    ...(rest.livesHere === 'verified' ? { householdId: `c-1.1.1.${room}` } : {}),
  }))

const samples: readonly MatterAct[] = [
  ...Object.values(acts),
  { ...acts.supervise, leadId: 'water', termDays: 2 },
  { ...acts.assign, leadId: 'water', helperIds: [] },
  { ...acts.verify, solved: false },
  { ...acts.reopen, note: '又坏了' },
  { ...acts.answer, text: '再次办好' },
]
/** What ends a matter early: tried seldom, or no life would be long. */
const ends: readonly string[] = ['withdraw', 'merge', 'decline']

const move = fc.record({
  who: someone,
  /** Which of those that a page would show; now and then any act at all. */
  pick: fc.nat(100),
  stray: fc.nat(9).map((n) => n === 0),
  mayEnd: fc.nat(14).map((n) => n === 0),
  /** Mostly hours, seldom weeks; the clock may sleep through it. */
  waitHours: fc.oneof({ weight: 6, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(24 * 40) }),
  ticks: fc.nat(3).map((n) => n !== 0),
  /** The proposal that it went on as, if it did, has come to nothing. */
  comesBack: fc.nat(2).map((n) => n === 0),
})
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

const rating: fc.Arbitrary<MatterRating> = fc.record({
  answered: fc.boolean(),
  solved: fc.boolean(),
  score: fc.integer({ min: 1, max: 5 }),
  byReporter: fc.boolean(),
})

type Life = { readonly matter: Matter; readonly saw: readonly { before: Matter; after: Matter; who?: MatterPerson }[] }

function live(moves: readonly Move[], ratings: readonly MatterRating[]): Life {
  let matter = raise()
  let now: Instant = MONDAY
  const saw: { before: Matter; after: Matter; who?: MatterPerson }[] = []
  const step = (after: Matter, who?: MatterPerson) => {
    saw.push({ before: matter, after, ...(who === undefined ? {} : { who }) })
    matter = after
  }
  const into = raise(plusMs(MONDAY, -5 * HOUR))
  const open = afterStep(into, {
    ...{ at: MONDAY, actor: 'worker', personId: 'w' },
    facts: acts.triage,
  })
  for (const { who, pick, stray, mayEnd, waitHours, ticks, comesBack } of moves) {
    now = plusMs(now, waitHours * HOUR)
    for (let due = nextOfMatter(matter), n = 0; ticks && due !== undefined && due.at <= now && n < 20; n++) {
      step(
        afterStep(
          matter,
          due.act === 'close' ? closeMatter(matter, ratings, now, days.work) : clockStep(matter, due, now),
        ),
      )
      due = nextOfMatter(matter)
    }
    if (comesBack && matter.state === 'proposed') step(afterStep(matter, comeBackStep(matter, now, days.work)))
    const shown = possibleMatterActs(matter, who, now, false)
    const sensible = samples.filter(({ act: name }) => shown.includes(name) && (mayEnd || !ends.includes(name)))
    const from = stray || sensible.length === 0 ? samples : sensible
    const act = from[pick % from.length]
    if (act === undefined || (!mayEnd && ends.includes(act.act))) continue
    const decided = decide(matter, who, act, now, {
      bodies: new Map(
        ['property', 'owners', 'water', 'city'].map((id) => [id, { bodyId: id, name: id, kind: 'property' as const }]),
      ),
      into: open,
      hasProposal: true,
    })
    if (decided.kind !== 'step') continue
    expect(shown).toContain(act.act)
    step(afterStep(matter, decided.step), who)
  }
  return { matter, saw }
}

const lives = fc.tuple(fc.array(move, { minLength: 10, maxLength: 90 }), fc.array(rating, { maxLength: 4 }))

describe('400 lives of a matter', () => {
  const seen = new Map<string, number>()
  let cameBack = 0

  it('keep every promise', () => {
    fc.assert(
      fc.property(lives, ([moves, ratings]) => {
        const { matter, saw } = live(moves, ratings)
        cameBack += matter.steps.filter(({ facts }) => facts.act === 'come-back').length
        seen.set(matter.state, (seen.get(matter.state) ?? 0) + 1)
        for (const { before, after, who } of saw) promises(before, after, who)
        // Stored step by step and read again it is the same.
        expect(foldMatter(JSON.parse(JSON.stringify(matter.steps)))).toEqual(JSON.parse(JSON.stringify(matter)))
        sumsHold(matter)
      }),
      { numRuns: 400, seed: 20_261_127 },
    )
  })

  it('were lives of all kinds', () => {
    expect(cameBack).toBeGreaterThan(20)
    for (const state of ['closed', 'unsolved', 'declined', 'merged', 'proposed', 'withdrawn'])
      expect(seen.get(state) ?? 0, state).toBeGreaterThan(0)
  })
})

function promises(before: Matter, after: Matter, who: MatterPerson | undefined): void {
  const step = after.steps.at(-1)
  const act = step?.facts.act
  // Each word of the clock once for each term.
  if (act === 'remind') expect(before.clock?.reminded).toBe(false)
  if (act === 'overdue') expect(before.clock).toMatchObject({ overdue: false })
  if (act === 'overtime') expect(before.clock).toMatchObject({ overdue: true, overtime: false })
  if (act === 'remind' || act === 'overdue' || act === 'overtime')
    expect((step?.at ?? '') >= (before.clock?.remindAt ?? '~')).toBe(true)
  if (act === 'overdue') expect((step?.at ?? '') >= (before.clock?.until ?? '~')).toBe(true)
  // Nobody judges their own.
  if (
    who !== undefined &&
    ['verify', 'send-back', 'decline', 'merge', 'rule', 'allow', 'deny', 'supervise'].includes(act ?? '')
  ) {
    const parts = matterPartsOf(before, who)
    expect(parts.has('handler') || parts.has('reporter')).toBe(false)
    expect(who.bodyIds.some((id) => before.bodyIds.includes(id))).toBe(false)
  }
  // Answered, verified and rated are three things, in this order.
  if (act === 'verify') expect(before.answer).toBeDefined()
  if (act === 'close') expect(before).toMatchObject({ state: 'verified', answer: {}, verification: {} })
  if (after.state === 'closed') expect(after.verification?.solved).toBe(true)
  // Who waits for somebody has a deadline; who does not, has none.
  const waits = ['collected', 'triaged', 'assigned', 'disputed', 'handling', 'answered'].includes(after.state)
  expect(after.clock !== undefined).toBe(waits)
  if (matterHasEnded(after.state)) expect(after.escalated).toBe(false)
  if (before.dispute?.ruling !== undefined) expect(act).not.toBe('dispute')
}

/** Every sum is the number of steps that it counts, each at its own time. */
function sumsHold(matter: Matter): void {
  const byBody: Record<string, { assigned: number; left: number }> = {}
  const late = new Set<string>()
  const prefixes = matter.steps.map((_, at) => foldMatter(matter.steps.slice(0, at + 1)))
  const sums = {
    raised: 0,
    overdue: 0,
    declined: 0,
    proposed: 0,
    solved: 0,
    unsolved: 0,
    assigned: 0,
    bodyOverdue: 0,
    ended: 0,
  }
  for (const [at, each] of prefixes.entries()) {
    const step = each.steps.at(-1)
    if (step === undefined) throw new Error('a step')
    for (const { sums: added } of monthDeltas(each, step)) {
      sums.raised += added.raised ?? 0
      sums.overdue += added.overdue ?? 0
      sums.declined += added.declined ?? 0
      sums.proposed += added.proposed ?? 0
      sums.solved += added.solved ?? 0
      sums.unsolved += added.unsolved ?? 0
    }
    for (const { bodyId, quarter, sums: added } of bodyDeltas(prefixes[at - 1], each, step)) {
      const own = (byBody[`${bodyId} ${quarter}`] ??= { assigned: 0, left: 0 })
      own.assigned += added.assigned ?? 0
      own.left += added.left ?? 0
      expect(own.left).toBeLessThanOrEqual(own.assigned)
      if (added.overdue !== undefined || added.solved !== undefined || added.unsolved !== undefined) late.add(bodyId)
      sums.assigned += added.assigned ?? 0
      sums.bodyOverdue += added.overdue ?? 0
      sums.ended += (added.solved ?? 0) + (added.unsolved ?? 0)
    }
  }
  // Of whoever was late with it, or ended it, it is counted once at least; of who has it now, too.
  const kept = (bodyId: string) =>
    Object.entries(byBody).reduce((sum, [key, { assigned, left }]) => {
      return key.startsWith(`${bodyId} `) ? sum + assigned - left : sum
    }, 0)
  for (const bodyId of late) expect(kept(bodyId)).toBeGreaterThanOrEqual(1)
  if (matter.lead !== undefined && !['proposed', 'withdrawn'].includes(matter.state))
    expect(kept(matter.lead.bodyId)).toBeGreaterThanOrEqual(1)
  // Nobody is given one matter more often than it came to them and stayed.
  const spells = matter.steps.filter(({ facts }) => facts.act === 'assign' || 'lead' in facts).length
  expect(Object.values(byBody).reduce((sum, { assigned, left }) => sum + assigned - left, 0)).toBeLessThanOrEqual(
    spells,
  )
  const count = (act: string) => matter.steps.filter(({ facts }) => facts.act === act).length
  expect(sums.raised).toBe(1)
  expect(sums.overdue).toBe(count('overdue'))
  expect(sums.bodyOverdue).toBeLessThanOrEqual(sums.overdue)
  expect(sums.declined).toBe(matter.state === 'declined' ? 1 : 0)
  expect(sums.proposed).toBe(matter.state === 'proposed' ? 1 : 0)
  expect(sums.solved).toBe(matter.state === 'closed' ? 1 : 0)
  expect(sums.unsolved).toBe(matter.state === 'unsolved' ? 1 : 0)
  expect(sums.ended).toBe(sums.solved + sums.unsolved)
  expect(sums.assigned).toBeGreaterThanOrEqual(matter.lead === undefined ? 0 : 1)
  expect(photo(1)).toBe(matter.content.photoIds[0])
}
