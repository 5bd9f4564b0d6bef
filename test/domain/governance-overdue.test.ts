import { describe, expect, it } from 'vitest'
import { nextOfSystem } from '#shared/domain/governance/decide-system.ts'
import { tellOfProposal } from '#shared/domain/governance/notices.ts'
import { DAY_MS, plusMs } from '#shared/kernel/time.ts'
import {
  acceptor,
  author,
  chair,
  executor,
  objector,
  payer,
  Story,
  supervisor,
  worker,
  yes,
} from './governance-story.ts'

/**
 * Goal: whatever waits for a person has a day, and when the day is over it is said: once, to whoever has to act, to its author
 * and to whoever supervises, and on the proposal's page for good.
 */
const objection = '7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e01'
const overdues = (story: Story) => story.proposal.steps.filter(({ facts }) => facts.act === 'overdue')
const reserved = () => {
  const story = new Story().decided()
  story.tick()
  return story
}

/** What waits, for how many days, and who is told that it has waited too long. Written by hand from the README's table. */
const waits: readonly [string, () => Story, number, readonly string[]][] = [
  ['submitted', () => new Story(), 3, ['workers', 'supervisors', 'person']],
  ['triaged', () => new Story().triaged(), 20, ['workers', 'supervisors', 'person']],
  ['deliberated', () => new Story().deliberated(), 10, ['workers', 'supervisors', 'person']],
  ['reserved', reserved, 30, ['workers', 'supervisors', 'person']],
  ['executing', () => reserved().does(executor, { act: 'start' }), 20, ['workers', 'supervisors', 'person']],
  ['finished', () => new Story().finished(), 10, ['supervisors', 'person']],
  [
    'accepted',
    () => new Story().finished().does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' }),
    5,
    ['committee', 'supervisors', 'person'],
  ],
  ['approved', () => new Story().approved(), 5, ['charity', 'supervisors', 'person']],
]

describe.each(waits)('%s', (state, storyOf, daysLong, who) => {
  it(`is overdue after ${daysLong} days, not a moment before, once, and stays where it is`, () => {
    const story = storyOf()
    expect(story.proposal.state).toBe(state)
    const due = plusMs(story.now, daysLong * DAY_MS)
    expect(nextOfSystem(story.proposal)).toEqual({ act: 'overdue', at: due, by: 'governance' })
    story.now = plusMs(due, -1)
    expect(story.tick()).toBe(false)
    story.now = due
    expect(story.tick()).toBe(true)
    expect(story.proposal).toMatchObject({ state, dueAt: due, overdue: true })
    story.pass(400)
    expect(story.tick()).toBe(false)
    expect(overdues(story)).toHaveLength(1)
    expect(nextOfSystem(story.proposal)).toBeUndefined()
  })

  it(`that is overdue is told to ${who.join(', ')}`, () => {
    const story = storyOf().pass(daysLong)
    story.tick()
    const told = tellOfProposal(story.proposal)
    expect(told.map(({ to }) => to).sort()).toEqual([...who].sort())
    expect(new Set(told.map(({ news }) => news))).toEqual(new Set(['overdue']))
    expect(told.find((each) => each.to === 'person')).toMatchObject({ personId: author.personId })
  })

  it('that is suspended waits for nobody; taken up again it has the time that it had', () => {
    const story = storyOf().pass(1).does(supervisor, { act: 'suspend', note: '有人举报' }).pass(100)
    expect(story.tick()).toBe(false)
    story.does(supervisor, { act: 'resume', note: '查清了' }).pass(daysLong - 1)
    expect(story.tick()).toBe(true)
    expect(overdues(story)).toHaveLength(1)
  })
})

it('each stretch has a day of its own: what was late once can be late again', () => {
  const story = new Story().pass(3)
  story.tick()
  story.does(worker, { act: 'triage' })
  expect(story.proposal.overdue).toBeUndefined()
  story.pass(20)
  expect(story.tick()).toBe(true)
  expect(overdues(story)).toHaveLength(2)
})

it('work that was given back is late anew', () => {
  const story = new Story().finished().pass(10)
  story.tick()
  story.does(supervisor, { act: 'refuse', note: '没有做完' }).pass(20)
  expect(story.tick()).toBe(true)
  expect(overdues(story)).toHaveLength(2)
})

describe('an objection', () => {
  const objected = () =>
    new Story().noticed().pass(1).does(objector, { act: 'object', objectionId: objection, text: '位置不对，挡路。' })

  it('is to be answered within three days, and is overdue once', () => {
    const story = objected()
    const due = plusMs(story.now, 3 * DAY_MS)
    expect(story.proposal.objections[0]).toMatchObject({ answerBy: due })
    expect(nextOfSystem(story.proposal)).toEqual({ act: 'overdue', at: due, by: 'governance', objectionId: objection })
    story.now = due
    expect(story.tick()).toBe(true)
    expect(story.proposal).toMatchObject({ state: 'noticed', objections: [{ overdue: true }] })
    const told = tellOfProposal(story.proposal)
    expect(told.map(({ to }) => to).sort()).toEqual(['person', 'person', 'supervisors', 'workers'])
    expect(told.flatMap((each) => (each.to === 'person' ? [each.personId] : [])).sort()).toEqual(
      [author.personId, objector.personId].sort(),
    )
    // Answered late it is answered; the notice goes on.
    story.does(worker, { act: 'answer', objectionId: objection, text: '挪到右边。', upheld: false }).pass(7)
    expect(nextOfSystem(story.proposal)).toMatchObject({ act: 'open' })
    expect(overdues(story)).toHaveLength(1)
  })

  it('that waits besides another one is said for itself', () => {
    const story = objected().pass(1)
    const another = '7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e02'
    story.does(acceptor, { act: 'object', objectionId: another, text: '太贵了，不同意。' }).pass(10)
    expect(story.tick()).toBe(true)
    expect(story.tick()).toBe(true)
    expect(story.tick()).toBe(false)
    expect(overdues(story).map(({ facts }) => facts)).toEqual([
      { act: 'overdue', objectionId: objection },
      { act: 'overdue', objectionId: another },
    ])
  })

  it('that nobody ever answers lapses with its proposal, as before', () => {
    const story = objected().pass(200)
    story.tick()
    story.tick()
    expect(story.proposal.state).toBe('lapsed')
  })
})

describe('whoever has to act next is told when it comes to them', () => {
  const toldBy = (story: Story) => tellOfProposal(story.proposal).map(({ to, news }) => `${to} ${news}`)

  it('workers that there is something new, and that somebody objects', () => {
    expect(toldBy(new Story())).toEqual(['workers to-triage'])
    const story = new Story().noticed()
    story.does(objector, { act: 'object', objectionId: objection, text: '位置不对，挡路。' })
    expect(toldBy(story)).toEqual(['workers to-answer'])
  })

  it('the supervisor that an objector insists, that a vote waits for an opinion, and that work waits to be accepted', () => {
    const story = new Story().noticed()
    story
      .does(objector, { act: 'object', objectionId: objection, text: '位置不对，挡路。' })
      .does(worker, { act: 'answer', objectionId: objection, text: '挪到右边。', upheld: false })
      .does(objector, { act: 'insist', objectionId: objection, text: '右边也挡路。' })
    expect(toldBy(story)).toEqual(['supervisors to-rule'])
    expect(toldBy(new Story().voting())).toEqual(['committee vote', 'supervisors to-opine'])
    expect(toldBy(new Story().finished())).toEqual(['supervisors to-accept'])
  })

  it('the committee that a payment waits to be approved, the charity that one waits to be made', () => {
    const story = new Story().finished().does(supervisor, { act: 'accept' })
    expect(toldBy(story)).toEqual([])
    expect(toldBy(story.does(acceptor, { act: 'accept' }))).toEqual(['committee to-approve'])
    story.does(chair, { act: 'approve', amountFen: 110_000 as never })
    expect(toldBy(story)).toEqual(['charity to-pay'])
    story.pays(payer, 110_000)
    expect(toldBy(story)).toEqual(['person paid'])
  })

  it('the supervisor that residents are not content', () => {
    const story = new Story().approved()
    story.pays(payer, 110_000)
    story.pass(15).tick()
    story.tick([], [5, 0, 0, 0, 0])
    expect(toldBy(story)).toEqual(['supervisors to-review'])
  })

  it('the supervisor that emergency work was finished before it was ratified', () => {
    const story = Story.emergency().urgent().repaired()
    expect(toldBy(story)).toEqual([])
    expect(toldBy(story.ratifying().counted(yes(3)))).toEqual(['person passed', 'supervisors to-accept'])
  })

  it('and nobody of what went well without them', () => {
    const story = new Story().approved()
    story.pays(payer, 110_000)
    story.pass(15).tick()
    story.tick([], [0, 0, 0, 0, 5])
    expect(toldBy(story)).toEqual([])
  })
})
