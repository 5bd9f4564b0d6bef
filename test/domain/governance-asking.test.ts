import { describe, expect, it } from 'vitest'
import type { Asking } from '#shared/contracts/governance.ts'
import { type CompoundType, compoundTypes } from '#shared/contracts/places.ts'
import { askingOf } from '#shared/domain/governance/asking.ts'
import { faultOfEmergency } from '#shared/domain/governance/decide-emergency.ts'
import { countVotes, decideVote, lapsesAt, opensFrom, rulesOf } from '#shared/domain/governance/decide-system.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { DAY_MS, plusMs, shanghaiDay, toMs } from '#shared/kernel/time.ts'
import {
  author,
  burstPipe,
  chair,
  content,
  entered,
  households,
  MORNING,
  payer,
  quote,
  second,
  Story,
  supervisor,
  valuator,
  worker,
  yes,
} from './governance-story.ts'

type Row = {
  readonly type: CompoundType | undefined
  readonly noticeDays: number
  readonly voteDays: number
  /** Of sixty households at least so many take part. */
  readonly take: number
}

/** How the households of each kind of compound are asked; written out by hand. */
const table: readonly Row[] = [
  // 商品房小区, and whatever was submitted before kinds were told apart.
  { type: 'commercial', noticeDays: 7, voteDays: 7, take: 18 },
  { type: undefined, noticeDays: 7, voteDays: 7, take: 18 },
  // 单位家属院
  { type: 'family', noticeDays: 10, voteDays: 10, take: 18 },
  // 回迁小区
  { type: 'resettled', noticeDays: 7, voteDays: 7, take: 24 },
  // 老旧小区
  { type: 'old', noticeDays: 10, voteDays: 14, take: 18 },
]
const asking = ({ type }: Row): Asking | undefined => type && askingOf[type]
const told = (row: Row) => new Story(author, MORNING, content, asking(row))

it('tells of every kind of compound', () => {
  expect(table.flatMap(({ type }) => type ?? []).sort()).toEqual([...compoundTypes].sort())
})

describe.each(table)('in a compound that is $type', (row) => {
  const { noticeDays, voteDays, take } = row

  it(`the notice lasts ${noticeDays} days and the vote ${voteDays}`, () => {
    const story = told(row).noticed()
    expect(story.proposal.noticeUntil).toBe(plusMs(MORNING, noticeDays * DAY_MS))
    expect(opensFrom(story.proposal)).toBe(story.proposal.noticeUntil)
    expect(story.pass(noticeDays - 1).tick()).toBe(false)
    expect(story.pass(1).tick()).toBe(true)
    expect(story.proposal.vote?.closesAt).toBe(plusMs(story.now, voteDays * DAY_MS))
    expect(lapsesAt(story.proposal)).toBe(plusMs(story.now, 13 * voteDays * DAY_MS))
    story.does(supervisor, { act: 'opine', text: '程序合规，价格合理。' })
    expect(story.pass(voteDays - 1).tick()).toBe(false)
    expect(story.pass(1).tick()).toBe(true)
  })

  it(`of sixty households ${take} take part, or nothing is decided`, () => {
    const { proposal } = told(row).voting(250_000)
    const passed = (yesCount: number, noCount: number) =>
      countVotes(proposal, households(yesCount, noCount)).households?.passed
    expect([passed(take, 0), passed(take - 1, 0)]).toEqual([true, false])
    // However many are asked for: more than half of those who came.
    expect([passed(take / 2 + 1, take / 2 - 1), passed(take / 2, take / 2)]).toEqual([true, false])
    const decide = (count: number) =>
      decideVote(proposal, [...yes(3), ...households(count, 0)], plusMs(MORNING, 30 * DAY_MS), DAY_MS).facts
    expect(decide(take)).toMatchObject({ act: 'decide', passed: true })
    expect(decide(take - 1)).toMatchObject({ act: 'decide', passed: false })
  })

  it('the households decide from 2,000 yuan on, and what is less than that may be an emergency', () => {
    const electorates = (amountFen: number) => {
      const { proposal } = told(row).noticed(amountFen)
      return rulesOf(proposal).map(({ electorate }) => electorate)
    }
    expect(electorates(199_999)).toEqual(['committee'])
    expect(electorates(200_000)).toEqual(['committee', 'households'])
    const fault = (amountFen: number) => {
      const lines = [{ what: '抢修', amountFen: amountFen as never }]
      return faultOfEmergency({ ...burstPipe, lines }, told(row).proposal.asking)?.code
    }
    expect([fault(199_999), fault(200_000)]).toEqual([undefined, 'EMERGENCY_TOO_MUCH'])
  })

  it('an emergency is on notice and ratified as long', () => {
    const story = Story.emergency(worker, burstPipe, asking(row)).signs(chair, second)
    expect(story.tick()).toBe(true)
    expect(story.proposal.noticeUntil).toBe(plusMs(MORNING, noticeDays * DAY_MS))
    expect(story.pass(noticeDays - 1).tick()).toBe(false)
    story.pass(1).tick()
    expect(story.proposal.vote?.closesAt).toBe(plusMs(story.now, voteDays * DAY_MS))
    expect(story.proposal.vote?.rules.map(({ electorate, electorsMin }) => [electorate, electorsMin])).toEqual([
      ['committee', 4],
    ])
  })

  it('what guards the money is as everywhere', () => {
    const story = told(row)
    const deliberated = new Story(author, MORNING, content, asking(row)).deliberated()
    const two = [quote('鑫源五金', 500_000), quote('宏达装饰', 510_000)]
    expect(deliberated.try(valuator, { act: 'cost', quotes: two, chosen: 0, termDays: 20 })).toMatchObject({
      code: 'QUOTES_MISSING',
    })
    story.approved()
    expect(story.proposal.vote?.rules[0]).toEqual({
      ...{ electorate: 'committee', electorsMin: 3, quorumBps: 0, moreThanBps: 5_000, of: 'electors' },
    })
    expect(story.pays(chair, 110_000)).toMatchObject({ kind: 'forbidden' })
    expect(story.pays(payer, 110_000)).toMatchObject({ kind: 'pay' })
    // 聊城市物业管理条例 art. 53: results are shown thirty days.
    expect(toMs(story.proposal.resultsUntil ?? '') - toMs(story.now)).toBe(30 * DAY_MS)
  })

  it('owners decide as Civil Code art. 278 says', () => {
    const story = told(row).does(worker, { act: 'triage', ownersItem: 8 })
    story.does(worker, {
      ...{ act: 'deliberate', heldOn: shanghaiDay(story.now), expected: 9, attended: 7 },
      minutes: '大家同意装，位置放在右侧，物业配合施工。',
    })
    story.does(valuator, { act: 'cost', quotes: [quote('鑫源五金', 120_000)], chosen: 0, termDays: 20 })
    story.pass(noticeDays).tick()
    story.does(supervisor, { act: 'opine', text: '程序合规，价格合理。' }).pass(voteDays).tick(yes(5))
    expect(story.tick(yes(5))).toBe(true)
    // All of the committee said yes; nothing is set aside before two thirds of the owners took part, three quarters of them for it.
    expect(story.tick()).toBe(false)
    const owners = {
      item: 8,
      totalHeads: 99,
      totalAreaCm: 9_900,
      heads: 65,
      areaCm: 6_600,
      forHeads: 65,
      forAreaCm: 6_600,
    }
    story.does(worker, entered('record-owners', owners)).does(valuator, entered('confirm-owners', owners))
    expect(story.proposal.state).toBe('rejected')
  })
})

it('no kind asks less than any other did before there were kinds', () => {
  for (const { noticeDays, voteDays, quorumBps, householdsFromFen } of Object.values(askingOf)) {
    expect(noticeDays).toBeGreaterThanOrEqual(7)
    expect(voteDays).toBeGreaterThanOrEqual(7)
    expect(quorumBps).toBeGreaterThanOrEqual(3_000)
    expect(householdsFromFen).toBeLessThanOrEqual(200_000)
  }
})

describe('a kind that is corrected later', () => {
  it('changes no proposal that runs: it says itself how it is asked about', () => {
    const story = new Story(author, MORNING, content, askingOf.old).noticed()
    expect(foldSteps(story.proposal.steps).asking).toEqual({
      ...{ compoundType: 'old', noticeDays: 10, voteDays: 14, householdsFromFen: 200_000, quorumBps: 3_000 },
    })
  })

  it.each([
    [askingOf.resettled, askingOf.commercial, 4_000],
    [undefined, askingOf.resettled, 3_000],
  ])('nor one that its author writes anew', (first, then, quorumBps) => {
    const story = new Story(author, MORNING, content, first)
    const [submitted] = story.proposal.steps
    story.does(worker, { act: 'return', note: '请写清楚要装多长' })
    if (submitted === undefined) throw new Error('not submitted')
    story.add({ ...submitted, at: story.now, facts: { act: 'submit', content, asking: then } })
    expect(story.proposal).toMatchObject({ state: 'submitted', asking: { quorumBps } })
    story.voting(250_000)
    expect(story.proposal.vote?.rules[1]).toMatchObject({ electorate: 'households', quorumBps })
  })
})
