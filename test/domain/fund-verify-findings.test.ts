import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '#shared/contracts/fund.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import {
  finishReplay,
  knowEarlier,
  startVerification,
  verifyEntry,
  verifyLedger,
  verifyLine,
} from '#shared/domain/fund/verify-ledger.ts'
import { goldenMovements, goldenStory } from '../contracts/ledger-golden-story.ts'
import { NOON, sale, settlement, sha256, StoryLedger, toldOnDays } from './fund-story.ts'

const vectors = new URL('../contracts/ledger-vectors/', import.meta.url)
const textOf = (name: string) => readFileSync(new URL(name, vectors), 'utf8')
const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

describe('what is wrong with a ledger is said line by line', () => {
  const findings = JSON.parse(textOf('findings.json')) as Record<string, string[]>
  it.each(Object.entries(findings))('%s', (name, said) => {
    const { problems, problemCount, ok } = verifyLedger(linesOf(textOf(name)), sha256)
    expect(problems.map(({ line, code, what }) => `${line} ${code} ${what}`)).toEqual(said)
    expect({ problemCount, ok }).toEqual({ problemCount: said.length, ok: false })
  })
})

type Change = Readonly<Record<string, unknown>>

/** The ledger with one entry told otherwise, and the chain written anew from there: only the rules can find it. */
function forged(ledger: StoryLedger, which: (entry: LedgerEntry) => boolean, change: Change): LedgerEntry[] {
  const entries: LedgerEntry[] = []
  let isDone = false
  for (const entry of ledger.entries) {
    const isIt: boolean = !isDone && which(entry)
    isDone ||= isIt
    const { hash: _hash, ...rest } = entry
    const prevHash = entries.at(-1)?.hash ?? entry.prevHash
    const told = { ...rest, ...(isIt ? change : {}), prevHash } as Omit<LedgerEntry, 'hash'>
    for (const name of Object.keys(told) as (keyof typeof told)[]) if (told[name] === undefined) delete told[name]
    entries.push({ ...told, hash: sha256(canonicalJson(told)) } as LedgerEntry)
  }
  if (!isDone) throw new Error('no such entry')
  return entries
}

function firstOf(entries: readonly LedgerEntry[]) {
  const { problems } = verifyLedger(
    entries.map((entry) => canonicalJson(entry)),
    sha256,
  )
  const [first] = problems
  return first && `${first.code} ${first.what}`
}

const kind = (wanted: string) => (entry: LedgerEntry) => entry.kind === wanted

describe('an entry that cannot be', () => {
  it.each<[string, Change, string]>([
    ['sale', { saleId: undefined }, 'EVENT no saleId'],
    ['sale', { channel: undefined }, 'EVENT a sale without its place'],
    ['sale', { villageId: undefined }, 'EVENT a sale without its place'],
    ['sale', { coopId: undefined }, 'EVENT a sale without its place'],
    ['sale', { amountFen: -1 }, 'EVENT a sale below zero'],
    ['sale', { eventId: 'sale:other' }, 'EVENT not the eventId of this sale'],
    ['sale', { agreementId: undefined }, 'EVENT a rate without an agreement'],
    ['reversal', { eventId: 'return:1' }, 'EVENT not the eventId of a reversal'],
    ['reversal', { amountFen: 0 }, 'EVENT a reversal that gives nothing back'],
    ['reversal', { amountFen: 1 }, 'EVENT a reversal that gives nothing back'],
    ['reversal', { saleId: 'nobody' }, 'EVENT a reversal before its sale'],
    ['settlement', { saleId: 'nobody' }, 'EVENT a settlement before its sale'],
    ['settlement', { eventId: 'settlement:other' }, 'EVENT not the eventId of this settlement'],
    ['settlement', { amountFen: -1 }, 'EVENT a settlement that changes net sales'],
  ])('a %s with %j', (what, change, said) => {
    expect(firstOf(forged(goldenStory(), kind(what), change))).toBe(said)
  })

  it.each<[string, Change, string]>([
    ['remittance', { agreementId: undefined }, 'EVENT a remittance without what it needs'],
    ['remittance', { coopId: undefined }, 'EVENT a remittance without what it needs'],
    ['reservation', { proposalId: undefined }, 'EVENT a reservation without what it needs'],
    ['reservation', { purpose: undefined }, 'EVENT a reservation without what it needs'],
    ['release', { proposalId: undefined }, 'EVENT a release without what it needs'],
    ['disbursement', { purpose: undefined }, 'EVENT a disbursement without what it needs'],
    ['in-kind', { agreementId: undefined }, 'EVENT a in-kind without what it needs'],
    ['in-kind', { coopId: undefined }, 'EVENT a in-kind without what it needs'],
    ['in-kind', { purpose: undefined }, 'EVENT a in-kind without what it needs'],
    ['remittance', { eventId: 'gift:1' }, 'EVENT not the eventId of this remittance'],
    ['reservation', { eventId: 'release:p-1' }, 'EVENT not the eventId of this reservation'],
    ['release', { eventId: 'disbursement:p-1' }, 'EVENT not the eventId of this release'],
    ['disbursement', { eventId: 'payment:p-1' }, 'EVENT not the eventId of this disbursement'],
    ['opening', { eventId: 'opening:2' }, 'EVENT not the eventId of this opening'],
    ['correction', { eventId: 'opening' }, 'EVENT a movement posted twice'],
    ['in-kind', { eventId: 'gift:1' }, 'EVENT not the eventId of this in-kind'],
    ['opening', { postings: [] }, 'EVENT a movement of nothing, or the wrong way'],
    ['release', { proposalId: 'p-nobody' }, 'EVENT more than is kept for the project'],
  ])('a %s with %j', (what, change, said) => {
    expect(firstOf(forged(goldenMovements(), kind(what), change))).toBe(said)
  })

  it('settles a sale once', () => {
    const story = goldenStory()
    const at = story.entries.findIndex(({ kind: is }) => is === 'settlement')
    const again = story.entries[at]
    if (again === undefined) throw new Error('no settlement')
    const twice = [...story.entries.slice(0, at + 1), again]
    expect(
      verifyLedger(
        twice.map((entry) => canonicalJson(entry)),
        sha256,
      ).problems[0],
    ).toEqual({
      ...{ line: at + 2, code: 'EVENT', what: 'a sale settled twice' },
    })
  })

  it('keeps what it was of: places, group buys, agreements', () => {
    for (const change of [{ groupBuyId: 'gb-9' }, { groupBuyId: undefined }, { agreementVersion: 9 }]) {
      const said = firstOf(forged(goldenStory(), kind('settlement'), change))
      expect(said).toMatch(/^FIELD (groupBuyId|agreementVersion) should be .* and is /)
    }
  })
})

describe('a verification', () => {
  it('goes on from an earlier day, with the sales that came before', () => {
    const events = [sale('s-1', 1_000), sale('s-2', 2_000), settlement('s-1'), settlement('s-2')]
    const ledger = toldOnDays(events, [0, 0, 1, 1])
    const [first] = ledger.closedDays
    if (first === undefined) throw new Error('no day has closed')
    const earlier = ledger.entries.slice(0, 2)
    const later = ledger.entries.slice(2)
    const state = startVerification(sha256, {
      ...first,
      fundId: ledger.head.fundId,
      lastPostedAt: earlier[1]?.postedAt,
    } as never)
    knowEarlier(state, earlier)
    for (const entry of later) verifyEntry(state, entry)
    const verified = finishReplay(state)
    expect(verified.problems).toEqual([])
    expect(verified.head?.balances).toEqual(ledger.head.balances)
    // Without them the settlements have no sale.
    const blind = startVerification(sha256, { ...first, fundId: ledger.head.fundId } as never)
    for (const entry of later) verifyEntry(blind, entry)
    expect(finishReplay(blind).problems[0]?.what).toBe('a settlement before its sale')
  })

  it('says which of the earlier entries do not fit', () => {
    const [first] = goldenStory().entries
    if (first === undefined) throw new Error('no entry')
    const state = startVerification(sha256)
    knowEarlier(state, [first])
    expect(state.problems).toEqual([])
    knowEarlier(state, [first])
    expect(state.problems.map(({ what }) => what)).toEqual([
      'a sale posted twice',
      `the earlier entries of ${first.eventId} do not fit`,
    ])
  })

  it('knows projects of before', () => {
    const { entries, head } = goldenMovements()
    const at = entries.findIndex(({ kind: is }) => is === 'disbursement')
    const state = startVerification(sha256)
    for (const entry of entries.slice(0, at)) verifyEntry(state, entry)
    const standing = finishReplay(state).head
    const next = startVerification(sha256, standing)
    knowEarlier(next, entries.slice(0, at))
    for (const entry of entries.slice(at)) verifyEntry(next, entry)
    expect(finishReplay(next)).toMatchObject({ ok: true, head: { seq: head.seq, balances: head.balances } })
  })

  it('tells of the days that ended on its way', () => {
    const ledger = toldOnDays([sale('s-1', 1_000), sale('s-2', 2_000), sale('s-3', 3_000)], [0, 1, 2])
    const state = startVerification(sha256)
    for (const line of ledger.lines()) verifyLine(state, line)
    expect(state.closedDays).toEqual(ledger.closedDays)
    expect(state.closedDays).toHaveLength(2)
    expect(state.line).toBe(4)
  })

  it('counts all problems and keeps a hundred', () => {
    const { problems, problemCount } = verifyLedger(
      Array.from({ length: 150 }, () => 'nonsense'),
      sha256,
    )
    expect({ kept: problems.length, problemCount }).toEqual({ kept: 100, problemCount: 151 })
    expect(problems[99]).toEqual({
      line: 100,
      code: 'FORMAT',
      what: 'Invalid input: expected object, received undefined',
    })
  })

  it('takes a head line of the same fund alone', () => {
    const own = new StoryLedger()
    own.post([sale('s-1', 1_000)], NOON)
    const other = new StoryLedger([], 'c-other')
    other.post([sale('s-1', 1_000, { compoundId: 'c-other' })], NOON)
    const lines = [...own.lines().slice(0, -1), other.lines().at(-1) ?? '']
    expect(verifyLedger(lines, sha256).problems).toEqual([
      { line: 2, code: 'FUND', what: 'the head line of fund c-other' },
    ])
  })

  it('breaks when the code does, and does not call it a wrong ledger', () => {
    const [entry] = goldenStory().entries
    if (entry === undefined) throw new Error('no entry')
    const broken = startVerification(() => {
      throw new TypeError('no hash')
    })
    expect(() => verifyEntry(broken, entry)).toThrow(TypeError)
  })
})
