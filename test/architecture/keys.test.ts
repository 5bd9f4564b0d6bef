import { manualEntryIndex, manualEntryKeys } from '#functions/platform/table/manual-entry-keys.ts'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { aidKeys } from '#functions/platform/table/aid-keys.ts'
import { aidSlipKeys } from '#functions/platform/table/aid-slip-keys.ts'
import { checkIndex, checkKeys } from '#functions/platform/table/check-keys.ts'
import { governanceIndex, governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { gridKeys } from '#functions/platform/table/grid-keys.ts'
import { hookIndex, hookKeys } from '#functions/platform/table/hook-keys.ts'
import { index as ofMost, type IndexKey, type Key, keys as mostKeys } from '#functions/platform/table/keys.ts'
import { matterIndex, matterKeys } from '#functions/platform/table/matter-keys.ts'
import { rankingIndex, rankingKeys } from '#functions/platform/table/ranking-keys.ts'
import { paperKeys } from '#functions/platform/table/paper-keys.ts'
import { sunshineIndex, sunshineKeys } from '#functions/platform/table/sunshine-keys.ts'
import { ownersRowsKeys } from '#functions/platform/table/owners-rows-keys.ts'
import { photoKeys } from '#functions/platform/table/photo-keys.ts'
import { ledgerKeys } from '#functions/platform/table/ledger-keys.ts'
import { clientIdSchema, idSchema } from '#shared/kernel/ids.ts'

/** All of the market; some are written down in files of their own. */
const named = (context: string, all: object) =>
  Object.fromEntries(Object.entries(all).map(([name, made]) => [`${context} ${name}`, made as unknown]))
const keys = {
  ...mostKeys,
  ...hookKeys,
  ...checkKeys,
  ...manualEntryKeys,
  ...named('aid slips', aidSlipKeys),
  ...named('governance', governanceKeys),
  ...named('grids', gridKeys),
  ...named('matters', matterKeys),
  ...named('papers', paperKeys),
  ...named('rankings', rankingKeys),
  ...named('sunshine', sunshineKeys),
}
const index = {
  ...ofMost,
  ...hookIndex,
  ...checkIndex,
  ...manualEntryIndex,
  ...named('governance', governanceIndex),
  ...named('matters', matterIndex),
  ...named('rankings', rankingIndex),
  ...named('sunshine', sunshineIndex),
}

/** Every key's partition begins with the context that owns it. */
const owners =
  /^(PLACE|CATALOGUE|GB|ORDER|CLAIM|NOTICE|PAYMENT|CASH|SETTLEMENT|FUND|GOVERNANCE|MATTERS|RANKINGS|AIDSLIP|SUNSHINE|HOOK|EVENT|JOB|SYSTEM)#/

/** Arguments no two of which are equal, so that a key that forgets one of them meets another. */
const sample = (from: number) => [`a${from}`, `b${from}`, `c${from}`, `d${from}`, `e${from}`] as const

type Maker = (...parts: readonly string[]) => Key | IndexKey
/** A key without parts is written as a constant. */
const makersOf = (all: object): [string, Maker][] =>
  Object.entries(all).map(([name, made]) => [name, typeof made === 'function' ? (made as Maker) : () => made as Key])
const call = (maker: Maker, from: number) => maker(...sample(from))

describe('the keys of the market', () => {
  it.each(makersOf(keys))('%s begins with its context', (_name, maker) => {
    expect((call(maker, 1) as Key).PK).toMatch(owners)
  })

  it.each(makersOf(index))('index %s begins with its context', (_name, maker) => {
    expect((call(maker, 1) as IndexKey).GSI1PK).toMatch(owners)
  })

  it('are different for different entities of the same ids', () => {
    const made = makersOf(keys).map(([name, maker]) => [name, JSON.stringify(call(maker, 1))] as const)
    const twins = made.filter(([, key]) => made.filter(([, other]) => other === key).length > 1).map(([name]) => name)
    expect(twins).toEqual([])
  })

  it('carry every part they are given, so that two things never share one key', () => {
    for (const [name, maker] of [...makersOf(keys), ...makersOf(index)]) {
      for (let part = 0; part < maker.length; part++) {
        const changed = sample(1).map((text, at) => (at === part ? `${text}9` : text))
        const before = JSON.stringify(maker(...sample(1)))
        const after = JSON.stringify(maker(...changed))
        // A shard of an index is a hash of the id: the id itself stands in its sort key.
        expect(after, `${name}, part ${part}`).not.toBe(before)
      }
    }
  })

  it('cannot be reached across: no id contains the separator', () => {
    for (const text of ['a#b', '#', 'A', 'a b', 'a/b', '']) expect(idSchema.safeParse(text).success, text).toBe(false)
    expect(clientIdSchema.safeParse('00000000-0000-4000-8000-00000000000#').success).toBe(false)
  })
})

describe('the numbered access patterns', () => {
  const numbers = (file: string, pattern: RegExp) =>
    [
      ...readFileSync(
        fileURLToPath(new URL(`../../functions/platform/table/${file}`, import.meta.url)),
        'utf8',
      ).matchAll(pattern),
    ].map((match) => Number(match[1]))

  it.each([
    ['keys.ts', /^ \* \| (\d+) +\|/gm, 20],
    ['ledger-keys.ts', /^ \* \| L(\d+) +\|/gm, 8],
    ['photo-keys.ts', /^ \* \| P(\d+) +\|/gm, 2],
    ['governance-keys.ts', /^ \* \| G(\d+) +\|/gm, 10],
    ['paper-keys.ts', /^ \* \| GP(\d+) +\|/gm, 3],
    ['matter-keys.ts', /^ \* \| M(\d+) +\|/gm, 11],
    ['owners-rows-keys.ts', /^ \* \| OR(\d+) +\|/gm, 1],
    ['aid-keys.ts', /^ \* \| A(\d+) +\|/gm, 4],
    ['aid-slip-keys.ts', /^ \* \| AS(\d+) +\|/gm, 1],
    ['ranking-keys.ts', /^ \* \| R(\d+) +\|/gm, 4],
    ['sunshine-keys.ts', /^ \* \| S(\d+) +\|/gm, 9],
  ] as const)('are written down in %s, each number once and in order', (file, pattern, least) => {
    const found = numbers(file, pattern)
    expect(found).toEqual([...new Set(found)].sort((left, right) => left - right))
    expect(found[0]).toBe(1)
    expect(found.length).toBeGreaterThanOrEqual(least)
  })
})

describe('the keys of photos', () => {
  it('are no two of them alike, and none those of a list of owners', () => {
    const made = [...makersOf(photoKeys), ...makersOf(ownersRowsKeys)].map(([, maker]) =>
      JSON.stringify(call(maker, 1)),
    )
    expect(new Set(made).size).toBe(made.length)
    for (const [, maker] of makersOf(ownersRowsKeys))
      expect(JSON.stringify(call(maker, 1))).not.toBe(JSON.stringify(call(maker, 2)))
  })
})

describe('the keys of household aid', () => {
  it('all begin with AID, which no key of the market does', () => {
    for (const [name, maker] of makersOf(aidKeys)) expect((call(maker, 1) as Key).PK, name).toMatch(/^AID#/)
    const ofMarket = [...makersOf(keys).map(([, maker]) => (call(maker, 1) as Key).PK)]
    expect(ofMarket.filter((PK) => PK.startsWith('AID#'))).toEqual([])
  })
})

describe('the keys of the ledger', () => {
  it('begin with the fund, and its entries sort by number', () => {
    expect(ledgerKeys.entry('c-1', 9).SK < ledgerKeys.entry('c-1', 10).SK).toBe(true)
    for (const key of [ledgerKeys.head('c-1'), ledgerKeys.entry('c-1', 1), ledgerKeys.marker('c-1', 'sale:1')]) {
      expect(key.PK).toMatch(/^FUND#c-1(#|$)/)
    }
  })
})
