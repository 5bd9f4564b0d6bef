import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideAppealing, decideAppealOf, decideCorrection, decideFreeze } from '#shared/domain/rankings/decide-act.ts'
import { clockStep, lapseOf, type Neighbours } from '#shared/domain/rankings/decide-system.ts'
import { possibleActs, sightOf } from '#shared/domain/rankings/persons.ts'
import { endOf, monthsOf, quarterAfter, quarterBefore } from '#shared/kernel/quarters.ts'
import { afterStep, foldRanking, openAppeals, type Ranking, rowOf } from '#shared/domain/rankings/ranking.ts'
import { rankingFormula } from '#shared/domain/rankings/rules.ts'
import { DAY_MS, plusMs } from '#shared/kernel/time.ts'
import {
  admin,
  bad,
  frozen,
  FROZEN,
  other,
  person,
  plumber,
  QUARTER,
  rival,
  ROW,
  row,
  subjects,
  supervisor,
  work,
  worker,
} from './rankings-story.ts'

const asked = { quarter: QUARTER, withoutHotline: false }
const nobodyBeside: Neighbours = { before: undefined, after: undefined }
const later = (days: number, from = FROZEN) => plusMs(from, days * DAY_MS)
const tick = (ranking: Ranking, at: string, beside = nobodyBeside, quarter = QUARTER) => {
  const step = clockStep(ranking, quarter, beside, at, DAY_MS)
  return step === undefined ? ranking : afterStep(ranking, step)
}
type Decision = ReturnType<typeof decideAppealing | typeof decideAppealOf | typeof decideCorrection>
const take = (ranking: Ranking, decided: Decision) => {
  if (decided.kind !== 'step') throw new Error(JSON.stringify(decided))
  return afterStep(ranking, decided.step)
}
const NOTE = '逾期五次是社区受理晚了'
const appealed = (ranking = frozen(), at = later(1)) =>
  take(ranking, decideAppealing(ranking, { ...ROW, note: NOTE }, plumber, at, work))
const published = (ranking = frozen()) => tick(ranking, ranking.previewUntil)
const final = (ranking = frozen(), beside = nobodyBeside, quarter = QUARTER) => {
  const shown = tick(ranking, ranking.previewUntil, nobodyBeside, quarter)
  return tick(shown, shown.noticeUntil ?? '', beside, quarter)
}
const ruling = (upheld: boolean, counts?: object) => ({ ...ROW, upheld, note: '查了受理记录，情况属实', counts })

describe('a quarter', () => {
  it('is of three months, between two others', () => {
    expect(monthsOf('2026-q4')).toEqual(['2026-10', '2026-11', '2026-12'])
    expect([quarterAfter('2026-q4'), quarterBefore('2027-q1')]).toEqual(['2027-q1', '2026-q4'])
    expect(endOf('2026-q4')).toBe('2026-12-31T16:00:00.000Z')
  })

  it.each([
    ['2026-09-30T15:59:59.000Z', 'refused'],
    ['2026-09-30T16:30:00.000Z', 'refused'],
    ['2026-09-30T17:00:00.000Z', 'step'],
  ])('at %s: freezing is %s', (at, kind) => {
    expect(decideFreeze(asked, { subjects, knowsHotline: true }, rankingFormula, admin, at, work, () => '').kind).toBe(
      kind,
    )
  })
})

describe('freezing', () => {
  const by = (who: typeof admin, rows = subjects, knowsHotline = true, withoutHotline = false) =>
    decideFreeze(
      { ...asked, withoutHotline },
      { subjects: rows, knowsHotline },
      rankingFormula,
      who,
      FROZEN,
      work,
      () => '',
    )

  it('is for an administrator, and for none who is of a ranked body', () => {
    expect(by(admin).kind).toBe('step')
    expect(by(worker).kind).toBe('forbidden')
    expect(by(supervisor).kind).toBe('forbidden')
    expect(by({ ...admin, bodyIds: ['rival'] })).toMatchObject({ code: 'INTERESTED' })
    expect(by({ ...admin, bodyIds: ['urban-management'] }).kind).toBe('step')
    expect(by({ ...admin, isWorker: true })).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('needs somebody to rank', () => expect(by(admin, [])).toMatchObject({ code: 'NOTHING_TO_RANK' }))

  it('waits for the hotline of every month, unless an administrator says that there was nothing, which is kept', () => {
    expect(by(admin, subjects, false)).toMatchObject({ code: 'HOTLINE_MISSING' })
    expect(by(admin, [], false)).toMatchObject({ code: 'NOTHING_TO_RANK' })
    expect(by(admin, subjects, false, true)).toMatchObject({ kind: 'step', step: { facts: { withoutHotline: true } } })
    // Said of what is known it means nothing.
    const known = by(admin, subjects, true, true)
    if (known.kind !== 'step') throw new Error(known.kind)
    expect(known.step.facts).not.toHaveProperty('withoutHotline')
    expect(foldRanking([known.step]).withoutHotline).toBe(false)
  })

  it('gives five working days of preview: from Monday to the next Monday at 24:00', () => {
    expect(frozen().previewUntil).toBe('2026-10-19T16:00:00.000Z')
  })
})

describe('in preview', () => {
  it('everybody sees what is theirs, and the public nothing', () => {
    const ranking = frozen()
    const sights = [admin, supervisor, worker, plumber, rival].map((who) => sightOf(ranking, who))
    expect(sights).toEqual(['all', 'all', 'all', 'own', 'own'])
    expect(sightOf(ranking, undefined)).toBe('nothing')
    expect(sightOf(ranking, person('resident'))).toBe('nothing')
    // Whoever they are besides: their rivals' rows are not theirs to see before the others.
    expect(sightOf(ranking, { ...worker, bodyIds: ['property'] })).toBe('own')
    expect(sightOf(published(), undefined)).toBe('all')
  })

  it('a body appeals against its own row, once, in time', () => {
    const ranking = frozen()
    const at = (when: string, who = plumber, of = ROW) =>
      decideAppealing(ranking, { ...of, note: NOTE }, who, when, work)
    expect(at(later(1)).kind).toBe('step')
    expect(at(later(1), rival).kind).toBe('forbidden')
    expect(at(later(1), worker).kind).toBe('forbidden')
    expect(at(later(1), plumber, { ...ROW, compoundId: 'c-2' })).toMatchObject({ code: 'UNKNOWN_ROW' })
    expect(at(plusMs(ranking.previewUntil, -1)).kind).toBe('step')
    expect(at(ranking.previewUntil)).toMatchObject({ code: 'NOT_NOW' })
    const again = (note: string) => decideAppealing(appealed(), { ...ROW, note }, plumber, later(2), work)
    expect(again(NOTE).kind).toBe('same')
    expect(again('还有别的理由要说明一下')).toMatchObject({ code: 'APPEALED_ONCE' })
  })

  it('an open appeal holds the list back for as long as it may be decided, and one that is decided no longer', () => {
    const open = appealed()
    const [appeal] = open.appeals
    expect(appeal?.decideBy).toBe('2026-10-20T16:00:00.000Z')
    expect(tick(open, open.previewUntil).state).toBe('preview')
    expect(tick(open, plusMs(appeal?.decideBy ?? '', -1)).state).toBe('preview')
    const closed = take(open, decideAppealOf(open, ruling(false), supervisor, later(3)))
    expect(tick(closed, plusMs(closed.previewUntil, -1)).state).toBe('preview')
    expect(tick(closed, closed.previewUntil).state).toBe('published')
  })

  it('what nobody decided in time withholds its own row and no other, and opens no motion', () => {
    const open = appealed()
    const shown = tick(open, open.appeals[0]?.decideBy ?? '')
    expect(shown.state).toBe('published')
    expect(rowOf(open.rows, ROW)?.mark).toBe('black')
    expect(rowOf(shown.rows, ROW)?.mark).toBe('withheld')
    expect(rowOf(shown.rows, { ...ROW, bodyId: 'rival' })?.mark).toBe('red')
    expect(rowOf(shown.frozen, ROW)?.mark).toBe('black')
    // Neither its place nor its score says what the word does not, nor where it stands among the others.
    const { place, score, lower, upper, upperScore } = rowOf(shown.frozen, ROW) ?? {}
    expect([place, score, lower, upper, upperScore].every((each) => each !== undefined)).toBe(true)
    expect(rowOf(shown.rows, ROW)).toEqual({ ...row('property', bad), mark: 'withheld' })
    const worse = frozen([row('property', bad), row('rival', { ...bad, overdue: 60 })])
    const first = take(worse, decideAppealing(worse, { ...ROW, note: NOTE }, plumber, later(1), work))
    expect(first.rows.map(({ bodyId }) => bodyId)).toEqual(['property', 'rival'])
    const last = tick(first, first.appeals[0]?.decideBy ?? '')
    expect(last.rows.map(({ bodyId }) => bodyId)).toEqual(['rival', 'property'])
    const blackBefore = final(
      frozen(subjects, quarterBefore(QUARTER), '2026-07-13T02:00:00.000Z'),
      nobodyBeside,
      '2026-q2',
    )
    const ended = tick(shown, shown.noticeUntil ?? '', { ...nobodyBeside, before: blackBefore })
    expect(ended.state).toBe('final')
    expect(ended.motions).toEqual([])
    const decided = final(frozen(), { ...nobodyBeside, before: blackBefore })
    expect(decided.motions).toHaveLength(1)
  })

  it('is decided afterwards too: the row stands with the others again, and still opens no motion', () => {
    const open = appealed()
    const shown = tick(open, open.appeals[0]?.decideBy ?? '')
    const ended = tick(shown, shown.noticeUntil ?? '')
    for (const ranking of [shown, ended]) {
      const at = later(40)
      expect(decideAppealOf(ranking, ruling(false), worker, at).kind).toBe('forbidden')
      expect(decideAppealOf(ranking, ruling(false), admin, at)).toMatchObject({ code: 'FOUR_EYES' })
      expect(possibleActs(ranking, supervisor, at)).toContain('decide')
      const refused = take(ranking, decideAppealOf(ranking, ruling(false), supervisor, at))
      expect(refused.state).toBe(ranking.state)
      expect(rowOf(refused.rows, ROW)?.mark).toBe('black')
      expect(refused.motions).toEqual([])
      expect(possibleActs(refused, supervisor, at)).not.toContain('decide')
      const good = { overdue: 0, solved: 60, unsolved: 0, content: 60 }
      const upheld = take(ranking, decideAppealOf(ranking, ruling(true, good), supervisor, at))
      expect(rowOf(upheld.rows, ROW)?.mark).toBe('red')
      expect(rowOf(upheld.rows, ROW)?.counts).toMatchObject(good)
    }
  })

  it('a correction of what is withheld is computed, and withheld for as long as the appeal is open', () => {
    const open = appealed()
    const shown = tick(open, open.appeals[0]?.decideBy ?? '')
    const asked = { ...ROW, note: '回看发现有一批记错了', counts: { overdue: 0 } }
    const corrected = take(shown, decideCorrection(shown, asked, supervisor, later(12)))
    expect(rowOf(corrected.rows, ROW)).toMatchObject({ mark: 'withheld', counts: { overdue: 0 } })
  })

  it('what a correction has put right meanwhile is upheld without another one, and nothing else is', () => {
    const open = appealed()
    const shown = tick(open, open.appeals[0]?.decideBy ?? '')
    const fix = (bodyId: string) => {
      const asked = { ...ROW, bodyId, note: '回看发现有一批记错了', counts: { overdue: 1 } }
      return take(shown, decideCorrection(shown, asked, supervisor, later(12)))
    }
    const right = fix('property')
    const decided = decideAppealOf(right, ruling(true, {}), supervisor, later(13))
    expect(decided).toMatchObject({ kind: 'step', step: { facts: { act: 'decide', upheld: true } } })
    const upheld = take(right, decided)
    expect(rowOf(upheld.rows, ROW)?.counts.overdue).toBe(1)
    expect(upheld.appeals[0]?.decision).toEqual({ at: later(13), upheld: true, note: ruling(true).note })
    const more = take(right, decideAppealOf(right, ruling(true, { content: 40 }), supervisor, later(13)))
    expect(more.appeals[0]?.decision?.counts).toEqual({ content: 40 })
    for (const ranking of [open, shown, fix('rival')]) {
      expect(decideAppealOf(ranking, ruling(true), supervisor, later(13))).toMatchObject({ code: 'NOTHING_CORRECTED' })
    }
  })

  it('who decides is not of a ranked body, did not freeze it, and is no worker', () => {
    const open = appealed()
    const by = (who: typeof admin) => decideAppealOf(open, ruling(false), who, later(2))
    expect([supervisor, other].map((who) => by(who).kind)).toEqual(['step', 'step'])
    expect(by(admin)).toMatchObject({ code: 'FOUR_EYES' })
    expect(by(worker).kind).toBe('forbidden')
    expect(by(plumber).kind).toBe('forbidden')
    expect(by({ ...supervisor, bodyIds: ['property'] })).toMatchObject({ code: 'INTERESTED' })
    expect(by({ ...other, bodyIds: ['rival'] })).toMatchObject({ code: 'INTERESTED' })
    // By persons: who is a worker as well has made the figures.
    expect(by({ ...supervisor, isWorker: true })).toMatchObject({ code: 'FOUR_EYES' })
  })

  it('upheld: the row is computed anew from the counts that are named, and what was frozen stays', () => {
    const open = appealed()
    const upheld = take(open, decideAppealOf(open, ruling(true, { overdue: 0, assigned: 60 }), supervisor, later(2)))
    expect(rowOf(upheld.rows, ROW)?.counts).toEqual({ ...bad, overdue: 0 })
    expect(rowOf(upheld.rows, ROW)?.score).toBeGreaterThan(rowOf(upheld.frozen, ROW)?.score ?? 0)
    expect(rowOf(upheld.frozen, ROW)?.counts).toEqual(bad)
    expect(upheld.appeals[0]?.decision?.counts).toEqual({ overdue: 0 })
    const wrong = (counts?: object) => decideAppealOf(open, ruling(true, counts), supervisor, later(2))
    expect(wrong()).toMatchObject({ code: 'NOTHING_CORRECTED' })
    expect(wrong({ overdue: 50 })).toMatchObject({ code: 'NOTHING_CORRECTED' })
    expect(wrong({ content: 61 })).toMatchObject({ code: 'FIGURES_WRONG' })
    expect(decideAppealOf(upheld, ruling(true), supervisor, later(3)).kind).toBe('same')
    expect(decideAppealOf(upheld, ruling(false), supervisor, later(3))).toMatchObject({ code: 'NOT_NOW' })
    expect(decideAppealOf(frozen(), ruling(false), supervisor, later(2))).toMatchObject({ code: 'UNKNOWN_ROW' })
  })
})

describe('published', () => {
  const correct = (
    ranking: Ranking,
    who = supervisor,
    counts: object = { overdue: 0, solved: 60, unsolved: 0, content: 60 },
  ) => decideCorrection(ranking, { ...ROW, note: '回看发现有一批记错了', counts }, who, later(9))

  it('it is on notice for seven days, then final', () => {
    const shown = published()
    expect(shown.noticeUntil).toBe(later(7, shown.publishedAt))
    expect(tick(shown, plusMs(shown.noticeUntil ?? '', -1)).state).toBe('published')
    expect(tick(shown, shown.noticeUntil ?? '').state).toBe('final')
  })

  it('a correction is a step with its reason, by who may judge, and never before', () => {
    expect(correct(frozen())).toMatchObject({ code: 'NOT_NOW' })
    expect(correct(published(), admin)).toMatchObject({ code: 'FOUR_EYES' })
    expect(correct(published(), { ...supervisor, bodyIds: ['rival'] })).toMatchObject({ code: 'INTERESTED' })
    expect(correct(published(), worker).kind).toBe('forbidden')
    const after = take(published(), correct(published()))
    expect(after.corrections).toHaveLength(1)
    expect(rowOf(after.rows, ROW)?.mark).not.toBe('black')
    expect(rowOf(after.frozen, ROW)?.mark).toBe('black')
    expect(correct(after).kind).toBe('same')
    expect(after.steps).toHaveLength(published().steps.length + 1)
  })

  const Q4 = '2026-q4'
  const next = () => frozen(subjects, Q4, '2027-01-11T02:00:00.000Z')
  it('black in two final lists in a row opens a motion to the owners, whichever is final last', () => {
    const expected = [expect.objectContaining({ ...ROW, quarters: [QUARTER, Q4] })]
    expect(final().motions).toEqual([])
    expect(final(next(), { ...nobodyBeside, before: final() }, Q4).motions).toEqual(expected)
    expect(final(frozen(), { ...nobodyBeside, after: final(next(), nobodyBeside, Q4) }).motions).toEqual(expected)
    // Not final is not enough, nor is black beside anything else.
    expect(final(next(), { ...nobodyBeside, before: published() }, Q4).motions).toEqual([])
    const corrected = take(final(), correct(final()))
    expect(final(next(), { ...nobodyBeside, before: corrected }, Q4).motions).toEqual([])
    const elsewhere = frozen([{ ...row('property', bad), compoundId: 'c-2' }], Q4, '2027-01-11T02:00:00.000Z')
    expect(final(elsewhere, { ...nobodyBeside, before: final() }, Q4).motions).toEqual([])
  })

  it('no motion rests on a black mark that nobody could appeal against, in neither of the two lists', () => {
    const good = { overdue: 0, solved: 60, unsolved: 0, content: 60 }
    const red = frozen([row('property', { ...bad, ...good }), row('rival', bad)], Q4, '2027-01-11T02:00:00.000Z')
    const shown = tick(red, red.previewUntil, nobodyBeside, Q4)
    expect(rowOf(shown.rows, ROW)?.mark).toBe('red')
    // Corrected to black in the last second of the notice.
    const late = take(shown, correct(shown, supervisor, bad))
    expect(rowOf(late.rows, ROW)?.mark).toBe('black')
    const ended = tick(late, late.noticeUntil ?? '', { ...nobodyBeside, before: final() }, Q4)
    expect([ended.state, ended.motions]).toEqual(['final', []])
    expect(final(frozen(), { ...nobodyBeside, after: ended }).motions).toEqual([])

    // Withheld when it was published, final, and only then refused: black, but not when everybody saw it first.
    const open = appealed()
    const withheld = tick(open, open.appeals[0]?.decideBy ?? '')
    const over = tick(withheld, withheld.noticeUntil ?? '')
    const refused = take(over, decideAppealOf(over, ruling(false), supervisor, later(40)))
    expect(rowOf(refused.rows, ROW)?.mark).toBe('black')
    expect(final(next(), { ...nobodyBeside, before: refused }, Q4).motions).toEqual([])

    // Corrected away and back: the counts that make it black now are not those that could be appealed against.
    const away = take(published(), correct(published()))
    const back = take(away, correct(away, supervisor, bad))
    expect(rowOf(back.rows, ROW)?.mark).toBe('black')
    const again = tick(back, back.noticeUntil ?? '')
    expect(final(next(), { ...nobodyBeside, before: again }, Q4).motions).toEqual([])

    // A correction that leaves it black takes nothing away.
    const slight = take(published(), correct(published(), supervisor, { overdue: 49 }))
    const stays = tick(slight, slight.noticeUntil ?? '')
    expect(final(next(), { ...nobodyBeside, before: stays }, Q4).motions).toHaveLength(1)
  })

  it('a correction of either list makes the motion lapse, and none ever opens one', () => {
    const second = final(next(), { ...nobodyBeside, before: final() }, Q4)
    const own = take(second, correct(second))
    expect(own.motions[0]?.lapsedAt).toBe(later(9))
    const first = take(final(), correct(final()))
    const lapse = lapseOf(first, QUARTER, second)
    if (lapse === undefined) throw new Error('it rested on the first')
    const lapsed = afterStep(second, lapse)
    expect(lapsed.motions[0]?.lapsedAt).toBe(later(9))
    expect(lapseOf(first, QUARTER, lapsed)).toBeUndefined()
    const back = take(own, correct(own, supervisor, bad))
    expect(rowOf(back.rows, ROW)?.mark).toBe('black')
    expect(back.motions[0]?.lapsedAt).toBe(later(9))
  })
})

describe('whatever happens in whatever order', () => {
  const who = fc.constantFrom(admin, other, supervisor, worker, plumber, rival, { ...supervisor, bodyIds: ['rival'] })
  const deed = fc.record({
    what: fc.constantFrom('appeal', 'uphold', 'refuse', 'correct', 'tick'),
    who,
    of: fc.constantFrom('property', 'rival'),
    overdue: fc.integer({ min: 0, max: 60 }),
    hours: fc.integer({ min: 0, max: 80 }),
  })

  it('nothing is public before its time, no ranked person judged, what was frozen stays', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
        const begun = frozen()
        let ranking = begun
        let now = FROZEN
        for (const { what, who: someone, of, overdue, hours } of deeds) {
          now = plusMs(now, hours * 3_600_000)
          const named = { bodyId: of, compoundId: 'c-1', note: `理由${'。'.repeat(10)}` }
          const judged = { ...named, upheld: what === 'uphold', counts: { overdue } }
          if (what === 'tick') ranking = tick(ranking, now)
          else {
            const decided =
              what === 'appeal'
                ? decideAppealing(ranking, named, someone, now, work)
                : what === 'correct'
                  ? decideCorrection(ranking, judged, someone, now)
                  : decideAppealOf(ranking, judged, someone, now)
            const isPossible = possibleActs(ranking, someone, now).includes(
              what === 'appeal' || what === 'correct' ? what : 'decide',
            )
            if (decided.kind !== 'step') continue
            // What can be done is what the pages are told.
            expect(isPossible).toBe(true)
            ranking = afterStep(ranking, decided.step)
          }
          if (ranking.publishedAt === undefined) expect(sightOf(ranking, person('anybody'))).toBe('nothing')
          else {
            expect(ranking.publishedAt >= ranking.previewUntil).toBe(true)
            for (const { at, decision, decideBy, ...of } of ranking.appeals) {
              expect(at < ranking.previewUntil).toBe(true)
              expect((decision?.at ?? '9') <= ranking.publishedAt || decideBy <= ranking.publishedAt).toBe(true)
              // Withheld is exactly what nobody has decided.
              expect(rowOf(ranking.rows, of)?.mark === 'withheld').toBe(decision === undefined)
            }
            expect(ranking.rows.filter(({ mark }) => mark === 'withheld')).toHaveLength(openAppeals(ranking).length)
          }
          if (ranking.finalAt !== undefined) expect(ranking.finalAt >= (ranking.noticeUntil ?? '9')).toBe(true)
        }
        expect(ranking.frozen).toEqual(begun.frozen)
        for (const { facts, personId } of ranking.steps) {
          if (facts.act === 'decide' || facts.act === 'correct') expect(['other', 'supervisor']).toContain(personId)
        }
        const orders = ranking.steps.map(({ at }) => at)
        expect(orders).toEqual(orders.toSorted())
      }),
      { numRuns: 300 },
    )
  })
})
