import { describe, expect, it } from 'vitest'
import {
  matterActs,
  matterActSchema,
  type MatterAct,
  type MatterFigures,
  type MatterSummary,
} from '#shared/contracts/matters.ts'
import { untilText } from '#web/lib/format/time.ts'
import { asideActs, askedActs, matterActFields } from '#web/lib/matters/act-fields.ts'
import { boardOf } from '#web/lib/matters/board.ts'
import { averageDays, contentOf, lastYear, sumOf } from '#web/lib/matters/ratings.ts'
import { isPrivate, titleOf } from '#web/lib/matters/stages.ts'
import { matterActOfForm, unreadableMatterAct } from '#web/lib/server/matter-act-of-form.ts'
import { lateDaysOf } from '#web/lib/server/matters-late.ts'
import { matterActWords } from '#web/lib/text/matter-acts.ts'

const ID = '00000000-0000-4000-8000-000000000000'
const OTHER = '00000000-0000-4000-8000-000000000001'

/** What a person types who fills in everything. */
const typed: Readonly<Record<string, string>> = {
  ...{
    kind: 'help',
    visibility: 'public',
    title: '东门路灯不亮',
    where: '东门',
    text: '路灯坏了半个月。',
    note: '说明',
  },
  ...{ tellWhere: '城管局', into: ID, leadId: 'water', termDays: '5', basis: '要定做', upheld: 'true', days: '3' },
  ...{ outcome: 'done', solved: 'true', proposalId: ID, [`public.${OTHER}`]: 'on', 'helper.owners': 'on' },
}

describe('the form of an act on a matter', () => {
  it.each(matterActs)('%s: what was filled in is what the contract takes', (act) => {
    expect(unreadableMatterAct(act, typed)).toEqual({})
    expect(matterActSchema.parse(matterActOfForm(act, typed, [ID]))).toMatchObject({ act })
  })

  it('chooses the photos that may be public, and those that were sent', () => {
    expect(matterActOfForm('triage', typed, [ID])).toMatchObject({ photoIds: [OTHER] })
    expect(matterActOfForm('report', typed, [ID])).toMatchObject({ photoIds: [ID] })
  })

  it('has no helper that leads', () => {
    const both = { ...typed, 'helper.water': 'on' }
    expect(matterActOfForm('assign', both, [])).toMatchObject({ leadId: 'water', helperIds: ['owners'] })
  })

  it('leaves out what may be left out', () => {
    const act: MatterAct = matterActOfForm('rule', { upheld: 'false', note: '归物业', leadId: '', termDays: '' }, [])
    expect(act).toEqual({ act: 'rule', upheld: false, note: '归物业' })
  })

  it('says where something is missing before anything is sent', () => {
    expect(unreadableMatterAct('assign', { leadId: '', termDays: '十天' })).toEqual({
      leadId: 'mustChoose',
      termDays: 'badCount',
    })
    expect(unreadableMatterAct('rule', { upheld: 'true', note: '不归他们' })).toEqual({ leadId: 'leadMissing' })
    expect(unreadableMatterAct('merge', {})).toEqual({ into: 'mustChoose' })
  })

  it('has a word for each act and each field', () => {
    const said = matterActWords as Readonly<Record<string, unknown>>
    for (const [act, fields] of Object.entries(matterActFields)) {
      expect(said, act).toHaveProperty([`act_${act}`])
      for (const { label, options = [] } of fields)
        for (const word of [label, ...options.map(([, each]) => each)]) expect(said).toHaveProperty([word])
    }
  })

  it('asks once more before each end', () => {
    for (const act of ['withdraw', 'decline', 'merge', 'link-proposal'] as const) {
      expect(asideActs).toContain(act)
      expect(askedActs).toContain(act)
    }
  })
})

const month = (name: string, parts: Partial<MatterFigures>): MatterFigures => ({
  ...{ month: name, raised: 0, solved: 0, unsolved: 0, declined: 0, proposed: 0, tookDays: 0 },
  ...{ overdue: 0, reopened: 0, hotline: 0 },
  ratings: { count: 0, answered: 0, solved: 0, scores: [0, 0, 0, 0, 0] },
  ...parts,
})

describe('the figures of a compound', () => {
  it('are those of twelve months, and what was not solved counts for the days too', () => {
    const months = [
      month('2026-11', { raised: 3, solved: 1, unsolved: 1, tookDays: 5 }),
      month('2025-12', {
        solved: 1,
        tookDays: 2,
        ratings: { count: 4, answered: 3, solved: 2, scores: [1, 0, 0, 1, 2] },
      }),
      month('2025-11', { raised: 100 }),
    ]
    const shown = lastYear(months, '2026-11')
    expect(shown.map((each) => each.month)).toEqual(['2026-11', '2025-12'])
    const sum = sumOf(shown)
    expect([sum.raised, averageDays(sum), contentOf(sum.ratings), sum.ratings.count]).toEqual([3, '2.3', 3, 4])
  })

  it('say nothing on average where nothing ended', () => {
    expect(averageDays(sumOf([]))).toBeUndefined()
  })
})

const summary = (parts: Partial<MatterSummary>): MatterSummary => ({
  ...{ matterId: ID, compoundId: 'c', compoundName: '小区', state: 'handling', category: 'other', title: '路灯' },
  ...{ where: '东门', raisedAt: '2026-11-20T01:00:00.000Z', isPublic: true, extended: false, extensionAsked: false },
  ...{ escalated: false, reopened: 0, followers: 0 },
  ...parts,
})

describe('the board of the branch', () => {
  const all = [
    summary({ escalated: true }),
    summary({ state: 'answered' }),
    summary({ extensionAsked: true }),
    summary({ state: 'collected' }),
  ]

  it('has first what waits for it', () => {
    expect(boardOf(all, false).map(({ group }) => group)).toEqual(['collected', 'extensions', 'answered', 'bodies'])
  })

  it('has first what was escalated, for whoever has the word on it', () => {
    expect(boardOf(all, true)[0]).toMatchObject({ group: 'escalated', matters: [all[0]] })
  })
})

describe('a deadline', () => {
  // 2026-11-27 is a Friday; a term ends with its day, at 24:00 in Shanghai.
  const endOfFriday = '2026-11-27T16:00:00.000Z'
  const lateAt = (now: string, dueAt = endOfFriday) => lateDaysOf([summary({ dueAt })], Date.parse(now))[ID]

  it('is late in working days only', () => {
    expect(lateAt('2026-11-27T15:00:00.000Z')).toBeUndefined()
    expect(lateAt('2026-11-28T04:00:00.000Z')).toBe(0)
    expect(lateAt('2026-11-30T04:00:00.000Z')).toBe(1)
    expect(lateAt('2026-12-01T04:00:00.000Z')).toBe(2)
  })

  it('is nobody’s while residents rate', () => {
    const rated = summary({ state: 'verified', dueAt: endOfFriday })
    expect(lateDaysOf([rated], Date.parse('2026-12-01T04:00:00.000Z'))).toEqual({})
  })

  it('is said as the day that it ends with', () => {
    const now = Date.parse('2026-11-27T04:00:00.000Z')
    expect(untilText(endOfFriday, now, 'zh')).toBe('今天')
    expect(untilText('2026-11-30T16:00:00.000Z', now, 'zh')).toBe('11月30日 周一')
    expect(untilText('2026-11-27T08:30:00.000Z', now, 'zh')).toBe('今天 16:30')
  })
})

describe('the title of a matter', () => {
  it('shows where the first words are cut off', () => {
    const words = '二号楼东门的路灯坏了半个多月晚上看不见台'
    expect(titleOf({ title: words })).toBe(`${words}…`)
    expect(titleOf({ title: '路灯坏了' })).toBe('路灯坏了')
    expect(titleOf({ title: words, kind: 'help' })).toBe(words)
  })

  it('is private when the branch has said so, not before it has looked', () => {
    expect(isPrivate(summary({ isPublic: false, state: 'collected' }))).toBe(false)
    expect(isPrivate(summary({ isPublic: false, kind: 'help' }))).toBe(true)
  })
})
