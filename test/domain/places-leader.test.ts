import { describe, expect, it } from 'vitest'
import { LEADERS_PER_BUILDING_MAX, refuseLeader } from '#shared/domain/places/refuse-leader.ts'
import { leads } from '#shared/kernel/leads.ts'
import { nameBuilding, nameHousehold } from '#shared/domain/places/household-id.ts'
import { buildingOfHousehold, partsOfBuilding } from '#shared/kernel/building.ts'

describe('a building', () => {
  it.each(['3', '三栋', '3号楼', '３幢', ' 03栋 '])('is the same however it is written: %s', (text) => {
    expect(nameBuilding('c-1', text)).toEqual({
      ...{ kind: 'named', buildingId: 'c-1.3', building: '3', label: '3号楼' },
    })
    const room = nameHousehold('c-1', { building: text, unit: '2', room: '501' })
    expect(room.kind === 'named' && buildingOfHousehold(room.householdId)).toBe('c-1.3')
  })

  it('is not named by what names none', () => {
    expect(nameBuilding('c-1', '号楼')).toMatchObject({ kind: 'invalid', fields: { building: expect.any(String) } })
    expect(nameBuilding(`c-${'1'.repeat(60)}`, '3'.repeat(12))).toMatchObject({ kind: 'invalid' })
  })

  it('of another compound is another one, also where one id begins like the other', () => {
    // Household 1 of unit 7 of building 3 of compound `c-1`, and household 101 of unit 1 of building 7 of compound `c-1.3`.
    expect(buildingOfHousehold('c-1.3.7.1')).toBe('c-1.3')
    expect(buildingOfHousehold('c-1.3.7.1.101')).toBe('c-1.3.7')
    expect(partsOfBuilding('c-1.3.7')).toEqual({ compoundId: 'c-1.3', building: '7' })
  })
})

const AT = '2026-11-01T00:00:00.000Z'
const role = { scopeId: 'c-1.3', knownAs: '李楼长', livesBy: { householdId: 'c-1.3.2.501', claimedAt: AT } } as const
const home = { scopeId: 'c-1.3.2.501', state: 'verified', claimedAt: AT } as const

describe('a leader leads', () => {
  it('as long as they live there, verified, by the claim that they were appointed on', () => {
    expect(leads(role, [home])).toBe(true)
    expect(leads(role, [{ ...home, scopeId: 'c-9.1.1.101' }, home])).toBe(true)
  })

  it.each([
    ['who lives nowhere', []],
    ['who is not verified yet', [{ ...home, state: 'claimed' as const }]],
    ['whose claim was rejected', [{ ...home, state: 'rejected' as const }]],
    ['who moved to another room of the building', [{ ...home, scopeId: 'c-1.3.1.101' }]],
    ['who moved to another building', [{ ...home, scopeId: 'c-1.4.2.501' }]],
    ['who left and came back', [{ ...home, claimedAt: '2026-12-01T00:00:00.000Z' }]],
  ])('but not somebody %s', (_who, homes) => {
    expect(leads(role, homes)).toBe(false)
  })

  it('and nobody of whom it is not known by which residence, or who lives elsewhere than they lead', () => {
    expect(leads({ scopeId: 'c-1.3', knownAs: '李楼长' }, [home])).toBe(false)
    expect(leads({ ...role, scopeId: 'c-1.4' }, [home])).toBe(false)
  })
})

it('whose name is gone was ended, whatever the clock says', () => {
  expect(leads({ ...role, knownAs: undefined }, [home])).toBe(false)
})

describe('who may become one', () => {
  it('is a verified resident of that building, and one of three', () => {
    expect(refuseLeader(home, 'c-1.3', LEADERS_PER_BUILDING_MAX - 1)).toBeUndefined()
    expect(refuseLeader(home, 'c-1.3', LEADERS_PER_BUILDING_MAX)).toMatchObject({ code: 'TOO_MANY_LEADERS' })
    expect(refuseLeader(undefined, 'c-1.3', 0)).toMatchObject({ code: 'NOT_VERIFIED_THERE' })
    expect(refuseLeader(home, 'c-1.4', 0)).toMatchObject({
      code: 'NOT_VERIFIED_THERE',
      fields: { building: '不住这栋楼' },
    })
    expect(refuseLeader({ ...home, state: 'claimed' }, 'c-1.3', 0)).toMatchObject({
      code: 'NOT_VERIFIED_THERE',
      fields: { memberId: '还没有核实' },
    })
  })
})
