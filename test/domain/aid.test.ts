import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AID_CONSENT_VERSION,
  AID_FEN_MAX,
  type AidAct,
  type AidActName,
  type AidState,
  type RaiseAid,
  raiseAidSchema,
} from '#shared/contracts/aid.ts'
import { afterAidStep, type AidCase, foldAid, hasWords, holdsUpAnother, stateAt } from '#shared/domain/aid/aid-case.ts'
import { decideAidAct, decideReading, possibleAidActs, whyNot } from '#shared/domain/aid/decide-act.ts'
import { decideRaise } from '#shared/domain/aid/decide-raise.ts'
import { type AidPerson, isApplicant, seesSteps } from '#shared/domain/aid/persons.ts'
import { AID_STEPS_MAX, aidDays } from '#shared/domain/aid/rules.ts'
import { askingOf } from '#shared/domain/governance/asking.ts'
import { fen } from '#shared/kernel/money.ts'
import { DAY_MS, MINUTE_MS, plusMs } from '#shared/kernel/time.ts'

const HOME = 'c-1.3.2.501'
const T0 = '2026-12-01T02:00:00.000Z'
const day = (days: number, from = T0) => plusMs(from, days * DAY_MS)

function person(personId: string, more: Partial<AidPerson> & { lives?: string } = {}): AidPerson {
  const { lives, ...roles } = more
  return {
    ...{ personId, homes: lives === undefined ? [] : [lives] },
    ...(lives === undefined ? {} : { householdId: lives }),
    ...{ isWorker: false, isCommittee: false, isSupervisor: false, isCharity: false },
    ...roles,
  }
}
const applicant = person('applicant', { lives: HOME })
const spouse = person('spouse', { lives: HOME })
const w1 = person('w1', { isWorker: true })
const w2 = person('w2', { isWorker: true })
const c1 = person('c1', { isCommittee: true, lives: 'c-1.1.1.101' })
const c2 = person('c2', { isCommittee: true, lives: 'c-1.1.1.102' })
const c3 = person('c3', { isCommittee: true, lives: 'c-2.1.1.101' })
const supervisor = person('supervisor', { isSupervisor: true })
const charity = person('charity', { isCharity: true })
const stranger = person('stranger', { lives: 'c-1.9.9.909' })

const ASKED = 100_000
const asked: RaiseAid = {
  ...{ category: 'illness', why: '老伴住院，医药费不够', askedFen: fen(ASKED), payee: '本人' },
  ...{ ofChild: false, consentVersion: AID_CONSENT_VERSION },
}
const forOthers = { compoundId: 'c-1', building: '3', unit: '2', room: '501', consentBy: 'face-to-face' } as const

function raised(by = applicant, content: Parameters<typeof decideRaise>[0] = asked, at = T0): AidCase {
  const decided = decideRaise(content, by, at)
  if (decided.kind !== 'step') throw new Error(JSON.stringify(decided))
  return foldAid(HOME, [decided.step])
}
const decide = (aid: AidCase, act: AidAct, by: AidPerson, at: string, slipUsed = false) =>
  decideAidAct(aid, act, { askedFen: ASKED, newSlipId: 'slip', slipUsed }, by, at)
function act(aid: AidCase, what: AidAct, by: AidPerson, at = day(1), slipUsed = false): AidCase {
  const decided = decide(aid, what, by, at, slipUsed)
  if (decided.kind !== 'step') throw new Error(`${what.act} by ${by.personId}: ${JSON.stringify(decided)}`)
  return afterAidStep(aid, decided.step)
}
function read(aid: AidCase, by: AidPerson, at = day(1)): AidCase {
  const decided = decideReading(aid, by, at)
  if (decided.kind !== 'step') throw new Error(`reading by ${by.personId}: ${JSON.stringify(decided)}`)
  return afterAidStep(aid, decided.step)
}
const approve = (amountFen = 80_000): AidAct => ({ act: 'approve', amountFen: fen(amountFen) })
const refuse: AidAct = { act: 'refuse', reason: '已经有别的救助' }
const visited = (aid = read(read(raised(), w1), w2)) =>
  [c1, c2, c3].reduce((each, by) => read(each, by), act(aid, { act: 'visit' }, w1))
const approved = () => act(act(visited(), approve(), c1, day(2)), approve(), c2, day(2))

describe('a request', () => {
  it('is kept only with the separate consent, in its current text', () => {
    const { consentVersion: _none, ...without } = asked
    for (const content of [without, { ...asked, consentVersion: '2020-01-01.1' }]) {
      expect(decideRaise(content, applicant, T0)).toMatchObject({ kind: 'refused', code: 'AID_CONSENT_NEEDED' })
    }
    expect(decideRaise(asked, applicant, T0)).toMatchObject({ kind: 'step', step: { part: 'applicant' } })
  })

  it('that tells of a child needs the guardian', () => {
    const ofChild = { ...asked, ofChild: true }
    expect(decideRaise(ofChild, applicant, T0)).toMatchObject({ code: 'AID_GUARDIAN_NEEDED' })
    expect(decideRaise({ ...ofChild, guardianAgrees: true }, applicant, T0)).toMatchObject({ kind: 'step' })
  })

  it('is for a household that is verified, unless a worker writes it down for one', () => {
    expect(decideRaise(asked, person('claims'), T0)).toMatchObject({ code: 'AID_NOT_VERIFIED' })
    const step = { part: 'worker', facts: { consentBy: 'face-to-face' } }
    expect(decideRaise({ ...asked, forOthers }, w1, T0)).toMatchObject({ kind: 'step', step })
  })

  it('asks for less than what all households would vote on, and holds no number of a card or paper', () => {
    for (const { householdsFromFen } of Object.values(askingOf)) expect(AID_FEN_MAX).toBeLessThan(householdsFromFen)
    const parse = (change: object) => raiseAidSchema.safeParse({ ...asked, ...change }).success
    expect(parse({})).toBe(true)
    expect(parse({ askedFen: AID_FEN_MAX + 1 })).toBe(false)
    expect(parse({ payee: '老王 371502 19400101 0011' })).toBe(false)
    expect(parse({ why: '电话 13800000000，请先打电话再来' })).toBe(true)
  })
})

/** By hand. `no`: not theirs to do, in no state. */
type Cell = 'ok' | 'no' | 'NOT_NOW' | 'INTERESTED' | 'FOUR_EYES'
const matrix: Record<
  AidState,
  Record<'applicant' | 'w1' | 'w2' | 'c3' | 'supervisor' | 'charity' | 'stranger', readonly Cell[]>
> = {
  // In the order read, visit, approve, refuse, recuse, withdraw.
  raised: {
    applicant: ['no', 'no', 'no', 'no', 'no', 'ok'],
    w1: ['ok', 'ok', 'no', 'no', 'ok', 'no'],
    w2: ['ok', 'ok', 'no', 'no', 'ok', 'no'],
    c3: ['NOT_NOW', 'no', 'NOT_NOW', 'NOT_NOW', 'ok', 'no'],
    supervisor: ['no', 'no', 'no', 'no', 'no', 'no'],
    charity: ['NOT_NOW', 'no', 'no', 'no', 'no', 'no'],
    stranger: ['no', 'no', 'no', 'no', 'no', 'no'],
  },
  visited: {
    applicant: ['no', 'no', 'no', 'no', 'no', 'ok'],
    w1: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'ok', 'no'],
    w2: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'ok', 'no'],
    c3: ['ok', 'no', 'ok', 'ok', 'ok', 'no'],
    supervisor: ['no', 'no', 'no', 'no', 'no', 'no'],
    charity: ['NOT_NOW', 'no', 'no', 'no', 'no', 'no'],
    stranger: ['no', 'no', 'no', 'no', 'no', 'no'],
  },
  approved: {
    applicant: ['no', 'no', 'no', 'no', 'no', 'ok'],
    w1: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'ok', 'no'],
    w2: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'ok', 'no'],
    c3: ['NOT_NOW', 'no', 'NOT_NOW', 'NOT_NOW', 'ok', 'no'],
    supervisor: ['no', 'no', 'no', 'no', 'no', 'no'],
    charity: ['ok', 'no', 'no', 'no', 'no', 'no'],
    stranger: ['no', 'no', 'no', 'no', 'no', 'no'],
  },
  refused: {
    applicant: ['no', 'no', 'no', 'no', 'no', 'ok'],
    w1: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'NOT_NOW', 'no'],
    w2: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'NOT_NOW', 'no'],
    c3: ['NOT_NOW', 'no', 'NOT_NOW', 'NOT_NOW', 'NOT_NOW', 'no'],
    supervisor: ['no', 'no', 'no', 'no', 'no', 'no'],
    charity: ['NOT_NOW', 'no', 'no', 'no', 'no', 'no'],
    stranger: ['no', 'no', 'no', 'no', 'no', 'no'],
  },
  withdrawn: {
    applicant: ['no', 'no', 'no', 'no', 'no', 'NOT_NOW'],
    w1: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'NOT_NOW', 'no'],
    w2: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'NOT_NOW', 'no'],
    c3: ['NOT_NOW', 'no', 'NOT_NOW', 'NOT_NOW', 'NOT_NOW', 'no'],
    supervisor: ['no', 'no', 'no', 'no', 'no', 'no'],
    charity: ['NOT_NOW', 'no', 'no', 'no', 'no', 'no'],
    stranger: ['no', 'no', 'no', 'no', 'no', 'no'],
  },
  lapsed: {
    applicant: ['no', 'no', 'no', 'no', 'no', 'NOT_NOW'],
    w1: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'NOT_NOW', 'no'],
    w2: ['NOT_NOW', 'NOT_NOW', 'no', 'no', 'NOT_NOW', 'no'],
    c3: ['NOT_NOW', 'no', 'NOT_NOW', 'NOT_NOW', 'NOT_NOW', 'no'],
    supervisor: ['no', 'no', 'no', 'no', 'no', 'no'],
    charity: ['NOT_NOW', 'no', 'no', 'no', 'no', 'no'],
    stranger: ['no', 'no', 'no', 'no', 'no', 'no'],
  },
}
const acts: readonly AidActName[] = ['read', 'visit', 'approve', 'refuse', 'recuse', 'withdraw']
const persons = { applicant, w1, w2, c3, supervisor, charity, stranger }
const inState: Record<AidState, () => { aid: AidCase; at: string }> = {
  raised: () => ({ aid: read(read(raised(), w1), w2), at: day(1) }),
  visited: () => ({ aid: visited(), at: day(2) }),
  approved: () => ({ aid: approved(), at: day(3) }),
  refused: () => ({ aid: act(visited(), refuse, c1, day(2)), at: day(3) }),
  withdrawn: () => ({ aid: act(visited(), { act: 'withdraw' }, applicant, day(2)), at: day(3) }),
  lapsed: () => ({ aid: visited(), at: day(aidDays.undecided) }),
}

describe('who may do what', () => {
  it.each(Object.keys(matrix) as AidState[])('when it is %s', (state) => {
    const { aid, at } = inState[state]()
    expect(stateAt(aid, at)).toBe(state)
    const found = Object.fromEntries(
      Object.entries(persons).map(([name, by]) => [
        name,
        acts.map((each) => {
          const why = whyNot(aid, each, by, at)
          return why === undefined ? 'ok' : why === 'forbidden' ? 'no' : why
        }),
      ]),
    )
    expect(found).toEqual(matrix[state])
  })

  it('and nobody of the household but who asked, nor who said to be bound to it', () => {
    const ofHome = { lives: HOME, isWorker: true, isCommittee: true, isCharity: true }
    const inFamily = person('family', ofHome)
    for (const aid of [raised(), visited(), approved()]) {
      for (const each of ['read', 'recuse'] as const) expect(whyNot(aid, each, inFamily, day(2))).toBe('INTERESTED')
    }
    const bound = act(visited(), { act: 'recuse' }, c3)
    for (const each of ['read', 'approve', 'refuse'] as const) {
      expect(whyNot(bound, each, c3, day(2)), each).toBe('INTERESTED')
    }
    expect(isApplicant(raised(), spouse)).toBe(false)
    expect(seesSteps(raised(), spouse)).toBe(false)
    expect(possibleAidActs(raised(), spouse, day(1))).toEqual([])
  })

  it('and what a worker wrote down is the household’s, who take it back as the worker does for them', () => {
    const aid = raised(w1, { ...asked, forOthers })
    expect([spouse, applicant].map((each) => isApplicant(aid, each))).toEqual([true, true])
    expect([spouse, w1, w2].map((each) => whyNot(aid, 'withdraw', each, T0) ?? 'ok')).toEqual(['ok', 'ok', 'forbidden'])
  })
})

describe('four eyes', () => {
  it('who wrote it down does not visit, and who visited decides nothing, nor do those who live with them', () => {
    const aid = read(read(raised(w1, { ...asked, forOthers }), w1), w2)
    expect(whyNot(aid, 'visit', w1, day(1))).toBe('FOUR_EYES')
    const lives = 'c-1.5.5.505'
    const visitor = person('visitor', { isWorker: true, isCommittee: true, lives })
    const partner = person('partner', { isCommittee: true, lives })
    const seen = act(read(aid, visitor), { act: 'visit' }, visitor)
    const all = read(read(seen, partner), visitor, day(2))
    for (const each of ['approve', 'refuse'] as const) {
      expect([visitor, partner].map((by) => whyNot(all, each, by, day(2)))).toEqual(['FOUR_EYES', 'FOUR_EYES'])
    }
  })

  it('two of two households approve the same sum; another sum is another approval', () => {
    const one = act(visited(), approve(50_000), c1)
    expect(one.state).toBe('visited')
    const differ = act(one, approve(80_000), c2)
    expect(differ).toMatchObject({ state: 'visited', approvals: [{ amountFen: 50_000 }, { amountFen: 80_000 }] })
    const agreed = act(differ, approve(80_000), c1, day(2))
    expect(agreed).toMatchObject({ state: 'approved', approved: { amountFen: 80_000, on: '2026-12-03' } })
    const husband = person('husband', { isCommittee: true, lives: 'c-1.1.1.101' })
    expect(whyNot(read(one, husband), 'approve', husband, day(1))).toBe('FOUR_EYES')
  })

  it('nobody decides, or says to have visited, what they have not read', () => {
    expect(whyNot(raised(), 'visit', w1, T0)).toBe('AID_READ_FIRST')
    const seen = act(read(raised(), w1), { act: 'visit' }, w1)
    for (const each of ['approve', 'refuse'] as const) expect(whyNot(seen, each, c1, day(1))).toBe('AID_READ_FIRST')
  })

  it('an approval of somebody who turns out to be bound counts for nothing', () => {
    const aid = act(act(visited(), approve(), c1), { act: 'recuse' }, c1)
    expect(aid.approvals).toEqual([])
    expect(act(aid, approve(), c2).state).toBe('visited')
  })

  it('nobody approves more than was asked for', () => {
    expect(decide(visited(), approve(ASKED + 1), c1, day(2))).toMatchObject({ code: 'AID_TOO_MUCH' })
  })
})

describe('a reading', () => {
  it('is on record each time, save again within ten minutes', () => {
    const once = read(raised(), w1, T0)
    expect(decideReading(once, w1, plusMs(T0, 9 * MINUTE_MS))).toEqual({ kind: 'same' })
    expect(read(once, w1, plusMs(T0, 10 * MINUTE_MS)).readings).toHaveLength(2)
    expect(read(once, w2, T0).readings).toHaveLength(2)
  })

  it('that could not be put on record does not happen, and withdrawing always fits', () => {
    let aid = raised()
    for (let hour = 1; aid.readings.length < 100; hour++) aid = read(aid, w1, plusMs(T0, hour * 60 * MINUTE_MS))
    expect(decideReading(aid, w1, day(30))).toMatchObject({ code: 'AID_TOO_MANY' })
    const first = aid.steps[0]
    const one = aid.steps[1]
    if (first === undefined || one === undefined) throw new Error('no steps')
    const full = foldAid(HOME, [first, ...Array.from({ length: AID_STEPS_MAX - 1 }, () => one)])
    expect(whyNot(full, 'visit', w1, day(1))).toBe('AID_TOO_MANY')
    expect(act(full, { act: 'withdraw' }, applicant).state).toBe('withdrawn')
  })
})

describe('time', () => {
  it('deletes what was written: at once, 30 days after a refusal, 180 after an approval, 90 when nobody acts', () => {
    expect(hasWords(act(raised(), { act: 'withdraw' }, applicant), day(1))).toBe(false)
    const until = (aid: AidCase, at: string) => [hasWords(aid, plusMs(at, -1)), hasWords(aid, at)]
    expect(until(act(visited(), refuse, c1, day(2)), day(32))).toEqual([true, false])
    expect(until(approved(), day(182))).toEqual([true, false])
    expect(until(visited(), day(90))).toEqual([true, false])
    expect(stateAt(visited(), day(90))).toBe('lapsed')
  })

  it('holds up another request while one waits, and while a sum holds', () => {
    expect([day(1), day(90)].map((at) => holdsUpAnother(visited(), at))).toEqual([true, false])
    expect([day(3), day(181), day(182)].map((at) => holdsUpAnother(approved(), at))).toEqual([true, true, false])
    expect(holdsUpAnother(act(visited(), refuse, c1), day(2))).toBe(false)
    const withdrawn = (slipUsed: boolean) => act(approved(), { act: 'withdraw' }, applicant, day(3), slipUsed)
    expect([false, true].map((slipUsed) => holdsUpAnother(withdrawn(slipUsed), day(4)))).toEqual([false, true])
  })
})

describe('random lives', () => {
  const everybody = [applicant, spouse, w1, w1, c1, c2, c3, supervisor, charity, stranger] as const
  const move = fc.record({
    by: fc.constantFrom(...everybody),
    act: fc.constantFrom<AidAct | 'read'>(
      ...(['read', 'read', 'read', { act: 'visit' }, { act: 'visit' }, approve(80_000), approve(80_000)] as const),
      ...([approve(50_000), refuse, { act: 'recuse' }, { act: 'withdraw' }] as const),
    ),
    hours: fc.integer({ min: 0, max: 30 }),
  })

  it('approve nothing without a visit and two readers of two households, and show nothing after the end', () => {
    let ends = 0
    fc.assert(
      fc.property(fc.array(move, { minLength: 40, maxLength: 90, size: 'max' }), (moves) => {
        let aid = raised()
        let at = T0
        for (const each of moves) {
          at = plusMs(at, each.hours * 60 * MINUTE_MS)
          const decided = each.act === 'read' ? decideReading(aid, each.by, at) : decide(aid, each.act, each.by, at)
          if (decided.kind === 'step') aid = afterAidStep(aid, decided.step)
        }
        const { state, approvals, approved: sum, readings, visitedBy } = aid
        expect(foldAid(HOME, aid.steps)).toEqual(aid)
        if (sum !== undefined) {
          ends++
          const agreed = approvals.filter(({ amountFen }) => amountFen === sum.amountFen)
          expect(new Set(agreed.map(({ householdId }) => householdId)).size).toBeGreaterThanOrEqual(2)
          expect(visitedBy).toBeDefined()
          const readers = new Set(readings.map(({ personId }) => personId))
          expect(agreed.every(({ personId }) => readers.has(personId))).toBe(true)
        }
        if (state === 'withdrawn') expect(hasWords(aid, at)).toBe(false)
        for (const by of [spouse, stranger, supervisor])
          expect(aid.steps.some((s) => s.personId === by.personId)).toBe(false)
      }),
      { numRuns: 300, seed: 7 },
    )
    expect(ends).toBeGreaterThan(0)
  })
})
