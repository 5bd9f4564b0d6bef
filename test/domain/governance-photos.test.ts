import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  actSchema,
  PROJECT_PHOTOS_MAX,
  proposalStates,
  STEPS_MAX,
  type KeptAct,
  type ProposalState,
} from '#shared/contracts/governance.ts'
import type { Person } from '#shared/domain/governance/decide-act.ts'
import { barOf } from '#shared/domain/governance/persons.ts'
import { photosHandedIn, publicPhotos } from '#shared/domain/governance/photos.ts'
import { possibleActs } from '#shared/domain/governance/possible-acts.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { isPossible } from '#shared/domain/governance/transitions.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import {
  acceptor,
  author,
  burstPipe,
  chair,
  content,
  executor,
  neighbour,
  payer,
  person,
  receipt,
  second,
  Story,
  supervisor,
  third,
  valuator,
  worker,
  yes,
} from './governance-story.ts'

/** Goal: neighbours see the receipts themselves, and no photo that nobody looked at, or that somebody took off the page. */
const id = (n: number) => `99999999-0000-4000-8000-${String(n).padStart(12, '0')}`
const code = (expected: string) => expect.objectContaining({ kind: 'refused', code: expected })
const show = (n: number, coveredBy?: number): KeptAct => ({
  ...{ act: 'show-photo', photoId: id(n), looked: true },
  ...(coveredBy === undefined ? {} : { coveredId: id(coveredBy) }),
})
const withhold = (n: number, reason: 'name' | 'face' = 'face'): KeptAct => ({
  act: 'withhold-photo',
  photoId: id(n),
  reason,
})
const finish = (story: Story, photos: readonly number[], more: object = {}): KeptAct => ({
  ...{ act: 'finish', text: '扶手装好了，请验收。', photoIds: photos.map(id), ...more },
  receipts: [receipt(`R-${story.proposal.steps.length}-00`, 40_000, shanghaiDay(story.now))],
})
/** A project whose work is done, with these photos. */
function done(photos: readonly number[], told: typeof content | { purpose: 'hardship' } = content): Story {
  const story = new Story(author, undefined, { ...content, ...told }).decided()
  story.tick()
  story.does(executor, { act: 'start' })
  return story.does(executor, finish(story, photos))
}
const shownOf = (story: Story) => publicPhotos(story.proposal, story.proposal.work)
const mays = (story: Story, who: Person) =>
  possibleActs(story.proposal, who, story.now).filter((act) => act.endsWith('-photo'))

describe('photos of a project', () => {
  it('come with the work that is done, and none of them is public by itself', () => {
    const story = done([1, 2])
    expect(photosHandedIn(story.proposal)).toEqual([id(1), id(2)])
    expect(shownOf(story)).toEqual([])
  })

  it('become public one by one, when somebody else has looked', () => {
    const story = done([1, 2]).does(worker, show(2))
    expect(shownOf(story)).toEqual([id(2)])
    story.does(supervisor, show(1))
    expect(shownOf(story)).toEqual([id(1), id(2)])
    expect(story.proposal.state).toBe('finished')
  })

  it('say that somebody has looked, or are not shown', () => {
    expect(actSchema.safeParse({ act: 'show-photo', photoId: id(1) }).success).toBe(false)
    expect(actSchema.safeParse({ act: 'show-photo', photoId: id(1), looked: false }).success).toBe(false)
    expect(actSchema.safeParse(show(1)).success).toBe(true)
  })

  it('are six at most, none of them twice', () => {
    const sent = (ids: readonly number[]) => actSchema.safeParse(finish(new Story(), ids)).success
    expect(PROJECT_PHOTOS_MAX).toBe(6)
    expect(sent([1, 2, 3, 4, 5, 6])).toBe(true)
    expect(sent([1, 2, 3, 4, 5, 6, 7])).toBe(false)
    expect(sent([1, 1])).toBe(false)
  })

  it('may be shown as a copy on which something is covered; the other one is not', () => {
    const story = done([1]).does(worker, show(1, 11))
    expect(shownOf(story)).toEqual([id(11)])
    expect(photosHandedIn(story.proposal)).toEqual([id(1)])
  })

  it('that were shown uncovered are gone when a covered copy takes their place', () => {
    const story = done([1]).does(worker, show(1)).does(supervisor, show(1, 11))
    expect(shownOf(story)).toEqual([id(11)])
    // The first press, sent again by a slow line, does not bring it back.
    expect(story.try(worker, show(1))).toEqual(code('PHOTO_WITHHELD'))
    expect(shownOf(story)).toEqual([id(11)])
  })

  it('that were taken off the page do not come back, but as another copy', () => {
    const story = done([1]).does(worker, show(1)).does(supervisor, withhold(1))
    expect(shownOf(story)).toEqual([])
    expect(story.try(worker, show(1))).toEqual(code('PHOTO_WITHHELD'))
    story.does(worker, show(1, 11)).does(worker, withhold(11, 'name'))
    expect(story.try(worker, show(1, 11))).toEqual(code('PHOTO_WITHHELD'))
    story.does(worker, show(1, 12))
    expect(shownOf(story)).toEqual([id(12)])
    // What was meant for the copy before does not take this one off.
    expect(story.try(supervisor, withhold(11)).kind).toBe('same')
    expect(shownOf(story)).toEqual([id(12)])
  })

  it('are shown and withheld once, however often it is said', () => {
    const story = done([1, 2]).does(worker, show(1))
    const steps = story.proposal.steps.length
    expect(story.try(worker, show(1)).kind).toBe('same')
    expect(story.try(supervisor, show(1)).kind).toBe('same')
    story.does(worker, withhold(1))
    expect(story.try(worker, withhold(1)).kind).toBe('same')
    expect(story.try(supervisor, withhold(1)).kind).toBe('same')
    expect(story.proposal.steps).toHaveLength(steps + 1)
  })

  it('of another project, or that nobody sent, are refused', () => {
    const story = done([1, 2]).does(worker, show(1, 11))
    expect(story.try(worker, show(7))).toEqual(code('UNKNOWN_PHOTO'))
    // A copy is of one photo, and no photo that was handed in is another one's copy.
    expect(story.try(worker, show(2, 11))).toEqual(code('UNKNOWN_PHOTO'))
    expect(story.try(worker, show(2, 1))).toEqual(code('UNKNOWN_PHOTO'))
    expect(story.try(worker, show(1, 1))).toEqual(code('UNKNOWN_PHOTO'))
    expect(story.try(worker, withhold(2))).toEqual(code('UNKNOWN_PHOTO'))
    expect(story.try(worker, withhold(1))).toEqual(code('UNKNOWN_PHOTO'))
    expect(shownOf(story)).toEqual([id(11)])
  })

  it('of work that was given back are gone with it, and are chosen anew', () => {
    const story = done([1, 2]).does(worker, show(1)).does(supervisor, { act: 'refuse', note: '少一张票据' })
    expect(photosHandedIn(story.proposal)).toEqual([])
    story.does(executor, finish(story, [2, 3]))
    expect(shownOf(story)).toEqual([])
    expect(story.try(worker, show(1))).toEqual(code('UNKNOWN_PHOTO'))
    story.does(worker, show(2))
    expect(shownOf(story)).toEqual([id(2)])
  })

  it('that were public with work that was given back are not public again by an old press', () => {
    const story = done([1]).does(worker, show(1)).does(supervisor, { act: 'refuse', note: '少一张票据' })
    story.does(executor, finish(story, [1]))
    expect(story.try(worker, show(1))).toEqual(code('PHOTO_WITHHELD'))
    expect(shownOf(story)).toEqual([])
  })

  it('are each of one milestone', () => {
    const story = new Story().planned(60_000, 60_000)
    story.does(executor, finish(story, [1], { milestone: 1 }))
    story
      .does(supervisor, { act: 'accept', milestone: 1 })
      .does(acceptor, { act: 'accept', milestone: 1 })
      .does(chair, { act: 'approve', milestone: 1, amountFen: 40_000 as never })
    story.pays(payer, 40_000)
    expect(story.try(executor, finish(story, [2, 1], { milestone: 2 }))).toEqual(code('UNKNOWN_PHOTO'))
    story.does(executor, finish(story, [2], { milestone: 2 }))
    expect(photosHandedIn(story.proposal)).toEqual([id(1), id(2)])
    // What was paid before is still to be shown, and to be taken off the page.
    story.does(worker, show(1)).does(worker, show(2)).does(supervisor, { act: 'refuse', milestone: 2, note: '票不对' })
    const [first] = story.proposal.paidMilestones
    expect(publicPhotos(story.proposal, first?.work)).toEqual([id(1)])
    story.does(supervisor, withhold(1))
    expect(publicPhotos(story.proposal, first?.work)).toEqual([])
  })

  it('of a household in need are nobody’s to show', () => {
    const story = done([1], { purpose: 'hardship' })
    for (const who of [worker, supervisor]) {
      expect(story.try(who, show(1))).toEqual(code('PHOTO_NEVER_PUBLIC'))
      expect(story.try(who, show(1, 11))).toEqual(code('PHOTO_NEVER_PUBLIC'))
      expect(mays(story, who)).toEqual([])
    }
    expect(shownOf(story)).toEqual([])
  })

  it('are not shown while it is suspended; they are taken off the page all the same', () => {
    const story = done([1, 2]).does(worker, show(1)).does(supervisor, { act: 'suspend', note: '先查清楚' })
    expect(story.try(worker, show(2))).toEqual(code('NOT_NOW'))
    expect(mays(story, worker)).toEqual(['withhold-photo'])
    story.does(worker, withhold(1))
    expect(shownOf(story)).toEqual([])
  })

  it('are taken off the page although nothing else is written any more', () => {
    const story = done([1, 2]).does(worker, show(1))
    const filler = story.proposal.steps.at(-1)
    const full = { ...story.proposal, steps: [...story.proposal.steps] }
    // What can be said again and again ends some way before the limit.
    while (filler !== undefined && full.steps.length < STEPS_MAX - 60) full.steps.push(filler)
    story.proposal = full
    expect(story.try(supervisor, show(2))).toEqual(code('TOO_MANY'))
    while (filler !== undefined && full.steps.length < STEPS_MAX) full.steps.push(filler)
    expect(story.try(supervisor, withhold(1)).kind).toBe('step')
  })

  it('of steps from before there were any still fold', () => {
    const story = new Story().finished()
    const stored = JSON.parse(JSON.stringify(story.proposal.steps)) as typeof story.proposal.steps
    expect(stored.some(({ facts }) => 'photoIds' in facts)).toBe(false)
    const read = foldSteps(stored)
    expect(photosHandedIn(read)).toEqual([])
    expect(publicPhotos(read, read.work)).toEqual([])
    expect(mays(story, worker)).toEqual([])
  })
})

describe('who chooses what is public', () => {
  /** By hand: x may. The worker here has no part in it; the one who did the work has. */
  const matrix: readonly (readonly [string, Person, show: boolean, withhold: boolean])[] = [
    ['a worker', worker, true, true],
    ['the worker who priced it', valuator, true, true],
    ['the supervisor', supervisor, true, true],
    ['the worker who did the work and sent the photos', executor, false, true],
    ['the same one as a supervisor', { ...executor, actors: ['worker', 'supervisor'] }, false, true],
    ['a worker of their household', { ...person('wife', 'worker'), householdId: 'h-8' }, false, true],
    ['the author, a resident', author, false, false],
    ['a resident', acceptor, false, false],
    ['one of the committee', chair, false, false],
    ['the charity', payer, false, false],
  ]

  it.each(matrix)('%s: shows and withholds', (_who, who, mayShow, mayWithhold) => {
    const atHome = { ...executor, householdId: 'h-8' }
    const story = new Story().decided()
    story.tick()
    story.does(atHome, { act: 'start' })
    story.does(atHome, finish(story, [1, 2])).does(supervisor, show(1))
    expect(mays(story, who)).toEqual([...(mayShow ? ['show-photo'] : []), ...(mayWithhold ? ['withhold-photo'] : [])])
    const isStaff = who.actors.some((actor) => actor === 'worker' || actor === 'supervisor')
    const barred = isStaff ? code('FOUR_EYES') : { kind: 'forbidden' }
    if (mayShow) expect(story.try(who, show(2)).kind).toBe('step')
    else expect(story.try(who, show(2))).toEqual(barred)
    if (mayWithhold) expect(story.try(who, withhold(1)).kind).toBe('step')
    else expect(story.try(who, withhold(1))).toEqual({ kind: 'forbidden' })
  })

  it('is nobody who would gain by it; they may cover somebody’s face all the same', () => {
    const story = done([1, 2]).does(supervisor, show(1)).does(worker, { act: 'declare', interest: 'bidder' })
    expect(story.try(worker, show(2))).toEqual(code('INTERESTED'))
    expect(mays(story, worker)).toEqual(['withhold-photo'])
    story.does(worker, withhold(1))
    expect(barOf('show-photo', { parts: new Set(), interested: true })).toBe('INTERESTED')
    expect(barOf('withhold-photo', { parts: new Set(['executor']), interested: true })).toBeUndefined()
  })
})

describe('when photos are shown and withheld', () => {
  /** By hand: where work may have been handed in. */
  const possible: readonly ProposalState[] = [
    ...(['executing', 'finished', 'accepted', 'approved', 'disbursed', 'closed', 'releasing', 'abandoned'] as const),
    ...(['urgent', 'ratifying', 'unratified'] as const),
  ]
  it.each(proposalStates)('%s', (state) => {
    for (const act of ['show-photo', 'withhold-photo'] as const)
      expect(isPossible(state, act), act).toBe(possible.includes(state))
  })

  it('moves nothing: state, deadlines and what the clock does next stay', () => {
    const story = done([1])
    const { state, dueAt } = story.proposal
    story.pass(1).does(worker, show(1)).does(worker, withhold(1))
    expect([story.proposal.state, story.proposal.dueAt]).toEqual([state, dueAt])
  })

  it('goes on when the project is closed: somebody’s face is found later', () => {
    const story = done([1, 2]).does(worker, show(1)).accepted(40_000)
    story.pays(payer, 40_000)
    story.pass(15)
    for (let turn = 0; turn < 3; turn++) story.tick()
    story.pass(15)
    story.tick()
    expect(story.proposal.state).toBe('closed')
    expect(mays(story, supervisor)).toEqual(['show-photo', 'withhold-photo'])
    story.does(worker, show(2)).does(supervisor, withhold(1))
    expect(story.proposal.state).toBe('closed')
    expect(shownOf(story)).toEqual([id(2)])
  })

  it('is the same of an emergency, whose work is done before it is ratified', () => {
    const story = Story.emergency(neighbour('author', 'h-1', 'worker'), burstPipe).urgent()
    story
      .does(executor, { act: 'start' })
      .does(executor, finish(story, [1]))
      .does(worker, show(1))
    expect(story.proposal.state).toBe('urgent')
    expect(shownOf(story)).toEqual([id(1)])
    story.ratifying().counted(yes(5))
    expect(story.proposal.state).toBe('finished')
    expect(shownOf(story)).toEqual([id(1)])
    story.does(supervisor, { act: 'accept' }).does(acceptor, { act: 'accept' })
    // Who signed does nothing else; photos are no part of the money.
    expect(mays(story, { ...second, actors: ['committee', 'worker'] })).toEqual(['show-photo', 'withhold-photo'])
    expect(mays(story, third)).toEqual([])
  })
})

it('no file comes back, and what is public was looked at by somebody else, in random lives', () => {
  const people = [worker, supervisor, executor, { ...executor, actors: ['worker', 'supervisor'] as const }]
  const turn = fc.record({
    who: fc.nat({ max: 3 }),
    what: fc.constantFrom('show', 'show', 'copy', 'withhold', 'refuse', 'finish'),
    n: fc.integer({ min: 1, max: 4 }),
    copy: fc.integer({ min: 11, max: 16 }),
  })
  let shown = 0
  fc.assert(
    fc.property(fc.array(turn, { minLength: 10, maxLength: 40 }), (turns) => {
      const story = done([1, 2, 3])
      const was = new Set<string>()
      const gone = new Set<string>()
      for (const { who, what, n, copy } of turns) {
        const by = people[who] ?? worker
        const acts = { show: show(n), copy: show(n, copy), withhold: withhold(n > 2 ? copy : n) }
        if (what === 'refuse') story.try(supervisor, { act: 'refuse', note: '票据不对' })
        else if (what === 'finish') story.try(executor, finish(story, [n, 4]))
        else story.try(by, acts[what])
        const now = new Set(shownOf(story))
        for (const file of was) if (!now.has(file)) gone.add(file)
        for (const file of now) {
          was.add(file)
          expect(gone.has(file), file).toBe(false)
        }
        shown = Math.max(shown, now.size)
      }
      for (const { facts, personId } of story.proposal.steps)
        if (facts.act === 'show-photo') expect(personId).not.toBe(executor.personId)
      expect(foldSteps(story.proposal.steps)).toEqual(story.proposal)
    }),
    { numRuns: 200, seed: 20_261_128 },
  )
  expect(shown).toBeGreaterThan(1)
})
