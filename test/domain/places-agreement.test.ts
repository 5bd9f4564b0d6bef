import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pairing } from '#shared/contracts/places.ts'
import {
  AGREEMENT_TEXT_MAX,
  agreementRowSchema,
  agreementSchema,
  agreementTextSchema,
  signatorySchema,
  type Agreement,
} from '#shared/contracts/places-agreements.ts'
import { ENDS_SOON_DAYS } from '#shared/contracts/places-agreements.ts'
import { agreementOn, agreementInForce, agreementToShow } from '#shared/domain/places/agreement.ts'
import { standingOf } from '#shared/domain/places/agreement-standing.ts'
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
  base: 'net-sales',
  purposes: ['公益服务'],
  signedDay: '2025-12-20',
  signedBy: {
    donor: { organisation: '示例合作社', signatory: '理事长（示例）' },
    charity: { organisation: '示例慈善总会', signatory: '会长（示例）' },
  },
  textHash: 'a'.repeat(64),
})
/** As versions were kept before anybody asked who had signed them. */
const unrecorded = (version: number, fromDay: string, toDay: string): Agreement => {
  const { base: _base, signedDay: _day, signedBy: _by, textHash: _hash, ...terms } = agreement(version, fromDay, toDay)
  return terms
}

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

describe('how a version stands', () => {
  const always = { fromDay: '2020-01-01', toDay: '2099-12-31' }
  const first = agreement(1, '2026-01-01', '2026-12-31')
  const second = agreement(2, '2026-06-01', '2027-05-31', 300)
  const stands = (version: Agreement, day: string, versions = [first, second], pairing = always) =>
    standingOf(version, versions, pairing, day)

  it('is in force, to come, over, or replaced by a newer one', () => {
    expect(stands(first, '2025-12-31').standing).toBe('not-begun')
    expect(stands(first, '2026-01-01').standing).toBe('in-force')
    expect(stands(second, '2026-05-31').standing).toBe('not-begun')
    expect(stands(first, '2026-06-01').standing).toBe('replaced')
    expect(stands(second, '2026-06-01').standing).toBe('in-force')
    expect(stands(first, '2027-01-01').standing).toBe('over')
    expect(stands(second, '2027-06-01').standing).toBe('over')
  })

  it('is in force to the day before a newer one begins, and that one is named', () => {
    expect(stands(first, '2026-03-01')).toMatchObject({ lastDay: '2026-05-31', followedBy: 2, endsSoon: false })
    expect(stands(first, '2026-03-01', [first])).toMatchObject({ lastDay: '2026-12-31' })
    expect(stands(first, '2026-03-01', [first])).not.toHaveProperty('followedBy')
    // It begins after the first one has ended: for a while nothing is donated.
    const late = agreement(2, '2027-02-01', '2027-12-31')
    expect(stands(first, '2026-03-01', [first, late])).toMatchObject({ lastDay: '2026-12-31' })
    expect(stands(first, '2026-03-01', [first, late])).not.toHaveProperty('followedBy')
    expect(stands(second, '2026-07-01')).not.toHaveProperty('followedBy')
  })

  it('ends soon from the thirtieth day before its last one', () => {
    expect(ENDS_SOON_DAYS).toBe(30)
    expect(stands(second, '2027-04-30').endsSoon).toBe(false)
    expect(stands(second, '2027-05-01').endsSoon).toBe(true)
    expect(stands(second, '2027-05-31').endsSoon).toBe(true)
    expect(stands(second, '2027-06-01')).toEqual({ standing: 'over', endsSoon: false })
  })

  it('never outlasts the pairing that carries it, for then nothing is sold', () => {
    const short = { fromDay: '2026-02-01', toDay: '2026-03-31' }
    expect(stands(first, '2026-01-31', [first], short).standing).toBe('not-begun')
    expect(stands(first, '2026-03-31', [first, second], short)).toEqual({
      ...{ standing: 'in-force', lastDay: '2026-03-31', endsSoon: true },
    })
    expect(stands(first, '2026-04-01', [first], short).standing).toBe('over')
  })

  it('tells of every day to its last one what an order of that day would be stamped with', () => {
    const START = '2026-01-01'
    const term = fc.record({ from: fc.integer({ min: 0, max: 50 }), length: fc.integer({ min: 0, max: 50 }) })
    const days = ({ from, length }: { from: number; length: number }) => ({
      fromDay: plusDays(START, from),
      toDay: plusDays(START, from + length),
    })
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), term, fc.nat(100), (terms, pair, at) => {
        const pairing = days(pair)
        const versions = terms.map((each, n) => agreement(n + 1, days(each).fromDay, days(each).toDay))
        const stamped = (day: string) => (inForceOn(pairing, day) ? agreementInForce(versions, day) : undefined)
        const day = plusDays(START, at)
        const found = versions.map((version) => standingOf(version, versions, pairing, day))
        const inForce = versions.filter((_version, n) => found[n]?.standing === 'in-force')
        const now = stamped(day)
        expect(inForce).toEqual(now === undefined ? [] : [now])
        const own = found.find(({ standing }) => standing === 'in-force')
        if (own?.lastDay === undefined) return
        for (let each = day; each <= own.lastDay; each = plusDays(each, 1)) expect(stamped(each)).toBe(now)
        const next = stamped(plusDays(own.lastDay, 1))
        expect(next?.version).toBe(own.followedBy)
        expect(next).not.toBe(now)
      }),
    )
  })
})

describe('what is written of an agreement', () => {
  it('may be read by everybody: no telephone, no identity number, no mark-up, nothing unseen', () => {
    const ok = (text: string) => agreementTextSchema.safeParse(text).success
    expect(ok('甲方：示例合作社\n捐赠比例：2%，自 2026-01-01 至 2028-12-31。电话 0635-8246000')).toBe(true)
    // A credit code is the organisation's, and public.
    expect(ok('统一社会信用代码 53371500MJD2026019')).toBe(true)
    for (const text of [
      '联系电话 13800138000',
      '联系电话 138-0013-8000',
      '手机１３８００１３８０００',
      '身份证 371502199001011234',
      '身份证 37150219900101123X',
      '<b>协议</b>',
      '协议\u202e',
      '协议\u0007',
      '   ',
      '',
    ])
      expect(ok(text), text).toBe(false)
    expect(ok('长'.repeat(AGREEMENT_TEXT_MAX))).toBe(true)
    expect(ok('长'.repeat(AGREEMENT_TEXT_MAX + 1))).toBe(false)
  })

  it('is the same text however its lines end', () => {
    expect(agreementTextSchema.parse('甲\r\n乙\r丙\n')).toBe('甲\n乙\n丙')
  })

  it('names offices of organisations, on one line', () => {
    const ok = (signatory: string) => signatorySchema.safeParse({ organisation: '示例合作社', signatory }).success
    expect(ok('理事长')).toBe(true)
    for (const text of ['', '理事长 13800138000', '理事长\n会长', '<i>理事长</i>', '长'.repeat(61)])
      expect(ok(text), text).toBe(false)
    expect(signatorySchema.safeParse({ organisation: '手机 13800138000', signatory: '理事长' }).success).toBe(false)
  })

  it('has one base, and no hash that somebody else made', () => {
    const { textHash: _hash, ...row } = agreement(1, '2026-01-01', '2028-12-31')
    expect(agreementRowSchema.safeParse({ ...row, text: '全文' }).success).toBe(true)
    expect(agreementRowSchema.safeParse({ ...row, base: 'gross-sales' }).success).toBe(false)
    expect(agreementRowSchema.safeParse(agreement(1, '2026-01-01', '2028-12-31')).success).toBe(false)
  })
})

describe('the agreement of a pairing on a day', () => {
  const pairing = {
    ...{ fromDay: '2026-03-01', toDay: '2026-08-31' },
    agreements: [agreement(1, '2026-01-01', '2026-12-31'), agreement(2, '2026-06-01', '2026-09-30')],
  }

  it('is the newest in force, as long as the pairing is', () => {
    const days = ['2026-02-28', '2026-03-01', '2026-05-31', '2026-06-01', '2026-08-31', '2026-09-01']
    expect(days.map((day) => agreementOn(pairing, day)?.version)).toEqual([undefined, 1, 1, 2, 2, undefined])
  })
})

describe('importing a pairing', () => {
  const TODAY = '2026-11-26'
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
    const decision = decidePairingImport(given, existing, TODAY)
    if (decision.kind !== 'save') throw new Error(`not saved: ${JSON.stringify(decision)}`)
    return decision.pairing
  }
  const without = (given: Pairing): Pairing => {
    const { agreement: _agreement, ...rest } = given
    return rest
  }

  it('keeps every version, oldest first, and repeats change nothing', () => {
    const one = save(row())
    expect(decidePairingImport(row(), one, TODAY).kind).toBe('unchanged')
    const second = row({ agreement: agreement(2, '2027-01-01', '2028-12-31', 300) })
    const two = save(second, one)
    expect(two.agreements.map((version) => version.version)).toEqual([1, 2])
    expect(decidePairingImport(second, two, TODAY).kind).toBe('unchanged')
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
    expect(decidePairingImport(row({ agreement: given }), stored, TODAY)).toMatchObject({ kind: 'refused', code })
  })

  it('refuses a row that forgot the agreement, and a pairing that ends before it begins', () => {
    expect(decidePairingImport(without(row()), stored, TODAY)).toMatchObject({
      kind: 'refused',
      code: 'AGREEMENT_MISSING',
    })
    expect(decidePairingImport(row({ fromDay: '2029-01-01' }), undefined, TODAY)).toMatchObject({
      kind: 'refused',
      code: 'BAD_TERM',
    })
  })

  it('refuses a gap filled from below, and too many versions', () => {
    const gap = save(row({ agreement: agreement(5, '2026-01-01', '2028-12-31') }))
    const below = row({ agreement: agreement(4, '2026-01-01', '2028-12-31') })
    expect(decidePairingImport(below, gap, TODAY)).toMatchObject({ kind: 'refused', code: 'AGREEMENT_SUPERSEDED' })
    let full = save(row())
    for (let version = 2; version <= AGREEMENT_VERSIONS_MAX; version++) {
      full = save(row({ agreement: agreement(version, '2026-01-01', '2028-12-31') }), full)
    }
    const next = row({ agreement: agreement(AGREEMENT_VERSIONS_MAX + 1, '2026-01-01', '2028-12-31') })
    expect(decidePairingImport(next, full, TODAY)).toMatchObject({ kind: 'refused', code: 'TOO_MANY_VERSIONS' })
  })

  const signed = agreement(2, '2027-01-01', '2028-12-31', 300)
  const { donor, charity } = signed.signedBy ?? { donor: undefined, charity: undefined }
  if (donor === undefined || charity === undefined) throw new Error('signed by both')
  /** A change of each thing that an agreement says. */
  const changes = {
    agreementId: [{ agreementId: 'agreement-2' }],
    version: [],
    rateBps: [{ rateBps: 301 }],
    inKind: [{ inKind: true }],
    base: [{ base: undefined }],
    fromDay: [{ fromDay: '2027-01-02' }],
    toDay: [{ toDay: '2028-12-30' }],
    purposes: [{ purposes: ['公益服务', '环境提升'] }, { purposes: ['环境提升'] }],
    signedDay: [{ signedDay: '2025-12-19' }, { signedDay: undefined }],
    signedBy: [
      { signedBy: { donor: { ...donor, organisation: '别的合作社' }, charity } },
      { signedBy: { donor: { ...donor, signatory: '别人' }, charity } },
      { signedBy: { donor, charity: { ...charity, organisation: '别的慈善会' } } },
      { signedBy: { donor, charity: { ...charity, signatory: '别人' } } },
      { signedBy: undefined },
    ],
    textHash: [{ textHash: 'b'.repeat(64) }, { textHash: undefined }],
  } satisfies Record<keyof Agreement, readonly object[]>
  it('never changes what was signed: whatever of a version differs is refused', () => {
    expect(Object.keys(changes).sort()).toEqual(Object.keys(agreementSchema.shape).sort())
    for (const change of Object.values(changes).flat()) {
      const given = Object.fromEntries(
        Object.entries({ ...signed, ...change }).filter(([, said]) => said !== undefined),
      )
      const decision = decidePairingImport(row({ agreement: given as Agreement }), stored, TODAY)
      expect(decision, JSON.stringify(change)).toMatchObject({ kind: 'refused', code: 'AGREEMENT_VERSION_EXISTS' })
    }
    expect(decidePairingImport(row({ agreement: signed }), stored, TODAY).kind).toBe('unchanged')
  })

  it('takes a new version only with its base, who signed it, when, and its text', () => {
    const { base, signedDay, signedBy, textHash, ...terms } = agreement(3, '2027-01-01', '2028-12-31')
    const all = { base, signedDay, signedBy, textHash }
    const columns = { base: 'base', signedDay: 'signedDay', signedBy: 'signedBy', textHash: 'text' }
    for (const [left, column] of Object.entries(columns)) {
      const rest = Object.fromEntries(Object.entries(all).filter(([name]) => name !== left))
      const decision = decidePairingImport(row({ agreement: { ...terms, ...rest } }), stored, TODAY)
      expect(decision).toMatchObject({ kind: 'refused', code: 'AGREEMENT_INCOMPLETE' })
      expect(Object.keys((decision as { fields: object }).fields)).toEqual([`agreement.${column}`])
    }
  })

  it('reads what was stored before that was asked for: the row again changes nothing, a new version follows it', () => {
    const old: PairingWithVersions = { ...without(row()), agreements: [unrecorded(1, '2026-01-01', '2028-12-31')] }
    const again = row({ agreement: unrecorded(1, '2026-01-01', '2028-12-31') })
    expect(decidePairingImport(again, old, TODAY).kind).toBe('unchanged')
    expect(decidePairingImport(row(), old, TODAY)).toMatchObject({ code: 'AGREEMENT_VERSION_EXISTS' })
    expect(save(row({ agreement: signed }), old).agreements).toHaveLength(2)
  })

  it('takes no agreement that was signed after it began, or that is yet to be signed', () => {
    const late = { ...agreement(3, '2026-11-01', '2028-12-31'), signedDay: '2026-11-02' }
    const ahead = { ...agreement(3, '2027-01-01', '2028-12-31'), signedDay: '2026-11-27' }
    for (const given of [late, ahead]) {
      expect(decidePairingImport(row({ agreement: given }), stored, TODAY)).toMatchObject({
        ...{ kind: 'refused', code: 'BAD_SIGNED_DAY', fields: { 'agreement.signedDay': given.signedDay } },
      })
    }
    const justInTime = { ...agreement(3, '2026-11-26', '2028-12-31'), signedDay: '2026-11-26' }
    expect(save(row({ agreement: justInTime }), stored).agreements).toHaveLength(3)
  })
})
