import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { OwnersAct, OwnersRow } from '#shared/contracts/governance-owners.ts'
import type { Person } from '#shared/domain/governance/decide-act.ts'
import { entryOf } from '#shared/domain/governance/owners-entry.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { acceptor, author, chair, entered, person, Story, supervisor, worker } from './governance-story.ts'

const code = (expected: string, fields?: object) =>
  expect.objectContaining({ kind: 'refused', code: expected, ...(fields === undefined ? {} : { fields }) })

/** Decided by the committee; common parts are touched, and the owners have to decide too. */
function touched(): Story {
  const story = new Story().does(worker, { act: 'triage', ownersItem: 8 })
  const plain = new Story().decided()
  for (const step of plain.proposal.steps.slice(2)) story.add(step)
  story.now = plain.now
  return story
}

const owners = { item: 8, totalHeads: 4, totalAreaCm: 400, heads: 4, areaCm: 400, forHeads: 3, forAreaCm: 300 }
const record = entered('record-owners', owners)
const confirm = entered('confirm-owners', owners)
const other = person('other', 'worker')
/** A step of the time when totals were typed. */
const typed = (act: OwnersAct['act'], by: Person, story: Story) =>
  story.add({
    ...{ at: story.now, actor: by.actors[0] ?? 'worker', personId: by.personId, memberId: by.memberId },
    facts: act === 'record-owners' ? { act, owners } : { act, owners },
  })

describe('who may enter the owners’ list, and when', () => {
  const stages = {
    nothing: () => touched(),
    totals: () => typed('record-owners', worker, touched()),
    listed: () => touched().does(worker, record),
    both: () => touched().does(worker, record).does(supervisor, confirm),
    suspended: () => touched().does(worker, record).does(supervisor, { act: 'suspend', note: '先等一等' }),
    'not touched': () => new Story().decided(),
    'not decided': () => new Story().does(worker, { act: 'triage', ownersItem: 8 }),
  }
  type Stage = keyof typeof stages
  // r: record, c: confirm; the worker recorded where something was.
  const rows: readonly (readonly [Stage, ...string[]])[] = [
    // stage         worker other supervisor author chair resident
    ['nothing', 'r', 'r', '', '', '', ''],
    ['totals', 'r', 'r', '', '', '', ''],
    ['listed', 'r', 'rc', 'c', '', '', ''],
    ['both', '', '', '', '', '', ''],
    ['suspended', '', '', '', '', '', ''],
    ['not touched', '', '', '', '', '', ''],
    ['not decided', '', '', '', '', '', ''],
  ]
  const people = [worker, other, supervisor, author, chair, acceptor]
  it.each(rows.map(([stage, ...expected]) => [stage, expected] as const))('%s', (stage, expected) => {
    const got = people.map((who) => {
      const may = possibleActs(stages[stage]().proposal, who, stages[stage]().now)
      const said = (['record-owners', 'confirm-owners'] as const).filter((act) => may.includes(act))
      // The button and the act say the same.
      for (const [act, entry] of [
        ['record-owners', entered('record-owners', { ...owners, forHeads: 4 })],
        ['confirm-owners', confirm],
      ] as const)
        expect([act, stages[stage]().try(who, entry).kind === 'step']).toEqual([act, said.includes(act)])
      return said.map((act) => act[0]).join('')
    })
    expect(got).toEqual(expected)
  })
})

describe('a list that two persons enter', () => {
  it('counts when both are the same, to the row', () => {
    const story = touched().does(worker, record)
    expect(story.proposal.owners).toMatchObject({ confirmed: false, recordedBy: worker.personId })
    story.does(supervisor, confirm)
    expect(story.proposal.owners).toMatchObject({ confirmed: true, passed: true, list: record.list })
    expect(story.tick()).toBe(true)
    expect(story.proposal.state).toBe('reserved')
  })

  it('decides nothing when the figures are the same and the rows are not', () => {
    const story = touched().does(worker, record)
    const before = story.proposal
    expect(story.try(supervisor, entered('confirm-owners', owners, 5))).toEqual(code('LISTS_DIFFER'))
    expect(story.proposal).toBe(before)
    // Either enters again.
    expect(story.try(worker, entered('record-owners', owners, 5)).kind).toBe('step')
    expect(story.try(supervisor, confirm)).toEqual(code('LISTS_DIFFER'))
    story.does(supervisor, entered('confirm-owners', owners, 5))
  })

  it('is never confirmed by whoever recorded it, also when another one recorded it anew', () => {
    const story = touched()
      .does(worker, record)
      .does(other, entered('record-owners', owners, 5))
    expect(story.try(worker, entered('confirm-owners', owners, 5))).toEqual(code('FOUR_EYES'))
    expect(story.try(other, entered('confirm-owners', owners, 5))).toEqual(code('FOUR_EYES'))
    story.does(supervisor, entered('confirm-owners', owners, 5))
  })

  it('sent again is the same one', () => {
    const story = touched().does(worker, record)
    expect(story.try(worker, record).kind).toBe('same')
    story.does(supervisor, confirm)
    expect(story.try(supervisor, confirm).kind).toBe('same')
    expect(story.try(other, confirm)).toEqual(code('NOT_NOW'))
  })

  it('is of the number that was set', () => {
    const nine = { ...owners, item: 9 }
    expect(touched().try(worker, entered('record-owners', nine))).toEqual(
      code('FIGURES_WRONG', { item: '要按第 8 项表决' }),
    )
    expect(touched().does(worker, record).try(supervisor, entered('confirm-owners', nine))).toEqual(
      code('FIGURES_WRONG', { item: '要按第 8 项表决' }),
    )
  })

  it('may say no', () => {
    const no = { ...owners, forHeads: 2 }
    const story = touched().does(worker, entered('record-owners', no)).does(supervisor, entered('confirm-owners', no))
    expect(story.proposal.state).toBe('rejected')
  })
})

describe('totals that were typed before lists were entered', () => {
  it('count as they did, when two persons had typed them', () => {
    const story = typed('confirm-owners', supervisor, typed('record-owners', worker, touched()))
    expect(story.proposal.owners).toMatchObject({ confirmed: true, passed: true, list: undefined })
    expect(foldSteps(story.proposal.steps)).toEqual(story.proposal)
    expect(story.tick()).toBe(true)
  })

  it('are entered anew as a list, when one person had', () => {
    const story = typed('record-owners', worker, touched())
    expect(story.try(supervisor, confirm)).toMatchObject({ code: 'NOT_NOW' })
    story.does(worker, record).does(supervisor, confirm)
    expect(story.proposal.owners?.confirmed).toBe(true)
  })
})

describe('a list with faults', () => {
  const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
  const row = (unit: string, owner: string, choice: OwnersRow['choice'] = 'yes'): OwnersRow => ({
    ...{ unit, areaCm: 9_000, owner, choice },
  })
  const entry = (act: OwnersAct['act'], rows: OwnersRow[]) =>
    entryOf(act === 'record-owners' ? { act, item: 8, rows } : { act, item: 8, rows }, '7K2M-9QXR-4TB0-ZH5W', sha256)

  it('is refused by row and field, and told to nobody who may not enter one', () => {
    const wrong = entry('record-owners', [row('1-101', 'A1'), row('1-101', 'A2', 'no'), row('1-102', '张三')])
    const story = touched()
    expect(story.try(worker, wrong)).toEqual({
      ...{ kind: 'refused', code: 'LIST_WRONG', detail: '清单里有 2 处要改' },
      fields: {
        'rows.1.unit': '和第 1 行是同一套房，意见却不一样：共有人只有一票，要推选一人表决',
        'rows.2.owner': '只写编号：字母、数字和短横，最多 10 位，不写姓名和电话',
      },
    })
    expect(story.try(chair, wrong).kind).toBe('forbidden')
    expect(story.try(supervisor, wrong).kind).toBe('forbidden')
    expect(story.does(worker, record).try(supervisor, entry('confirm-owners', []))).toEqual(
      code('LIST_WRONG', { rows: '清单是空的' }),
    )
  })

  it('tells of no more than fifty', () => {
    const many = Array.from({ length: 60 }, (_none, n) => row(`${n}`, '张三'))
    const refused = touched().try(worker, entry('record-owners', many))
    expect(refused).toMatchObject({ code: 'LIST_WRONG', detail: '清单里有 60 处要改' })
    expect(Object.keys('fields' in refused ? (refused.fields ?? {}) : {})).toHaveLength(50)
  })

  it('is kept without a row of it', () => {
    const kept = entry('record-owners', [row('1-101', 'A1'), row('1-102', 'A2')])
    expect(kept).toEqual({
      act: 'record-owners',
      owners: { item: 8, totalHeads: 2, totalAreaCm: 18_000, heads: 2, areaCm: 18_000, forHeads: 2, forAreaCm: 18_000 },
      list: { units: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/), code: '7K2M-9QXR-4TB0-ZH5W' },
    })
  })
})
