import { describe, expect, it } from 'vitest'
import type { AgreementStanding } from '#shared/contracts/places-agreements.ts'
import { endingVersion, isWithoutAgreement, shownVersion } from '#web/lib/funds/agreements.ts'

const TODAY = '2026-11-26'
const inForce: AgreementStanding = { standing: 'in-force', lastDay: '2028-12-31', endsSoon: false }
const ending: AgreementStanding = { standing: 'in-force', lastDay: '2026-12-10', endsSoon: true }
const over: AgreementStanding = { standing: 'over', endsSoon: false }
const toCome: AgreementStanding = { standing: 'not-begun', endsSoon: false }
const village = (versions: readonly AgreementStanding[], toDay = '2028-12-31') => ({
  ...{ villageName: '朱庄村', fromDay: '2026-01-01', toDay, versions },
})

describe('what the page of agreements warns of', () => {
  it('is a village that is paired today and has none in force', () => {
    expect(isWithoutAgreement(village([]), TODAY)).toBe(true)
    expect(isWithoutAgreement(village([toCome, over]), TODAY)).toBe(true)
    expect(isWithoutAgreement(village([toCome, inForce]), TODAY)).toBe(false)
    // The pairing is over, or has not begun: nothing is sold.
    expect(isWithoutAgreement(village([over], '2026-11-25'), TODAY)).toBe(false)
    expect(isWithoutAgreement({ ...village([]), fromDay: '2026-11-27' }, TODAY)).toBe(false)
    expect(isWithoutAgreement(village([], TODAY), TODAY)).toBe(true)
  })

  it('is one that ends within 30 days with nothing after it', () => {
    expect(endingVersion(village([ending]))).toBe(ending)
    expect(endingVersion(village([toCome, { ...ending, followedBy: 2 }]))).toBeUndefined()
    expect(endingVersion(village([inForce, over]))).toBeUndefined()
  })

  it('shows in short the one in force, else the newest', () => {
    expect(shownVersion(village([toCome, inForce, over]))).toBe(inForce)
    expect(shownVersion(village([toCome, over]))).toBe(toCome)
    expect(shownVersion(village([]))).toBeUndefined()
  })
})
