import { describe, expect, it } from 'vitest'
import { actSchema, possibleActs, proposalStates, proposalVariants } from '#shared/contracts/governance.ts'
import { actFields, asideActs, objectionActs } from '#web/lib/projects/act-fields.ts'
import { stageOf, stagesOf } from '#web/lib/projects/stages.ts'
import { actOfForm, formFields, unreadable } from '#web/lib/server/act-of-form.ts'
import { projectWords } from '#web/lib/text/projects.ts'

const PHOTO = '22222222-2222-4222-8222-222222222222'
const LIST = '房号,面积（㎡）,业主编号,意见\n1-101,89.50,A1,同意\n1-102,120,A2,未投\n'
const OBJECTION = '11111111-1111-4111-8111-111111111111'

/** A form of each act, filled in as a person does. */
const filled: Readonly<Record<string, Record<string, string>>> = {
  withdraw: {},
  return: { note: '请写清楚' },
  'ask-owners': { ownersItem: '8', note: '要占用公共通道' },
  triage: { ownersItem: '8' },
  deliberate: {
    heldOn: '2026-11-20',
    expected: '9',
    attended: '7',
    minutes: '大家都同意这样办，没有别的意见。',
    dissent: '',
  },
  cost: {
    from1: '鑫源五金',
    amount1: '2,500',
    from2: '',
    amount2: '',
    from3: '宏达装饰',
    amount3: '2600.50',
    chosen: '3',
    termDays: '20',
    why: '质保更长',
    ...{ part1: '材料到货', shows1: '到货单', share1: '33', part2: '', shows2: '', share2: '' },
    ...{ part3: '装好', shows3: '照片\r\n试用一周', share3: '67%' },
  },
  object: { objectionId: OBJECTION, text: '太贵了' },
  answer: { objectionId: OBJECTION, text: '三家里最低', upheld: 'false' },
  insist: { objectionId: OBJECTION, text: '还是太贵' },
  rule: { objectionId: OBJECTION, text: '不采纳', upheld: 'true' },
  opine: { text: '合规' },
  sign: { amount: '1,200' },
  decline: { note: '总阀关了就行' },
  'record-owners': { item: '8', list: LIST },
  'confirm-owners': { item: '8', list: LIST },
  start: { note: '' },
  report: { text: '材料到了', percent: '40' },
  finish: {
    text: '做完了',
    from1: '鑫源五金',
    number1: '25372000',
    amount1: '2,400',
    day1: '2026-11-20',
    from2: '',
    number2: '',
    amount2: '',
    day2: '2026-11-20',
  },
  'show-photo': { photoId: PHOTO, looked: 'true' },
  'withhold-photo': { photoId: PHOTO, reason: 'face' },
  accept: { note: '很好' },
  refuse: { note: '松了' },
  approve: { amount: '2400' },
  'override-check': { stop: '17', note: '民政窗口已书面同意' },
  abandon: { note: '不办了' },
  suspend: { note: '有人举报' },
  resume: { note: '查清了' },
  declare: { interest: 'relative', memberId: '' },
  review: { text: '返工' },
}

describe('a form of an act', () => {
  it('is there for each act of the contract', () => {
    expect(Object.keys(filled).sort()).toEqual(actSchema.options.map((option) => option.shape.act.value).sort())
    expect(Object.keys(actFields).sort()).toEqual([...possibleActs].sort())
  })

  it.each(Object.entries(filled))('of %s is what the contract takes', (act, typed) => {
    expect(unreadable(act, typed)).toEqual({})
    expect(actSchema.safeParse(actOfForm(act, typed)).error?.issues ?? []).toEqual([])
  })

  it.each(Object.entries(filled))('of %s has every line that is asked for', (act, typed) => {
    for (const { name } of actFields[act as keyof typeof actFields]) expect(Object.keys(typed)).toContain(name)
  })

  it('counts the chosen quote among those that were written', () => {
    expect(actOfForm('cost', filled['cost'] ?? {})).toMatchObject({
      ...{ chosen: 1, termDays: 20, why: '质保更长' },
      quotes: [
        { from: '鑫源五金', amountFen: 250_000 },
        { from: '宏达装饰', amountFen: 260_050 },
      ],
    })
    // Milestones are shares of the chosen one, to the fen; what a division leaves over is the last one's.
    expect(actOfForm('cost', filled['cost'] ?? {})).toMatchObject({
      milestones: [
        { what: '材料到货', shows: '到货单', amountFen: 85_816 },
        { what: '装好', shows: '照片\n试用一周', amountFen: 174_234 },
      ],
    })
    const unplanned = { ...filled['cost'], part1: '', shows1: '', share1: '', part3: '', shows3: '', share3: '' }
    expect(actOfForm('cost', unplanned)).not.toHaveProperty('milestones')
    // Whoever chose an empty row chose nothing.
    expect(actSchema.safeParse(actOfForm('cost', { ...filled['cost'], chosen: '2' })).success).toBe(false)
  })

  it('of an override names the stop that was on the page, and none is guessed', () => {
    const sent = (typed: Record<string, string>) => actOfForm('override-check', { note: '已核实', ...typed })
    expect(sent({ stop: '17' })).toEqual({ act: 'override-check', stop: 17, note: '已核实' })
    expect(actSchema.safeParse(sent({})).success).toBe(false)
  })

  it.each(['finish', 'accept', 'refuse', 'approve'])('of %s names the milestone that was on the page', (act) => {
    expect(actOfForm(act, { ...filled[act], milestone: '2' })).toMatchObject({ act, milestone: 2 })
    expect(actOfForm(act, filled[act] ?? {})).not.toHaveProperty('milestone')
  })

  it('of other acts names none', () => {
    expect(actOfForm('report', { ...filled['report'], milestone: '2' })).not.toHaveProperty('milestone')
  })

  it('names the photos that were sent with it, where there are any', () => {
    expect(actOfForm('finish', filled['finish'] ?? {}, [PHOTO])).toMatchObject({ photoIds: [PHOTO] })
    expect(actOfForm('finish', filled['finish'] ?? {})).not.toHaveProperty('photoIds')
    const shown = filled['show-photo'] ?? {}
    expect(actOfForm('show-photo', shown, [OBJECTION])).toEqual({
      ...{ act: 'show-photo', photoId: PHOTO, looked: true, coveredId: OBJECTION },
    })
    // Nobody has looked who has not said so.
    expect(actSchema.safeParse(actOfForm('show-photo', { photoId: PHOTO })).success).toBe(false)
    expect(actOfForm('accept', filled['accept'] ?? {}, [PHOTO])).toEqual({ act: 'accept', note: '很好' })
  })

  it('brings a list of owners row by row, in whole hundredths of a square metre', () => {
    expect(actOfForm('record-owners', filled['record-owners'] ?? {})).toEqual({
      ...{ act: 'record-owners', item: 8 },
      rows: [
        { unit: '1-101', areaCm: 8_950, owner: 'A1', choice: 'yes' },
        { unit: '1-102', areaCm: 12_000, owner: 'A2', choice: 'none' },
      ],
    })
    expect(actOfForm('record-owners', { item: '8' })).toEqual({ act: 'record-owners', item: 8, rows: [] })
  })

  it.each([
    ['deliberate', { attended: '七' }, { attended: 'badCount' }],
    ['deliberate', { expected: '' }, { expected: 'badCount' }],
    ['approve', { amount: '两千' }, { amount: 'badAmount' }],
    ['approve', { amount: '0' }, { amount: 'badAmount' }],
    ['cost', { amount3: 'abc' }, { amount3: 'badAmount' }],
    ['cost', { from2: '惠民工程' }, { amount2: 'badAmount' }],
    ['cost', { share1: '三十' }, { share1: 'badShare' }],
    ['cost', { share1: '0', share3: '' }, { share1: 'badShare', share3: 'badShare' }],
    ['cost', { share1: '100' }, { share1: 'badShare' }],
    ['cost', { share1: '34' }, { milestones: 'badShares' }],
    ['cost', { part2: '安装', share2: '1' }, { milestones: 'badShares' }],
    ['cost', { part3: '', shows3: '', share3: '' }, { milestones: 'tooFewParts' }],
    ['finish', { number2: '777' }, { amount2: 'badAmount' }],
  ] as const)('of %s with %j says what is no number', (act, change, wrong) => {
    expect(unreadable(act, { ...filled[act], ...change })).toEqual(wrong)
  })

  it('says at which line it is wrong', () => {
    const said = (act: string, fields: Record<string, string>) => formFields(act, fields, filled[act] ?? {})
    expect(said('approve', { amountFen: 'a' })).toEqual({ amount: 'a' })
    // The second row was left empty: the second quote that was sent is the third line.
    expect(said('cost', { 'quotes.1.from': 'b', quotes: 'c' })).toEqual({ from3: 'b', quotes: 'c' })
    expect(said('cost', { 'milestones.1.shows': 'h', 'milestones.0.what': 'i', milestones: 'j' })).toEqual({
      ...{ shows3: 'h', part1: 'i', milestones: 'j' },
    })
    expect(said('finish', { 'receipts.0.number': 'd', 'receipts.0.issuedOn': 'e' })).toEqual({
      number1: 'd',
      day1: 'e',
    })
  })

  it('has words for every act, line, state and hint', () => {
    const words = Object.keys(projectWords)
    for (const state of proposalStates) {
      expect(words).toContain(`state_${state}`)
      for (const variant of [undefined, ...proposalVariants]) {
        const stages = stagesOf(variant)
        expect(stageOf(state, variant)).toBeLessThanOrEqual(stages.length)
        for (const stage of stages) expect(words).toContain(`stage_${stage}`)
      }
    }
    for (const act of possibleActs) expect(words).toContain(`act_${act}`)
    for (const field of Object.values(actFields).flat()) {
      expect(words).toContain(field.label)
      for (const [, label] of field.options ?? []) expect(words).toContain(label)
    }
    for (const act of [...asideActs, ...objectionActs]) expect(possibleActs).toContain(act)
  })
})
