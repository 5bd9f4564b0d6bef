import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Agreement, Pairing } from '#shared/contracts/places.ts'
import { agreementInForce, agreementToShow } from '#shared/domain/places/agreement.ts'
import { inForceOn, inForceThroughout } from '#shared/kernel/term.ts'
import {
  AGREEMENT_VERSIONS_MAX,
  decidePairingImport,
  type PairingWithVersions,
} from '#shared/domain/places/import-pairing.ts'
import { plusDays } from '#shared/kernel/time.ts'

const agreement = (version: number, fromDay: string, toDay: string, rateBps = 200): Agreement => ({
  agreementId: 'agreement-1',
  version,
  rateBps,
  fromDay,
  toDay,
  purposes: ['公益服务'],
})

describe('the agreement in force', () => {
  const first = agreement(1, '2026-01-01', '2026-12-31')
  const second = agreement(2, '2026-06-01', '2027-05-31', 300)

  it('holds from the start of its first Shanghai day to the end of its last', () => {
    expect(agreementInForce([first], '2025-12-31')).toBeUndefined()
    expect(agreementInForce([first], '2026-01-01')).toBe(first)
    expect(agreementInForce([first], '2026-12-31')).toBe(first)
    expect(agreementInForce([first], '2027-01-01')).toBeUndefined()
  })

  it('is the newest version whose day has come: a later one does not stop today’s donation', () => {
    for (const versions of [
      [first, second],
      [second, first],
    ]) {
      expect(agreementInForce(versions, '2026-05-31')).toBe(first)
      expect(agreementInForce(versions, '2026-06-01')).toBe(second)
      expect(agreementInForce(versions, '2027-05-31')).toBe(second)
      expect(agreementInForce(versions, '2027-06-01')).toBeUndefined()
    }
    expect(agreementInForce([], '2026-06-01')).toBeUndefined()
  })

  it('is shown; when there is none today, the newest is, with its days', () => {
    expect(agreementToShow([first, second], '2026-05-31')).toBe(first)
    expect(agreementToShow([first, second], '2028-01-01')).toBe(second)
    expect(agreementToShow([], '2028-01-01')).toBeUndefined()
  })

  it('a window ending at Shanghai midnight does not touch the day that begins then', () => {
    const term = { fromDay: '2026-11-20', toDay: '2026-11-23' }
    expect(inForceThroughout(term, '2026-11-19T16:00:00.000Z', '2026-11-23T16:00:00.000Z')).toBe(true)
    expect(inForceThroughout(term, '2026-11-19T16:00:00.000Z', '2026-11-23T16:00:00.001Z')).toBe(false)
    expect(inForceThroughout(term, '2026-11-19T15:59:59.999Z', '2026-11-23T16:00:00.000Z')).toBe(false)
  })

  it('in force throughout means in force on every day between', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 13 }),
        (from, length, days) => {
          const term = { fromDay: '2026-11-10', toDay: plusDays('2026-11-10', length) }
          const opensDay = plusDays('2026-11-01', from)
          const every = Array.from({ length: days + 1 }, (_, at) => plusDays(opensDay, at)).every((day) =>
            inForceOn(term, day),
          )
          const opensAt = `${opensDay}T01:00:00.000Z`
          const closesAt = `${plusDays(opensDay, days)}T12:00:00.000Z`
          expect(inForceThroughout(term, opensAt, closesAt)).toBe(every)
        },
      ),
    )
  })
})

describe('importing a pairing', () => {
  const row = (more: Partial<Pairing> = {}): Pairing => ({
    pairingId: 'pairing-1',
    communityId: 'north',
    communityName: '社区',
    villageId: 'village-a',
    villageName: '村',
    townName: '镇',
    fromDay: '2026-01-01',
    toDay: '2028-12-31',
    synthetic: true,
    agreement: agreement(1, '2026-01-01', '2028-12-31'),
    ...more,
  })
  const save = (given: Pairing, existing?: PairingWithVersions): PairingWithVersions => {
    const decision = decidePairingImport(given, existing)
    if (decision.kind !== 'save') throw new Error(`not saved: ${JSON.stringify(decision)}`)
    return decision.pairing
  }
  const without = (given: Pairing): Pairing => {
    const { agreement: _agreement, ...rest } = given
    return rest
  }

  it('keeps every version, oldest first, and repeats change nothing', () => {
    const one = save(row())
    expect(decidePairingImport(row(), one).kind).toBe('unchanged')
    const second = row({ agreement: agreement(2, '2027-01-01', '2028-12-31', 300) })
    const two = save(second, one)
    expect(two.agreements.map((version) => version.version)).toEqual([1, 2])
    expect(decidePairingImport(second, two).kind).toBe('unchanged')
  })

  it('takes a pairing without an agreement, and one that comes later', () => {
    const none = save(without(row()))
    expect(none.agreements).toEqual([])
    expect(save(row(), none).agreements).toHaveLength(1)
  })

  it('changes the pairing itself without touching the agreement', () => {
    const one = save(row())
    const longer = save(row({ toDay: '2029-12-31' }), one)
    expect(longer.toDay).toBe('2029-12-31')
    expect(longer.agreements).toEqual(one.agreements)
  })

  const stored = save(row({ agreement: agreement(2, '2027-01-01', '2028-12-31', 300) }), save(row()))
  it.each([
    ['a changed rate', { ...agreement(2, '2027-01-01', '2028-12-31', 250) }, 'AGREEMENT_VERSION_EXISTS'],
    ['changed days', { ...agreement(2, '2027-01-02', '2028-12-31', 300) }, 'AGREEMENT_VERSION_EXISTS'],
    [
      'changed purposes',
      { ...agreement(2, '2027-01-01', '2028-12-31', 300), purposes: ['别的'] },
      'AGREEMENT_VERSION_EXISTS',
    ],
    ['a changed old version', agreement(1, '2026-01-01', '2028-12-31', 100), 'AGREEMENT_VERSION_EXISTS'],
    ['the old version again', agreement(1, '2026-01-01', '2028-12-31'), 'AGREEMENT_SUPERSEDED'],
    [
      'another agreement',
      { ...agreement(3, '2027-01-01', '2028-12-31'), agreementId: 'agreement-2' },
      'AGREEMENT_ID_CHANGED',
    ],
    ['days the wrong way round', agreement(3, '2028-01-01', '2027-12-31'), 'BAD_TERM'],
  ])('refuses %s', (_what, given, code) => {
    expect(decidePairingImport(row({ agreement: given }), stored)).toMatchObject({ kind: 'refused', code })
  })

  it('refuses a row that forgot the agreement, and a pairing that ends before it begins', () => {
    expect(decidePairingImport(without(row()), stored)).toMatchObject({ kind: 'refused', code: 'AGREEMENT_MISSING' })
    expect(decidePairingImport(row({ fromDay: '2029-01-01' }), undefined)).toMatchObject({
      kind: 'refused',
      code: 'BAD_TERM',
    })
  })

  it('refuses a gap filled from below, and too many versions', () => {
    const gap = save(row({ agreement: agreement(5, '2026-01-01', '2028-12-31') }))
    const below = row({ agreement: agreement(4, '2026-01-01', '2028-12-31') })
    expect(decidePairingImport(below, gap)).toMatchObject({ kind: 'refused', code: 'AGREEMENT_SUPERSEDED' })
    let full = save(row())
    for (let version = 2; version <= AGREEMENT_VERSIONS_MAX; version++) {
      full = save(row({ agreement: agreement(version, '2026-01-01', '2028-12-31') }), full)
    }
    const next = row({ agreement: agreement(AGREEMENT_VERSIONS_MAX + 1, '2026-01-01', '2028-12-31') })
    expect(decidePairingImport(next, full)).toMatchObject({ kind: 'refused', code: 'TOO_MANY_VERSIONS' })
  })
})
