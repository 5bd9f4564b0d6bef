import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disclosureStates, objectionStates } from '#shared/contracts/sunshine.ts'
import { beginsNext, firstAwaited, nextAwaited } from '#shared/domain/sunshine/awaiting.ts'
import { afterPublication } from '#shared/domain/sunshine/book.ts'
import { clockStep, deadlinesOf } from '#shared/domain/sunshine/clock.ts'
import {
  decideAnswer,
  type Decided,
  decideInsisting,
  decideObjecting,
  decideRuling,
} from '#shared/domain/sunshine/decide-objection.ts'
import { decideFundCorrection, decidePublishing, fundDueAt } from '#shared/domain/sunshine/decide-publish.ts'
import { disclosureIdOf, ofDisclosureId } from '#shared/domain/sunshine/disclosure-id.ts'
import {
  afterStep,
  type Disclosure,
  foldDisclosure,
  objectionActs,
  openObjections,
  transitions,
} from '#shared/domain/sunshine/disclosure.ts'
import { possibleWith, type SunshinePerson } from '#shared/domain/sunshine/persons.ts'
import { tasksOf } from '#shared/domain/sunshine/tasks.ts'
import { DAY_MS } from '#shared/kernel/time.ts'
import {
  admin,
  awaited,
  displayed,
  keeper,
  later,
  neighbour,
  newBook,
  NOW,
  person,
  publishFacts,
  Q3,
  Q4,
  resident,
  spouse,
  stranger,
  taking,
  worker,
} from './sunshine-story.ts'

const TEXT = '电梯广告费怎么没有写进去'
const hasAll = () => true
const objecting = (disclosure: Disclosure, who = resident, at = NOW, change: object = {}) =>
  decideObjecting(disclosure, { version: 1, text: TEXT, ...change }, hasAll, who, at, DAY_MS)
const answering = (disclosure: Disclosure, who = keeper, at = NOW, text = '广告费下个季度才到账') =>
  decideAnswer(disclosure, { number: 1, text }, who, at, DAY_MS)
const insisting = (disclosure: Disclosure, who = resident, at = NOW, text = '合同上写的是八月付清') =>
  decideInsisting(disclosure, { number: 1, text }, who, at, DAY_MS)
const ruling = (disclosure: Disclosure, who = worker, upheld = true, at = NOW) =>
  decideRuling(disclosure, { number: 1, upheld, text: '看了合同，应当入账' }, who, at, DAY_MS)
const take = (disclosure: Disclosure, decided: Decided<string>) => {
  if (decided.kind !== 'step') throw new Error(JSON.stringify(decided))
  return afterStep(disclosure, decided.step)
}
const tick = (disclosure: Disclosure, at: string): Disclosure => {
  const step = clockStep(disclosure, at, DAY_MS)
  return step === undefined ? disclosure : tick(afterStep(disclosure, step), at)
}
const outcome = (decided: Decided<string>) => (decided.kind === 'refused' ? decided.code : decided.kind)

const asked = () => take(displayed(), objecting(displayed()))
const answered = () => take(asked(), answering(asked()))
const insisted = () => take(answered(), insisting(answered()))
const unanswered = () => tick(asked(), later(3))
const upheld = () => take(insisted(), ruling(insisted()))
const dismissed = () => take(insisted(), ruling(insisted(), worker, false))
const settled = () => tick(answered(), later(3))

describe('a disclosure', () => {
  it('has known states, each with a way in, and a way on by hand', () => {
    expect(Object.keys(transitions)).toEqual([...disclosureStates])
    expect(Object.keys(objectionActs)).toEqual([...objectionStates])
    for (const state of disclosureStates) expect(transitions[state]).toContain('publish')
    expect(ofDisclosureId('property.2026-q3.c-1.a')).toEqual({ book: 'property', quarter: Q3, compoundId: 'c-1.a' })
    expect(disclosureIdOf({ book: 'fund', quarter: Q4, compoundId: 'c-1' })).toBe('fund.2026-q4.c-1')
  })

  it('is due thirty days after its quarter, or after its book was opened, and the fund ten', () => {
    const due = (book: 'property' | 'fund', quarter: string) =>
      foldDisclosure([firstAwaited(book, quarter, NOW, DAY_MS)])
    expect(due('property', Q4).dueAt).toBe('2027-01-30T16:00:00.000Z')
    expect(due('property', Q3).dueAt).toBe(later(30))
    expect(due('fund', Q4).dueAt).toBe('2027-01-10T16:00:00.000Z')
    const next = nextAwaited(awaited(), 'property', Q3, NOW, DAY_MS)
    expect(next.facts).toMatchObject({ dueAt: '2027-01-30T16:00:00.000Z' })
    // Four quarters that are caught up with are due together, and none before it could be.
    const old = nextAwaited(awaited(), 'property', '2025-q4', NOW, DAY_MS)
    expect(old.facts).toMatchObject({ dueAt: later(30) })
  })

  it('begins the next one once: when it is published, or late', () => {
    const step = (facts: Parameters<typeof taking>[1]) => ({ at: NOW, actor: 'system', facts }) as const
    expect(beginsNext(awaited(), step(publishFacts(1)))).toBe(true)
    expect(beginsNext(awaited(), step({ act: 'late' }))).toBe(true)
    expect(beginsNext(tick(awaited(), later(30)), step(publishFacts(1)))).toBe(false)
    expect(beginsNext(displayed(), step(publishFacts(2)))).toBe(false)
  })

  it('tells the fund’s hour: one after the quarter', () => {
    expect(fundDueAt(awaited(), Q4)).toBe('2026-12-31T17:00:00.000Z')
    expect(fundDueAt(displayed(), Q4)).toBeUndefined()
  })
})

describe('publishing', () => {
  const body = { version: 1, throughSeq: 0, bankFen: 10_000 }
  const book = { ...newBook }
  type Change = {
    disclosure?: Disclosure
    quarter?: string
    of?: typeof newBook
    before?: Disclosure
    asks?: object
    who?: SunshinePerson
    at?: string
  }
  const publishing = ({
    disclosure = awaited(),
    quarter = Q3,
    of = book,
    before,
    asks,
    who = keeper,
    at = NOW,
  }: Change) =>
    outcome(decidePublishing(disclosure, quarter, of, before, 10_000, { ...body, ...asks }, who, at) as Decided<string>)
  const through = afterPublication(book, Q3)

  it.each([
    ['by who keeps it', {}, 'allowed'],
    ['by anybody else', { who: worker }, 'forbidden'],
    ['before the quarter is over', { at: '2026-09-30T15:59:59.999Z' }, 'QUARTER_NOT_OVER'],
    ['when it is over', { at: '2026-09-30T16:00:00.000Z' }, 'allowed'],
    ['after it is late', { disclosure: tick(awaited(), later(31)) }, 'allowed'],
    ['before the one before it', { quarter: Q4, at: '2027-01-05T00:00:00.000Z' }, 'NOT_THE_NEXT'],
    ['of another book than was looked at', { asks: { throughSeq: 3 } }, 'BOOK_CHANGED'],
    ['with another sum at the bank', { asks: { bankFen: 9 } }, 'DIFFERENCE_UNEXPLAINED'],
    ['with another sum, and why', { asks: { bankFen: 9, differenceNote: '在途' } }, 'allowed'],
    ['as a correction, before there is anything', { asks: { version: 2 } }, 'NOT_NOW'],
    ['once more, the same', { disclosure: displayed(), of: through, asks: { bankFen: 10_500 } }, 'same'],
    ['once more, something else', { disclosure: displayed(), of: through, asks: { bankFen: 1 } }, 'ALREADY_PUBLISHED'],
    [
      'as a correction without a word',
      { disclosure: displayed(), of: through, asks: { version: 2 } },
      'CORRECTION_UNEXPLAINED',
    ],
    ['as a correction', { disclosure: displayed(), of: through, asks: { version: 2, note: '更正' } }, 'allowed'],
    [
      'as a correction of one before the last',
      { disclosure: displayed(), of: afterPublication(through, Q4), asks: { version: 2, note: '更正' } },
      'NOT_THE_NEXT',
    ],
    [
      'while an upheld objection waits for its correction',
      { quarter: Q4, of: through, before: upheld(), at: '2027-01-05T00:00:00.000Z' },
      'CORRECTION_FIRST',
    ],
    [
      'while correcting entries wait for their publication',
      { quarter: Q4, of: { ...through, correcting: true }, at: '2027-01-05T00:00:00.000Z' },
      'CORRECTION_FIRST',
    ],
    [
      'when that is corrected',
      { quarter: Q4, of: through, before: taking(upheld(), publishFacts(2)), at: '2027-01-05T00:00:00.000Z' },
      'allowed',
    ],
  ] as const)('%s', (_name, change, expected) => {
    expect(publishing(change)).toBe(expected)
  })

  it('ends with the twentieth version', () => {
    let disclosure = displayed()
    for (let version = 2; version <= 20; version++) disclosure = taking(disclosure, publishFacts(version))
    expect(publishing({ disclosure, of: through, asks: { version: 21, note: '更正' } })).toBe('TOO_MANY')
  })

  it('of the fund is the charity’s only where it explains', () => {
    const note = { version: 2, note: '说明一下' }
    expect(decideFundCorrection(displayed(), note, keeper).kind).toBe('allowed')
    expect(decideFundCorrection(displayed(), note, worker).kind).toBe('forbidden')
    expect(decideFundCorrection(awaited(), note, keeper)).toMatchObject({ code: 'NOT_NOW' })
  })
})

describe('who may do what with an objection, by where it stands', () => {
  const both = person('both', { isWorker: true, isKeeper: true })
  const workerAtHome = person('worker-at-home', { isWorker: true, householdId: 'h-1' })
  const states = { asked, answered, insisted, unanswered, upheld, dismissed, settled }
  type Name = keyof typeof states
  const rows: readonly (readonly [Name, 'answer' | 'insist' | 'rule', string])[] = [
    // keeper, worker, admin, resident, spouse, neighbour, stranger, worker of the company, worker of the household
    ['asked', 'answer', 'step forbidden forbidden forbidden forbidden forbidden forbidden step forbidden'],
    ['answered', 'answer', 'NOT_NOW forbidden forbidden forbidden forbidden forbidden forbidden NOT_NOW forbidden'],
    ['insisted', 'answer', 'NOT_NOW forbidden forbidden forbidden forbidden forbidden forbidden NOT_NOW forbidden'],
    ['unanswered', 'answer', 'step forbidden forbidden forbidden forbidden forbidden forbidden step forbidden'],
    ['upheld', 'answer', 'NOT_NOW forbidden forbidden forbidden forbidden forbidden forbidden NOT_NOW forbidden'],
    ['settled', 'answer', 'NOT_NOW forbidden forbidden forbidden forbidden forbidden forbidden NOT_NOW forbidden'],
    ['asked', 'insist', 'forbidden forbidden forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden NOT_NOW'],
    ['answered', 'insist', 'forbidden forbidden forbidden step step forbidden forbidden forbidden step'],
    ['insisted', 'insist', 'forbidden forbidden forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden NOT_NOW'],
    ['dismissed', 'insist', 'forbidden forbidden forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden NOT_NOW'],
    ['asked', 'rule', 'forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden forbidden INTERESTED INTERESTED'],
    ['answered', 'rule', 'forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden forbidden INTERESTED INTERESTED'],
    ['insisted', 'rule', 'forbidden step step forbidden forbidden forbidden forbidden INTERESTED INTERESTED'],
    ['unanswered', 'rule', 'forbidden step step forbidden forbidden forbidden forbidden INTERESTED INTERESTED'],
    ['upheld', 'rule', 'forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden forbidden INTERESTED INTERESTED'],
    ['settled', 'rule', 'forbidden NOT_NOW NOT_NOW forbidden forbidden forbidden forbidden INTERESTED INTERESTED'],
  ]
  const everybody = [keeper, worker, admin, resident, spouse, neighbour, stranger, both, workerAtHome]
  const decide = {
    answer: (disclosure: Disclosure, who: SunshinePerson) => answering(disclosure, who, NOW, '另外一种说法的答复'),
    insist: (disclosure: Disclosure, who: SunshinePerson) => insisting(disclosure, who, NOW, '另外一种说法的不认可'),
    rule: (disclosure: Disclosure, who: SunshinePerson) => ruling(disclosure, who, false),
  }
  const may = { answer: 'mayAnswer', insist: 'mayInsist', rule: 'mayRule' } as const

  it.each(rows)('%s: %s', (name, act, expected) => {
    const disclosure = states[name]()
    const [objection] = disclosure.objections
    if (objection === undefined) throw new Error('there is one')
    expect(everybody.map((who) => outcome(decide[act](disclosure, who))).join(' ')).toBe(expected)
    // The page offers what is possible, and nothing else.
    const offered = everybody.map((who) => possibleWith(disclosure, objection, who)[may[act]])
    expect(offered).toEqual(expected.split(' ').map((each) => each === 'step'))
  })

  it('whoever wrote the answer does not rule, whatever they are by then', () => {
    const former = person('keeper', { isWorker: true })
    expect(ruling(insisted(), former)).toMatchObject({ code: 'FOUR_EYES' })
  })
})

describe('objecting', () => {
  it('is for verified households, in time, twice at most for each publication', () => {
    const one = asked()
    expect(objecting(displayed(), stranger).kind).toBe('forbidden')
    expect(objecting(displayed(), { ...resident, isKeeper: true })).toMatchObject({ code: 'INTERESTED' })
    expect(objecting(one, spouse).kind).toBe('same')
    const two = take(one, objecting(one, spouse, NOW, { text: '再提一件别的异议' }))
    expect(objecting(two, resident, NOW, { text: '第三件异议提不了' })).toMatchObject({ code: 'OBJECTED_ENOUGH' })
    expect(objecting(two, neighbour).kind).toBe('step')
    const again = taking(two, publishFacts(2))
    expect(objecting(again, resident, NOW, { version: 2, text: '更正以后还是不对' }).kind).toBe('step')
    expect(objecting(again, neighbour)).toMatchObject({ code: 'NOT_NOW' })
    expect(objecting(displayed(), resident, later(30))).toMatchObject({ code: 'NOT_NOW' })
    expect(objecting(displayed(), resident, later(29)).kind).toBe('step')
    expect(objecting(awaited())).toMatchObject({ code: 'NOT_NOW' })
    const missing = decideObjecting(displayed(), { version: 1, text: TEXT, seq: 9 }, () => false, resident, NOW, DAY_MS)
    expect(missing).toMatchObject({ code: 'UNKNOWN_ENTRY' })
  })

  it('that is insisted on after three days is too late, whether the clock has come by or not', () => {
    expect(insisting(answered(), resident, later(3))).toMatchObject({ code: 'NOT_NOW' })
  })

  it('upheld makes a correction due, which a new publication fulfils', () => {
    expect(upheld()).toMatchObject({ correctBy: later(10), correctionLate: false })
    expect(tasksOf(upheld(), 'property')).toEqual([{ who: 'keeper', todo: 'correct', by: later(10) }])
    const late = tick(upheld(), later(10))
    expect(late).toMatchObject({ correctionLate: true, correctBy: later(10) })
    const corrected = taking(late, publishFacts(2, later(11)), later(11))
    expect([corrected.correctBy, tasksOf(corrected, 'property')]).toEqual([undefined, []])
  })

  it('gives each side its next deadline', () => {
    expect(tasksOf(awaited(), 'property')).toEqual([{ who: 'keeper', todo: 'publish', by: later(30) }])
    expect(tasksOf(awaited(), 'fund')).toEqual([])
    expect(tasksOf(asked(), 'fund')).toEqual([{ who: 'keeper', todo: 'answer', by: later(3) }])
    expect(tasksOf(insisted(), 'property')).toEqual([{ who: 'branch', todo: 'rule', by: later(5) }])
    expect(tasksOf(unanswered(), 'property')).toEqual([
      { who: 'keeper', todo: 'answer', by: later(3) },
      { who: 'branch', todo: 'rule', by: later(8) },
    ])
  })
})

describe('a display', () => {
  it('lasts thirty days, and until every objection has its end', () => {
    expect(tick(displayed(), later(29)).state).toBe('displayed')
    expect(tick(displayed(), later(30)).state).toBe('done')
    expect(tick(asked(), later(300)).state).toBe('displayed')
    expect(tick(upheld(), later(300)).state).toBe('displayed')
    expect(tick(dismissed(), later(30)).state).toBe('done')
    expect(tick(settled(), later(30)).state).toBe('done')
  })

  it('begins anew with a correction', () => {
    const corrected = taking(displayed(), publishFacts(2, later(20)), later(20))
    expect(tick(corrected, later(49)).state).toBe('displayed')
    expect(tick(corrected, later(50)).state).toBe('done')
  })
})

describe('any life of a disclosure', () => {
  const people = [keeper, worker, admin, resident, spouse, neighbour, stranger]
  const anAct = fc.record({
    who: fc.constantFrom(...people),
    act: fc.constantFrom('publish', 'object', 'answer', 'insist', 'rule'),
    number: fc.integer({ min: 1, max: 4 }),
    upheld: fc.boolean(),
    days: fc.integer({ min: 0, max: 12 }),
    /** How late the clock is, in hours. */
    late: fc.integer({ min: 0, max: 200 }),
  })

  it('tells every deadline once, loses no objection, and ends when everybody has spoken', () => {
    fc.assert(
      fc.property(fc.array(anAct, { maxLength: 40 }), (acts) => {
        let disclosure = awaited()
        let day = 0
        for (const { who, act, number, upheld: isUpheld, days, late } of acts) {
          day += days
          const at = later(day)
          if (late < 100) disclosure = tick(disclosure, at)
          const text = `第 ${number} 件：${TEXT}`
          const version = disclosure.publications.length
          if (act === 'publish') {
            if (who.isKeeper) disclosure = taking(disclosure, publishFacts(version + 1, at), at)
            continue
          }
          const decided: Decided<string> =
            act === 'object'
              ? objecting(disclosure, who, at, { version, text })
              : act === 'answer'
                ? decideAnswer(disclosure, { number, text }, who, at, DAY_MS)
                : act === 'insist'
                  ? decideInsisting(disclosure, { number, text }, who, at, DAY_MS)
                  : decideRuling(disclosure, { number, text, upheld: isUpheld }, who, at, DAY_MS)
          if (decided.kind === 'step') disclosure = afterStep(disclosure, decided.step)
        }
        // What the clock is late with begins the next term: it is told with the next look.
        disclosure = tick(tick(disclosure, later(day + 1_000)), later(day + 2_000))
        const clock = disclosure.steps
          .filter(({ actor }) => actor === 'system')
          .map(({ facts }) => JSON.stringify(facts))
        const ofObjections = clock.filter((facts) => facts.includes('number'))
        expect(new Set(ofObjections).size).toBe(ofObjections.length)
        expect(clock.filter((facts) => facts.includes('"late"')).length).toBeLessThanOrEqual(1)
        expect(deadlinesOf(disclosure)).toEqual([])
        expect(foldDisclosure(disclosure.steps)).toEqual(disclosure)
        // What still waits waits for a person: a ruling, or a correction.
        for (const each of openObjections(disclosure)) expect([each.state, each.ruleLate]).toEqual(['insisted', true])
        if (disclosure.state === 'displayed') {
          expect(openObjections(disclosure).length > 0 || disclosure.correctBy !== undefined).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
