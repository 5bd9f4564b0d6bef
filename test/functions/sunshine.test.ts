import { createHash, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetCaller } from '#functions/platform/caller.ts'
import { disclosureStepItem, sunshineBookItem, sunshineEntryItem } from '#functions/platform/table/items/sunshine.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { sunshineIndex, sunshineKeys } from '#functions/platform/table/sunshine-keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { handler } from '#functions/sunshine/index.ts'
import { handler as tick } from '#functions/sunshine/on-tick.ts'
import { handler as funds } from '#functions/fund/index.ts'
import { handler as onSale } from '#functions/fund/on-sale.ts'
import { fundHeadItem } from '#functions/platform/table/items/ledger.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import type { SaleEvent } from '#shared/contracts/events.ts'
import { type FundStatementView, getFundStatement } from '#shared/contracts/fund-statement.ts'
import type { Problem, Route } from '#shared/contracts/route.ts'
import {
  answerDisclosureObjection,
  correctFundAccounts,
  type DisclosureView,
  exportPublication,
  getDisclosure,
  insistOnObjection,
  listDisclosures,
  listSunshineTasks,
  objectToDisclosure,
  publishAccounts,
  ruleOnDisclosureObjection,
} from '#shared/contracts/sunshine.ts'
import {
  type BookView,
  getBook,
  listBooks,
  openBook,
  recordEntry,
  reverseEntry,
  type SunshineEntry,
} from '#shared/contracts/sunshine-book.ts'
import { deltaFen } from '#shared/domain/sunshine/book.ts'
import { personId } from '#shared/kernel/ids.ts'
import { ISSUER, startBackend, type Backend } from '../fixtures/backend.ts'
import { call, lambdaContext, type Called } from '../fixtures/call.ts'
import { reversal, sale, settlement } from '../domain/fund-story.ts'
import { deliver, record as recordSales } from './fund-table.ts'
import { beforeEachWrite, beforeReadingPartition, beforeWriting, killWrites } from '../fixtures/interleave.ts'

vi.mock('#functions/platform/token.ts', () => ({
  personOfToken: async (token: string) => personId(ISSUER, token),
}))

/** In the quarter after, and before its accounts are due. */
const NOW = Date.parse('2026-10-12T02:00:00.000Z')
const DAY = 86_400_000
const [Q3, Q4] = ['2026-q3', '2026-q4'] as const
let backend: Backend
let community = ''
let [compound, other] = ['', '']

async function give(sub: string, role: string, scopeId: string, more: object = {}): Promise<void> {
  forgetCaller(personId(ISSUER, sub))
  const person = personId(ISSUER, sub)
  await backend.put('market', {
    ...keys.membership(person, role, scopeId),
    ...{ entity: 'membership', v: 1, personId: person, memberId: `m-${sub}`, role, scopeId, scopeName: scopeId },
    ...more,
  })
}

const livesIn = (sub: string, compoundId: string, room: number, state = 'verified') =>
  give(sub, 'resident', `${compoundId}.1.1.${room}`, { compoundId, state })

async function aCompound(compoundId: string, name: string): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('compound', compoundId), ...index.places('compound', 'xinqu', community, compoundId) },
    ...{ entity: 'compound', v: 1, compoundId, name, type: 'old', communityId: community },
    ...{ communityName: '新华社区', townId: 'xinqu', townName: '新区街道', synthetic: true },
  })
}

async function aBody(bodyId: string, bodyKind: string, communityId: string): Promise<void> {
  await backend.put('market', {
    ...{ ...keys.place('body', bodyId), ...index.places('body', '', communityId, bodyId) },
    ...{ entity: 'body', v: 1, bodyId, name: `${bodyId} 公司`, bodyKind, districtId: '371502', communityId },
  })
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(NOW)
  backend = await startBackend()
})
beforeEach(async () => {
  vi.setSystemTime(NOW)
  await backend.empty()
  community = `x-${randomUUID().slice(0, 8)}`
  ;[compound, other] = [`c-1-${community}`, `c-2-${community}`]
  await Promise.all([
    aCompound(compound, '近处小区'),
    aCompound(other, '远处小区'),
    aBody(`property-${community}`, 'property', community),
    aBody(`owners-${community}`, 'owners-committee', community),
    aBody('property-elsewhere', 'property', 'elsewhere'),
    give('keeper', 'body', `property-${community}`),
    give('second-keeper', 'body', `property-${community}`),
    give('rival', 'body', 'property-elsewhere'),
    give('worker', 'worker', community),
    give('stranger', 'worker', 'elsewhere'),
    give('admin', 'admin', '371502'),
    give('charity', 'charity', 'charity-1'),
    livesIn('resident', compound, 1),
    livesIn('spouse', compound, 1),
    livesIn('neighbour', compound, 2),
    livesIn('claims', compound, 3, 'claimed'),
    livesIn('far', other, 1),
    livesIn('both', compound, 4),
    give('both', 'worker', community),
  ])
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  vi.useRealTimers()
  await backend.stop()
})

const goTo = (at: number | string) => vi.setSystemTime(typeof at === 'string' ? Date.parse(at) : at)
const run = () =>
  (tick as unknown as (event: unknown, context: unknown) => Promise<{ moved: number; failed: number }>)(
    {},
    lambdaContext(),
  )
const ask = (route: Route, as: string | undefined, params: Record<string, string>, body?: unknown) =>
  call(handler, route, {
    params,
    ...(body === undefined ? {} : { body }),
    ...(as === undefined ? {} : { as, headers: { authorization: `Bearer ${as}` } }),
  })
const codeOf = ({ body }: Called) => (body as Problem).code
const idOf = (quarter: string = Q3, book = 'property', of = compound) => `${book}.${quarter}.${of}`

const open = (as = 'worker', change: object = {}, of = compound) =>
  ask(
    openBook,
    as,
    { compoundId: of },
    {
      ...{
        bodyId: `property-${community}`,
        firstQuarter: Q3,
        openingFen: 1_000_000,
        openingNote: '接管时的银行对账单',
      },
      ...change,
    },
  )
const money = (change: object = {}) => ({
  ...{ day: '2026-08-15', category: 'parking', amountFen: 320_000, text: '八月地面车位费', voucher: '收-0815' },
  ...{ booking: 'in-time', ...change },
})
const record = (change: object = {}, as = 'keeper', entryId: string = randomUUID(), of = compound) =>
  ask(recordEntry, as, { compoundId: of, entryId }, money(change))
const recorded = async (change: object = {}) => {
  const answer = await record(change)
  expect(answer, answer.text).toMatchObject({ status: 200 })
  return answer.body as SunshineEntry
}
const reverse = (seq: number, change: object = {}, as = 'keeper', entryId: string = randomUUID()) =>
  ask(
    reverseEntry,
    as,
    { compoundId: compound, entryId },
    {
      ...{ quarter: Q3, seq, text: '金额录错，冲销重记', booking: 'in-time', ...change },
    },
  )
const book = async (quarter?: string, as = 'keeper') =>
  call(handler, getBook, {
    params: { compoundId: compound },
    as,
    ...(quarter === undefined ? {} : { query: { quarter } }),
  })
const bookOf = async (quarter?: string) => (await book(quarter)).body as BookView
const publish = async (change: object = {}, quarter: string = Q3, as = 'keeper') => {
  const { seq, quarters } = await bookOf(quarter)
  const bankFen = quarters.find((each) => each.quarter === quarter)?.closingFen
  return ask(publishAccounts, as, { disclosureId: idOf(quarter) }, { version: 1, throughSeq: seq, bankFen, ...change })
}
const seen = async (as?: string, disclosureId = idOf()) =>
  (await ask(getDisclosure, as, { disclosureId })).body as DisclosureView
const object = (as = 'resident', change: object = {}, disclosureId = idOf()) =>
  ask(objectToDisclosure, as, { disclosureId }, { version: 1, text: '电梯广告费怎么没有写进去', ...change })
type Said = typeof answerDisclosureObjection | typeof insistOnObjection | typeof ruleOnDisclosureObjection
const say = (route: Said, as: string, change: object = {}, number = 1, disclosureId = idOf()) =>
  ask(route, as, { disclosureId, number: String(number) }, { text: '广告费九月底才到账，在下一季度', ...change })

/** A book with two entries whose quarter is published. */
async function published(): Promise<void> {
  expect((await open()).status).toBe(200)
  await recorded()
  await recorded({
    category: 'repair',
    amountFen: 120_000,
    text: '二号楼单元门维修',
    voucher: '付-0820',
    day: '2026-08-20',
  })
  const answer = await publish()
  expect(answer, answer.text).toMatchObject({ status: 200 })
}

describe('a book', () => {
  it('is opened by the community, for a property company of its own, once', async () => {
    for (const as of ['keeper', 'resident', 'stranger', 'charity']) expect((await open(as)).status, as).toBe(403)
    expect(codeOf(await open('worker', { bodyId: `owners-${community}` }))).toBe('NOT_A_PROPERTY_COMPANY')
    expect(codeOf(await open('worker', { bodyId: 'property-elsewhere' }))).toBe('NOT_A_PROPERTY_COMPANY')
    expect(codeOf(await open('worker', { firstQuarter: '2027-q1' }))).toBe('QUARTER_OUT_OF_RANGE')
    expect(codeOf(await open('worker', { firstQuarter: '2025-q3' }))).toBe('QUARTER_OUT_OF_RANGE')
    expect((await open('worker', {}, 'nowhere')).status).toBe(404)
    await give('worker', 'body', `property-${community}`)
    expect(codeOf(await open())).toBe('INTERESTED')
    const [first, again, differs] = [await open('admin'), await open('admin'), await open('admin', { openingFen: 5 })]
    expect([first.status, again.status, codeOf(differs)]).toEqual([200, 200, 'BOOK_EXISTS'])
  })

  it('is opened once by two who ask at the same moment', async () => {
    const answers = await Promise.all([open('admin'), open('worker', { openingFen: 7 })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('is for who keeps it and for the community, and its entries are the keeper’s alone', async () => {
    await open()
    for (const as of ['worker', 'admin', 'resident', 'rival', 'charity', 'stranger']) {
      expect((await record({}, as)).status, as).toBe(403)
    }
    const readers = { keeper: 200, worker: 200, admin: 200, resident: 403, rival: 404, stranger: 404, charity: 403 }
    for (const [as, status] of Object.entries(readers)) expect((await book(undefined, as)).status, as).toBe(status)
    expect((await call(handler, listBooks, { query: { bodyId: `property-${community}` }, as: 'rival' })).status).toBe(
      403,
    )
    const mine = await call(handler, listBooks, { query: { bodyId: `property-${community}` }, as: 'keeper' })
    expect(mine.body).toMatchObject({ items: [{ compoundId: compound, balanceFen: 1_000_000, correcting: false }] })
  })

  it('has a running balance, and a reversal takes an entry back once', async () => {
    await open()
    const first = await recorded()
    expect(first).toMatchObject({ seq: 1, direction: 'income', balanceFen: 1_320_000 })
    expect(await recorded({ category: 'tax', amountFen: 20_000 })).toMatchObject({ seq: 2, balanceFen: 1_300_000 })
    const answers = await Promise.all([reverse(1), reverse(1, {}, 'second-keeper')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(answers.map(codeOf)).toContain('REVERSED_ONCE')
    const { entries, balanceFen } = await bookOf(Q3)
    expect(balanceFen).toBe(980_000)
    expect(entries.map(({ seq, reverses, reversedBy, mayReverse }) => [seq, reverses, reversedBy, mayReverse])).toEqual(
      [
        [1, undefined, 3, false],
        [2, undefined, undefined, true],
        [3, 1, undefined, false],
      ],
    )
    expect(codeOf(await reverse(3))).toBe('NOT_REVERSIBLE')
    expect(codeOf(await reverse(9))).toBe('UNKNOWN_ENTRY')
  })

  it('takes the same entry once, however often and with whomever at once it is sent', async () => {
    await open()
    const entryId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 4 }, () => record({}, 'keeper', entryId)))
    for (const each of answers) expect(each.body).toMatchObject({ seq: 1, balanceFen: 1_320_000 })
    expect(codeOf(await record({ amountFen: 1 }, 'keeper', entryId))).toBe('ENTRY_ID_REUSED')
    const many = await Promise.all(Array.from({ length: 6 }, (_, at) => record({ amountFen: 100 + at })))
    expect(many.filter(({ status }) => status === 200).length).toBe(6)
    const { entries, seq, balanceFen } = await bookOf(Q3)
    expect(entries.map((each) => each.seq)).toEqual([1, 2, 3, 4, 5, 6, 7])
    let balance = 1_000_000
    for (const entry of entries) expect(entry.balanceFen).toBe((balance += deltaFen(entry)))
    expect([seq, balanceFen]).toEqual([7, balance])
  })

  it('refuses telephone numbers, days to come and days before it', async () => {
    await open()
    expect(await record({ text: '付给张师傅 13812345678' })).toMatchObject({ status: 400 })
    expect(codeOf(await record({ day: '2026-10-13' }))).toBe('DAY_TO_COME')
    expect(codeOf(await record({ day: '2026-06-30' }))).toBe('BEFORE_THE_BOOK')
    for (const amountFen of [0, -1, 1.5]) expect((await record({ amountFen })).status).toBe(400)
  })

  it('is whole when its writer dies between', async () => {
    await open()
    killWrites(() => true)
    expect((await record()).status).toBe(500)
    vi.restoreAllMocks()
    expect(await bookOf(Q3)).toMatchObject({ seq: 0, balanceFen: 1_000_000, entries: [] })
  })
})

describe('a publication', () => {
  it('is the frozen book, and anybody computes its hash from the file', async () => {
    await published()
    const view = await seen()
    expect(view).toMatchObject({ state: 'displayed', version: 1, closingFen: 1_200_000, openObjections: 0 })
    expect(view.publication?.figures).toEqual({
      ...{ openingFen: 1_000_000, incomeFen: 320_000, expenseFen: 120_000, closingFen: 1_200_000 },
      income: [{ category: 'parking', amountFen: 320_000 }],
      expense: [{ category: 'repair', amountFen: 120_000 }],
    })
    expect(view.publication?.entries.map(({ balanceFen }) => balanceFen)).toEqual([1_320_000, 1_200_000])
    expect(JSON.stringify(view)).not.toContain('keeper|')
    const file = await ask(exportPublication, undefined, { disclosureId: idOf(), version: '1' })
    const [frozen = '', rest = ''] = file.text.split(/(?<=\n)(?=\{"kind":"hash")/)
    const sha256 = createHash('sha256').update(frozen).digest('hex')
    expect(rest).toBe(`{"kind":"hash","sha256":"${sha256}"}\n`)
    expect(view.sha256).toBe(sha256)
    expect(Date.parse(view.displayUntil ?? '') - NOW).toBe(30 * DAY)
  })

  it('is made by who keeps the book, when the quarter is over, of what they looked at', async () => {
    await open()
    await recorded()
    for (const as of ['rival', 'worker', 'charity', 'resident'])
      expect((await publish({}, Q3, as)).status, as).toBe(403)
    expect(codeOf(await publish({ throughSeq: 0 }))).toBe('BOOK_CHANGED')
    expect(codeOf(await publish({ bankFen: 1 }))).toBe('DIFFERENCE_UNEXPLAINED')
    expect((await publish({}, Q4)).status).toBe(404)
    const explained = await publish({ bankFen: 1, differenceNote: '九月三十日的停车费在途' })
    expect(explained.body).toMatchObject({ publication: { bankFen: 1, differenceNote: '九月三十日的停车费在途' } })
    expect(codeOf(await publish({}, Q4))).toBe('QUARTER_NOT_OVER')
  })

  it('is made once, also by two at once, and is not made of what came in between', async () => {
    await open()
    await recorded()
    const answers = await Promise.all([publish(), publish(), publish({}, Q3, 'second-keeper')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await seen()).versions.length).toBe(1)
    expect(codeOf(await publish({ bankFen: 5, differenceNote: '不是一回事的说明' }))).toBe('ALREADY_PUBLISHED')
  })

  it('does not leave out an entry that is recorded at the same moment', async () => {
    await open()
    await recorded()
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.['entity']?.S === 'sunshinePublication'),
      () => record({ amountFen: 777 }),
    )
    expect(codeOf(await publish())).toBe('BOOK_CHANGED')
    expect(await bookOf(Q3)).toMatchObject({ seq: 2, balanceFen: 1_320_777 })
    expect((await seen()).state).toBe('awaited')
  })

  it('is not half of the book when an entry comes between its sums and its entries', async () => {
    await open()
    await recorded()
    const { seq } = await bookOf(Q3)
    beforeReadingPartition('SUNSHINE#ENTRIES#', () => record({ amountFen: 777 }))
    const body = { version: 1, throughSeq: seq, bankFen: 1_320_000 }
    const answer = await ask(publishAccounts, 'keeper', { disclosureId: idOf() }, body)
    expect(codeOf(answer), answer.text).toBe('BOOK_CHANGED')
  })

  it('of the next quarter waits for a correction that becomes due at the same moment', async () => {
    await published()
    await object()
    await say(answerDisclosureObjection, 'keeper')
    await say(insistOnObjection, 'resident', { text: '合同上写的是八月付清的' })
    goTo('2027-01-05T02:00:00.000Z')
    beforeWriting(
      (writes) => writes.some((write) => write.Put?.Item?.['entity']?.S === 'sunshinePublication'),
      () => say(ruleOnDisclosureObjection, 'worker', { upheld: true }),
    )
    expect(codeOf(await publish({}, Q4))).toBe('CORRECTION_FIRST')
    expect((await seen(undefined, idOf(Q4))).state).toBe('awaited')
  })

  it('lets nothing into its quarter afterwards but what corrects it', async () => {
    await published()
    const { sha256 } = await seen()
    expect(codeOf(await record())).toBe('QUARTER_PUBLISHED')
    expect(codeOf(await reverse(1))).toBe('QUARTER_PUBLISHED')
    expect(await recorded({ booking: 'late', amountFen: 500 })).toMatchObject({ seq: 3, booking: 'late' })
    expect((await bookOf(Q4)).entries.map(({ seq }) => seq)).toEqual([3])
    expect((await reverse(1, { booking: 'correction' })).status).toBe(200)
    await recorded({ booking: 'correction', amountFen: 300_000, text: '八月地面车位费更正' })
    expect(await bookOf(Q3)).toMatchObject({ correcting: true, publishedVersion: 1 })
    expect((await seen()).publication).toMatchObject({ version: 1, figures: { closingFen: 1_200_000 } })

    goTo('2027-01-05T02:00:00.000Z')
    expect(codeOf(await publish({}, Q4))).toBe('CORRECTION_FIRST')
    expect(codeOf(await publish({ version: 2 }))).toBe('CORRECTION_UNEXPLAINED')
    const again = await publish({ version: 2, note: '八月车位费多记了二百元' })
    expect(again, again.text).toMatchObject({ status: 200 })
    const view = await seen()
    expect(view.publication).toMatchObject({ version: 2, replacesSha256: sha256, figures: { closingFen: 1_180_000 } })
    expect(view.versions.map(({ version }) => version)).toEqual([1, 2])
    const first = await call(handler, getDisclosure, { params: { disclosureId: idOf() }, query: { version: '1' } })
    expect(first.body).toMatchObject({ sha256, publication: { figures: { closingFen: 1_200_000 } } })

    const next = await publish({}, Q4)
    expect(next, next.text).toMatchObject({ status: 200 })
    expect(next.body).toMatchObject({ publication: { figures: { openingFen: 1_180_000, closingFen: 1_180_500 } } })
    expect(codeOf(await record({ booking: 'correction' }))).toBe('NOT_CORRECTABLE')
    expect(codeOf(await publish({ version: 3, bankFen: 0, note: '再改一次试一试' }))).toBe('NOT_THE_NEXT')
  })

  it('that is late is told so once, whenever the clock comes', async () => {
    await open()
    const { dueAt } = await seen()
    expect(Date.parse(dueAt) - NOW).toBe(30 * DAY)
    goTo(Date.parse(dueAt) - 1)
    await run()
    expect((await seen()).state).toBe('awaited')
    goTo(Date.parse(dueAt) + 9 * DAY)
    await Promise.all([run(), run()])
    await run()
    expect(await seen()).toMatchObject({ state: 'late' })
    expect((await steps()).map(({ facts }) => facts.act)).toEqual(['begin', 'late'])
    const { items } = (await ask(listDisclosures, undefined, { compoundId: compound })).body as {
      items: { disclosureId: string }[]
    }
    expect(items.map(({ disclosureId }) => disclosureId)).toContain(idOf(Q4))
    await publish()
    expect(await seen()).toMatchObject({ state: 'displayed', dueAt })
  })
})

async function steps(disclosureId = idOf()) {
  const items = await backend.partition('market', sunshineKeys.disclosure(disclosureId).PK)
  return items.flatMap((item) => (item['entity'] === 'sunshineStep' ? [disclosureStepItem.parse(item)] : []))
}

it('each step leaves one event, for whoever subscribed to the compound’s accounts', async () => {
  await published()
  await object()
  const events = (
    await backend.scan('market', { filter: '#type = :moved', values: { ':moved': 'disclosure.moved.v1' } })
  )
    .filter(({ disclosureId }) => disclosureId === idOf())
    .sort((left, right) => Number(left['step']) - Number(right['step']))
  expect(events.map(({ step }) => step)).toEqual((await steps()).map((_step, at) => at + 1))
  expect(events.at(-1)).toMatchObject({ state: 'displayed', book: 'property', quarter: Q3, compoundId: compound })
  // Nothing of who objected, and of what they said.
  expect(Object.keys(events.at(-1) ?? {})).not.toEqual(expect.arrayContaining(['personId']))
  expect(JSON.stringify(events)).not.toContain('householdId')
})

describe('an objection', () => {
  it('is a verified household’s of the compound, and names nobody', async () => {
    await published()
    for (const as of ['claims', 'far', 'keeper', 'worker']) expect((await object(as)).status, as).toBe(403)
    expect(codeOf(await object('resident', { seq: 9 }))).toBe('UNKNOWN_ENTRY')
    const done = await object('resident', { seq: 1 })
    expect(done, done.text).toMatchObject({ status: 200, body: { openObjections: 1 } })
    expect((await object('resident', { seq: 1 })).body).toMatchObject({ openObjections: 1 })
    expect((await seen('spouse')).objections[0]).toMatchObject({ mine: true, mayInsist: false })
    expect((await seen('neighbour')).objections[0]).toMatchObject({ mine: false })
    const told = JSON.stringify(await seen())
    expect(told).not.toContain(ISSUER)
    expect(told).not.toContain(`${compound}.1.1.1`)
    expect((await object('spouse', { text: '再提一件别的异议试试看' })).status).toBe(200)
    expect(codeOf(await object('resident', { text: '第三件就不行了，每户两件' }))).toBe('OBJECTED_ENOUGH')
    expect((await object('neighbour')).status).toBe(200)
  })

  it('is answered, insisted on, ruled on, and brings a correction', async () => {
    await published()
    await object()
    for (const as of ['rival', 'charity', 'worker', 'resident']) {
      expect((await say(answerDisclosureObjection, as)).status, as).toBe(403)
    }
    expect(codeOf(await say(ruleOnDisclosureObjection, 'worker', { upheld: true }))).toBe('NOT_NOW')
    expect(await tasks({ bodyId: `property-${community}` }, 'keeper')).toEqual([
      ['answer', idOf()],
      ['publish', idOf(Q4)],
    ])
    expect((await say(answerDisclosureObjection, 'keeper')).status).toBe(200)
    expect((await say(answerDisclosureObjection, 'keeper')).status).toBe(200)
    expect(codeOf(await say(answerDisclosureObjection, 'keeper', { text: '换一种说法再答复一遍' }))).toBe('NOT_NOW')
    expect((await say(insistOnObjection, 'neighbour')).status).toBe(403)
    expect((await say(insistOnObjection, 'spouse', { text: '合同上写的是八月付清的' })).status).toBe(200)
    expect(await tasks({ communityId: community }, 'worker')).toEqual([['rule', idOf()]])
    expect((await say(ruleOnDisclosureObjection, 'stranger', { upheld: true })).status).toBe(403)
    await give('spouse', 'worker', community)
    expect(codeOf(await say(ruleOnDisclosureObjection, 'spouse', { upheld: true }))).toBe('INTERESTED')
    await give('keeper', 'worker', community)
    expect(codeOf(await say(ruleOnDisclosureObjection, 'keeper', { upheld: false }))).toBe('INTERESTED')
    const ruled = await say(ruleOnDisclosureObjection, 'worker', { upheld: true, text: '看了合同，八月应当入账' })
    expect(ruled, ruled.text).toMatchObject({
      status: 200,
      body: { objections: [{ state: 'upheld' }], openObjections: 0 },
    })
    expect((await tasks({ bodyId: `property-${community}` }, 'keeper'))[0]).toEqual(['correct', idOf()])
    const { correctBy } = await seen()
    goTo(correctBy ?? '')
    await run()
    await run()
    expect((await steps()).filter(({ facts }) => facts.act === 'correction-late').length).toBe(1)
    await recorded({ booking: 'correction', category: 'advertising', amountFen: 60_000, text: '八月电梯广告费' })
    expect((await publish({ version: 2, note: '补上八月电梯广告费' })).status).toBe(200)
    expect((await seen()).correctBy).toBeUndefined()
    expect(await tasks({ communityId: community }, 'worker')).toEqual([])
  })

  it('that nobody answers in time goes on to the branch, which is told once', async () => {
    await published()
    await object()
    goTo(NOW + 3 * DAY)
    await run()
    await run()
    expect((await seen()).objections[0]).toMatchObject({ state: 'insisted', answerLate: true })
    expect((await say(answerDisclosureObjection, 'keeper')).status).toBe(200)
    expect((await seen()).objections[0]).toMatchObject({
      state: 'insisted',
      answer: { text: '广告费九月底才到账，在下一季度' },
    })
    goTo(NOW + 8 * DAY)
    await run()
    await run()
    expect((await seen()).objections[0]).toMatchObject({ ruleLate: true, state: 'insisted' })
    // The display does not end while it is open.
    goTo(NOW + 40 * DAY)
    await run()
    expect((await seen()).state).toBe('displayed')
    expect(codeOf(await object('neighbour'))).toBe('NOT_NOW')
    expect((await say(ruleOnDisclosureObjection, 'worker', { upheld: false })).status).toBe(200)
    await run()
    expect((await seen()).state).toBe('done')
    expect((await steps()).map(({ facts }) => facts.act)).toEqual([
      ...['begin', 'publish', 'object', 'answer-late', 'answer', 'rule-late', 'rule', 'end-display'],
    ])
  })

  it('that the household leaves at the answer is settled by the clock', async () => {
    await published()
    await object()
    await say(answerDisclosureObjection, 'keeper')
    goTo(NOW + 3 * DAY)
    expect(codeOf(await say(insistOnObjection, 'resident'))).toBe('NOT_NOW')
    await run()
    expect((await seen()).objections[0]).toMatchObject({ state: 'settled' })
  })

  it('and its answer that meet the clock are one after the other', async () => {
    await published()
    await object()
    goTo(NOW + 3 * DAY)
    beforeWriting((writes) => writes.some((write) => write.Put?.Item?.['entity']?.S === 'sunshineStep'), run)
    expect((await say(answerDisclosureObjection, 'keeper')).status).toBe(200)
    expect((await steps()).map(({ facts }) => facts.act)).toEqual([
      'begin',
      'publish',
      'object',
      'answer-late',
      'answer',
    ])
  })
})

async function tasks(query: Record<string, string>, as: string): Promise<[string, string][]> {
  const answer = await call(handler, listSunshineTasks, { query, as })
  const { items } = answer.body as { items: { todo: string; disclosureId: string }[] }
  return items.map(({ todo, disclosureId }) => [todo, disclosureId])
}

describe('the charity fund', () => {
  const fund = (quarter: string = Q4) => idOf(quarter, 'fund')

  it('has its figures published by the clock when the quarter is over, from the ledger and by nobody’s hand', async () => {
    await run()
    expect(await seen(undefined, fund())).toMatchObject({ state: 'awaited', book: 'fund' })
    goTo('2026-12-31T16:30:00.000Z')
    await run()
    expect((await seen(undefined, fund())).state).toBe('awaited')
    goTo('2026-12-31T17:00:00.000Z')
    await Promise.all([run(), run()])
    const view = await seen(undefined, fund())
    expect(view).toMatchObject({ state: 'displayed', version: 1, openingFen: 0, closingFen: 0 })
    expect(view.publication).toMatchObject({ entries: [], ledger: { seq: 0 } })
    expect((await seen(undefined, fund('2027-q1'))).state).toBe('awaited')
    expect(
      (await ask(publishAccounts, 'keeper', { disclosureId: fund() }, { version: 1, throughSeq: 0, bankFen: 0 }))
        .status,
    ).toBe(404)
    expect(codeOf(await object('resident', { seq: 1 }, fund()))).toBe('UNKNOWN_ENTRY')
    expect((await object('resident', {}, fund())).status).toBe(200)
    expect((await say(answerDisclosureObjection, 'keeper', {}, 1, fund())).status).toBe(403)
    expect((await say(answerDisclosureObjection, 'charity', {}, 1, fund())).status).toBe(200)
    const note = { version: 2, note: '说明：本季度没有成交' }
    expect((await ask(correctFundAccounts, 'keeper', { disclosureId: fund() }, note)).status).toBe(403)
    const corrected = await ask(correctFundAccounts, 'charity', { disclosureId: fund() }, note)
    expect(corrected, corrected.text).toMatchObject({
      status: 200,
      body: { publication: { version: 2, note: note.note } },
    })
  })

  it('waits for nobody whose own turn fails, however many there are', async () => {
    await run()
    const stuck = Array.from({ length: 60 }, (_, n) => `fund.2026-q4.stuck-${compound}-${n}`)
    const mark = (disclosureId: string) => ({
      ...{ ...sunshineKeys.due(disclosureId), ...sunshineIndex.due('2026-10-02T00:00:00.000Z', disclosureId) },
      ...{ entity: 'sunshineMark', v: 1, disclosureId },
    })
    await backend.putAll('market', stuck.map(mark))
    goTo('2026-12-31T17:00:00.000Z')
    await run()
    expect((await seen(undefined, fund())).state).toBe('displayed')
  })

  it('is not published before its quarter is over, whatever an index that lags says', async () => {
    await run()
    const early = sunshineIndex.due('2026-10-01T00:00:00.000Z', fund())
    await backend.put('market', {
      ...{ ...sunshineKeys.due(fund()), ...early, entity: 'sunshineMark', v: 1, disclosureId: fund() },
    })
    expect(await run()).toMatchObject({ moved: 0, failed: 0 })
    expect((await seen(undefined, fund())).state).toBe('awaited')
  })

  it('has the figures of its own statement, and what came after the quarter is not in them', async () => {
    const at = (events: readonly SaleEvent[]) => events.map((event) => ({ ...event, compoundId: compound }))
    const days = [
      ['2026-09-30T04:00:00.000Z', at([sale('s0', 50_000)])],
      ['2026-10-20T04:00:00.000Z', at([sale('s1', 10_000), settlement('s1')])],
      ['2026-12-31T15:59:00.000Z', at([sale('s2', 5_000), reversal('v1', 's1', 2_500)])],
      ['2026-12-31T16:01:00.000Z', at([sale('s3', 99_900)])],
    ] as const
    goTo('2026-10-12T02:00:00.000Z')
    await run()
    for (const [when, events] of days) {
      goTo(when)
      await recordSales(backend, events)
      await deliver(onSale, events)
    }
    goTo('2027-01-02T00:00:00.000Z')
    await run()
    const view = await seen(undefined, fund())
    const statement = (await call(funds, getFundStatement, { params: { compoundId: compound, period: '2026-Q4' } }))
      .body as FundStatementView
    expect(view).toMatchObject({ openingFen: 1_000, incomeFen: 250, expenseFen: 0, closingFen: 1_250 })
    expect(view.publication?.figures.income).toEqual([{ category: 'donated', amountFen: 250 }])
    const { seq, hash, opening, inflow, closing } = statement
    expect([opening.balanceFen, inflow.postedFen, closing.balanceFen]).toEqual([1_000, 250, 1_250])
    const { pendingFen, availableFen, reservedFen, clawbackFen, dueFen, cashFen } = closing
    expect(view.publication?.ledger).toEqual({
      ...{ seq, hash, pendingFen, availableFen, reservedFen, clawbackFen, dueFen, cashFen },
    })
  })

  it('whose figures do not agree is not published, and is late where everybody sees it', async () => {
    await run()
    goTo('2026-10-20T04:00:00.000Z')
    const events = [sale('s1', 10_000)].map((event) => ({ ...event, compoundId: compound }))
    await recordSales(backend, events)
    await deliver(onSale, events)
    const head = await get(fundHeadItem, ledgerKeys.head(compound), { table: 'LEDGER_TABLE' })
    const tampered = { ...head, balances: { ...head?.balances, pending: 777 } }
    await backend.put('ledger', { ...ledgerKeys.head(compound), ...tampered })
    goTo('2027-01-02T00:00:00.000Z')
    expect(await run()).toMatchObject({ failed: 1 })
    expect((await seen(undefined, fund())).state).toBe('awaited')
    goTo('2027-01-11T00:00:00.000Z')
    await run()
    expect((await seen(undefined, fund())).state).toBe('late')
    await backend.put('ledger', { ...ledgerKeys.head(compound), ...head })
    await run()
    expect(await seen(undefined, fund())).toMatchObject({ state: 'displayed', closingFen: 200 })
  })

  it('is never written by what is done here, nor anything but sunshine accounts', async () => {
    const written = new Set<string>()
    beforeEachWrite((writes) => {
      for (const write of writes) {
        const { TableName, Item, Key } = (write.Put ?? write.Update ?? write.Delete ?? write.ConditionCheck) as {
          TableName?: string
          Item?: Record<string, { S?: string }>
          Key?: Record<string, { S?: string }>
        }
        written.add(`${TableName} ${(Item ?? Key)?.['PK']?.S?.split('#')[0]}`)
      }
    })
    await published()
    await object()
    await say(answerDisclosureObjection, 'keeper')
    await say(insistOnObjection, 'resident')
    await say(ruleOnDisclosureObjection, 'worker', { upheld: true })
    await reverse(1, { booking: 'correction' })
    await publish({ version: 2, note: '冲销了第一笔' })
    goTo('2027-01-02T00:00:00.000Z')
    await run()
    expect([...written]).toEqual(['market SUNSHINE'])
  })
})

it('the stored book and entries are what the contract says', async () => {
  await published()
  expect(await get(sunshineBookItem, sunshineKeys.book(compound))).toMatchObject({ publishedThrough: Q3, seq: 2 })
  expect(await get(sunshineEntryItem, sunshineKeys.entry(compound, Q3, 1))).toMatchObject({
    personId: personId(ISSUER, 'keeper'),
  })
})
