import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideClaim, type ClaimFacts } from '#shared/domain/places/claim-household.ts'
import {
  compoundIdOfHousehold,
  isKnownBuilding,
  nameHousehold,
  normalizePlacePart,
} from '#shared/domain/places/household-id.ts'
import { maskPhone } from '#shared/domain/places/phone.ts'
import { idSchema } from '#shared/kernel/ids.ts'

describe('one room has one household', () => {
  it.each([
    ['building', '3', ['3', '３', '03', '3号楼', '３号楼', '3栋', '3幢', '3号', '三号楼', ' 3号楼 ', '003栋']],
    ['building', '12', ['12', '十二号楼', '012栋']],
    ['building', '10', ['10', '十号楼']],
    ['building', '20', ['20', '二十栋']],
    ['building', 'a', ['A', 'a', 'Ａ座', 'A号楼']],
    ['building', 'a1', ['A1', 'a1栋']],
    ['unit', '2', ['2', '2单元', '二单元', '02单元', '２']],
    ['room', '501', ['501', '501室', '０５０１', '0501室', '501号']],
    ['room', '1-501', ['1-501', '01-0501室']],
    ['room', '0', ['0', '00']],
  ] as const)('%s %s however it is written', (kind, normal, spellings) => {
    for (const spelling of spellings) expect(normalizePlacePart(kind, spelling), spelling).toBe(normal)
  })

  it.each([
    ['building', '号楼'],
    ['building', ''],
    ['unit', '二三单元'],
    ['unit', '一百'],
    ['room', '5-'],
    ['room', '-5'],
    ['room', '501.2'],
    ['room', '501#2'],
    ['room', '1室2'],
    ['room', '五百'],
  ] as const)('%s %s names nothing', (kind, text) => {
    expect(normalizePlacePart(kind, text)).toBeUndefined()
  })

  it('keeps different rooms apart', () => {
    const rooms = ['1', '11', '10', '1-1', '101', 'a1', '1a']
    expect(new Set(rooms.map((room) => normalizePlacePart('room', room))).size).toBe(rooms.length)
  })

  it('a normal spelling is its own normal spelling, and ids come apart again', () => {
    const part = fc.stringMatching(/^[1-9a-z][0-9a-z]{0,5}$/)
    fc.assert(
      fc.property(part, part, part, (building, unit, room) => {
        const name = nameHousehold('c-1.2', { building, unit, room })
        if (name.kind === 'invalid') throw new Error('a plain name is valid')
        expect(idSchema.safeParse(name.householdId).success).toBe(true)
        expect(name.parts).toEqual({ building, unit, room })
        expect(compoundIdOfHousehold(name.householdId)).toBe('c-1.2')
        const again = nameHousehold('c-1.2', name.labels)
        expect(again).toEqual(name)
      }),
    )
  })

  it('names the field that does not parse, and refuses an id that would be too long', () => {
    expect(nameHousehold('c-1', { building: '号楼', unit: '1', room: '楼' })).toEqual({
      kind: 'invalid',
      fields: { building: expect.any(String), room: expect.any(String) },
    })
    const long = nameHousehold('c'.repeat(60), { building: '1', unit: '1', room: '1' })
    expect(long.kind).toBe('invalid')
  })

  it('compares a building with registered labels in the same spelling', () => {
    expect(isKnownBuilding(['1号楼', '03栋'], '3')).toBe(true)
    expect(isKnownBuilding(['1号楼', '03栋'], '2')).toBe(false)
  })

  it.each(['south-1', 'a.b.c', '', '.1.1.1'])('%s is no household of any compound', (id) => {
    expect(compoundIdOfHousehold(id)).toBeUndefined()
  })
})

describe('a masked phone', () => {
  it('shows the head and tail of a Chinese number', () => expect(maskPhone('13812340000')).toBe('138****0000'))

  it('hides at least four digits of any number, and its length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{7,15}$/), (phone) => {
        const masked = maskPhone(phone)
        const shown = masked.replaceAll('*', '').length
        expect(phone.length - shown).toBeGreaterThanOrEqual(4)
        expect(masked.match(/\*+/g)).toEqual(['****'])
        expect(phone.startsWith(masked.split('****')[0] ?? '?')).toBe(true)
        expect(phone.endsWith(masked.split('****')[1] ?? '?')).toBe(true)
      }),
    )
  })
})

describe('claiming a household', () => {
  const facts: ClaimFacts = {
    consentVersion: 'v1',
    currentConsentVersion: 'v1',
    householdId: 'c.1.1.1',
    building: '1',
    buildingLabels: [],
    householdExists: false,
    roomsRegistered: false,
    memberOf: undefined,
    movedAt: undefined,
    now: '2026-11-23T04:00:00.000Z',
  }
  it.each([
    ['in a compound without a register', {}, undefined],
    ['in a registered building without registered rooms', { buildingLabels: ['1号楼'] }, undefined],
    ['of a registered room', { buildingLabels: ['1号楼'], roomsRegistered: true, householdExists: true }, undefined],
    ['that one is in already', { memberOf: 'c.1.1.1', householdExists: true }, undefined],
    ['after reading an old notice', { consentVersion: 'v0' }, 'CONSENT_OUTDATED'],
    ['by somebody who moves here', { memberOf: 'c.1.1.2' }, undefined],
    ['a month after the last move', { memberOf: 'c.1.1.2', movedAt: '2026-10-24T04:00:00.000Z' }, undefined],
    ['sooner than that', { memberOf: 'c.1.1.2', movedAt: '2026-10-24T04:00:00.001Z' }, 'MOVED_RECENTLY'],
    ['that one moved to just now', { memberOf: 'c.1.1.1', movedAt: '2026-11-23T03:59:00.000Z' }, undefined],
    ['by somebody whose claim was rejected', { movedAt: '2026-11-23T03:59:00.000Z' }, undefined],
    ['in a building that is not registered', { buildingLabels: ['2号楼'] }, 'UNKNOWN_BUILDING'],
    ['in a room that is not registered', { buildingLabels: ['1号楼'], roomsRegistered: true }, 'UNKNOWN_ROOM'],
    ['in a room that is not registered, without buildings', { roomsRegistered: true }, 'UNKNOWN_ROOM'],
  ])('%s', (_what, more, code) => {
    const decision = decideClaim({ ...facts, ...more })
    expect(decision.kind === 'refused' ? decision.code : undefined).toBe(code)
  })

  it('tells which household it leaves', () => {
    expect(decideClaim({ ...facts, memberOf: 'c.1.1.2' })).toEqual({ kind: 'claimed', leaves: 'c.1.1.2' })
    expect(decideClaim({ ...facts, memberOf: 'c.1.1.1' })).toEqual({ kind: 'claimed', leaves: undefined })
  })
})
