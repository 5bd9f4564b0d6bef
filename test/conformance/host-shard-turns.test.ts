import { describe, expect, it } from 'vitest'
import { ShardTurns } from '../../cdk/local/shard-turns.ts'
import type { Turn } from '../../cdk/local/shard-turns.ts'
import { PAGE } from '../../cdk/local/stream-cursor.ts'

const ALL = [0, 1, 2, 3]

/** Reads one after the other, each when the turn before said so, `perSecond` records coming in evenly. */
function play(turns: ShardTurns, perSecond: number, forMs: number): { readonly atMs: number; readonly turn: Turn }[] {
  const played = []
  let sinceMs = 40
  for (let atMs = 0; atMs < forMs; atMs += sinceMs) {
    const turn = turns.next(Math.round((perSecond * sinceMs) / 1_000), atMs)
    played.push({ atMs, turn })
    sinceMs = Math.max(1, turn.everyMs)
  }
  return played
}

describe('the turns of the shards', () => {
  it('on a quiet stream all deliver after each read, and the next read is soon', () => {
    const played = play(new ShardTurns(4, 800), 200, 5_000)
    expect(played.every(({ turn }) => turn.shards.length === 4 && turn.everyMs === 40)).toBe(true)
  })

  it('on a busy stream each delivers once every poll, one after the other', () => {
    const busy = play(new ShardTurns(4, 800), 1_000, 8_000).slice(20)
    expect(busy.length).toBeGreaterThan(20)
    expect(busy.every(({ turn }) => turn.shards.length === 1)).toBe(true)
    for (const shard of ALL) {
      const moments = busy.filter(({ turn }) => turn.shards[0] === shard).map(({ atMs }) => atMs)
      const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? 0))
      expect(new Set(gaps)).toEqual(new Set([800]))
    }
    expect(new Set(busy.slice(1).map(({ atMs }, index) => atMs - (busy[index]?.atMs ?? 0)))).toEqual(new Set([200]))
  })

  it('a backlog is read without a pause, and all deliver', () => {
    const turns = new ShardTurns(4, 800)
    for (let at = 0; at < 5; at += 1) expect(turns.next(PAGE, at)).toEqual({ shards: ALL, everyMs: 0 })
  })

  it('becomes quiet again when little comes', () => {
    const turns = new ShardTurns(4, 800)
    for (let at = 0; at < 5; at += 1) turns.next(PAGE, at)
    expect(turns.next(10, 200).shards).toHaveLength(1)
    expect(turns.next(10, 4_000)).toEqual({ shards: ALL, everyMs: 40 })
  })

  it('a poll shorter than the quiet one holds for the quiet stream too, and one shard is always that shard', () => {
    expect(new ShardTurns(4, 20).next(1, 0)).toEqual({ shards: ALL, everyMs: 20 })
    expect(play(new ShardTurns(1, 800), 500, 4_000).every(({ turn }) => turn.shards[0] === 0)).toBe(true)
  })
})
