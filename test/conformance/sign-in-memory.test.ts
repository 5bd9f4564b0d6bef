import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemory } from '../../cdk/local/sign-in/memory.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('local sign-in: what is kept in memory', () => {
  it('forgets at the end of its time, by id and by uid', async () => {
    const sessions = createMemory().adapter('Session')
    await sessions.upsert('s1', { uid: 'u1', accountId: 'resident-1' }, 60)
    expect(await sessions.find('s1')).toMatchObject({ accountId: 'resident-1' })
    expect(await sessions.findByUid('u1')).toMatchObject({ accountId: 'resident-1' })
    vi.advanceTimersByTime(60_000)
    expect([await sessions.find('s1'), await sessions.findByUid('u1')]).toEqual([undefined, undefined])
  })

  it('sweeps what is over and keeps what is not', async () => {
    const memory = createMemory()
    const codes = memory.adapter('AuthorizationCode')
    await codes.upsert('short', { grantId: 'g' }, 1)
    await codes.upsert('long', { grantId: 'g' }, 100)
    vi.advanceTimersByTime(2000)
    memory.sweep()
    vi.setSystemTime(Date.now() - 2000) // back in time: what was swept stays away
    expect(await codes.find('short')).toBeUndefined()
    expect(await codes.find('long')).toBeDefined()
  })

  it('marks what is used, destroys, and revokes all of one grant', async () => {
    const codes = createMemory().adapter('AuthorizationCode')
    for (const id of ['a', 'b', 'c'])
      await codes.upsert(id, { grantId: id === 'c' ? 'g2' : 'g1', uid: `uid-${id}` }, 60)
    await codes.consume('a')
    expect((await codes.find('a'))?.consumed).toBe(Math.floor(Date.now() / 1000))
    await codes.destroy('b')
    expect([await codes.find('b'), await codes.findByUid('uid-b')]).toEqual([undefined, undefined])
    await codes.revokeByGrantId('g1')
    expect([await codes.find('a'), (await codes.find('c'))?.grantId]).toEqual([undefined, 'g2'])
  })

  it('keeps kinds apart and does not grow without end', async () => {
    const memory = createMemory()
    const [codes, grants] = [memory.adapter('AuthorizationCode'), memory.adapter('Grant')]
    await codes.upsert('x', { grantId: 'g' }, 60)
    expect(await grants.find('x')).toBeUndefined()
    for (let n = 0; n <= 50_000; n += 1) await grants.upsert(`g${n}`, {}, 60)
    expect([await grants.find('g0'), await grants.find('g50000')]).toEqual([undefined, {}])
  })
})
