import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstPrevRoot, rootOfDay } from '#shared/domain/fund/day-root.ts'
import { sha256 } from './fund-story.ts'

const fund = (fundId: string, seq = 1) => ({ fundId, seq, hash: sha256(`${fundId} ${seq}`) })
const rootOf = (funds: readonly ReturnType<typeof fund>[], prevRoot = firstPrevRoot(sha256)) =>
  rootOfDay('2026-11-23', funds, prevRoot, sha256)

describe('the root of a day over all funds', () => {
  it('does not depend on the order in which funds were read', () => {
    expect(rootOf([fund('c-b'), fund('c-a')])).toEqual(rootOf([fund('c-a'), fund('c-b')]))
  })

  it('leaves out what has no entry yet, so that a new compound changes no day before it', () => {
    expect(rootOf([fund('c-a'), fund('c-new', 0)]).root).toBe(rootOf([fund('c-a')]).root)
  })

  it('changes with any fund, any hash, any number, the day and the root before', () => {
    const base = rootOf([fund('c-a'), fund('c-b')])
    const others = [
      rootOf([fund('c-a')]),
      rootOf([fund('c-a'), fund('c-c')]),
      rootOf([fund('c-a'), fund('c-b', 2)]),
      rootOf([fund('c-a'), { ...fund('c-b'), hash: sha256('other') }]),
      rootOf([fund('c-a'), fund('c-b')], sha256('other')),
      rootOfDay('2026-11-24', [fund('c-a'), fund('c-b')], base.prevRoot, sha256),
    ]
    expect(new Set([base, ...others].map(({ root }) => root)).size).toBe(others.length + 1)
  })

  it('never has a fund twice', () => {
    expect(() => rootOf([fund('c-a'), fund('c-a', 2)])).toThrow('once')
  })

  it('is as its document says, digit by digit', () => {
    const document = readFileSync(join(import.meta.dirname, '../../shared/domain/fund/LEDGER-FORMAT.md'), 'utf8')
    const [text, root] = /```\n(\{"day":.*)\n```[^`]*`([0-9a-f]{64})`/.exec(document)?.slice(1) ?? []
    const { day, funds, prevRoot } = JSON.parse(text ?? '') as ReturnType<typeof rootOf>
    expect(sha256(text ?? '')).toBe(root)
    expect(rootOfDay(day, funds, prevRoot, sha256).root).toBe(root)
    expect(prevRoot).toBe(firstPrevRoot(sha256))
  })
})
