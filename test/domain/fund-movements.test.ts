import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { dueFen } from '#shared/domain/fund/donor-sums.ts'
import type { Movement } from '#shared/domain/fund/movement.ts'
import { verifyLedger } from '#shared/domain/fund/verify-ledger.ts'
import { HOUR_MS, plusMs } from '#shared/kernel/time.ts'
import { historyWithDeliveries } from './fund-history.ts'
import { NOON, reversal, sale, settlement, sha256, StoryLedger } from './fund-story.ts'

type Words = Movement extends infer Each
  ? Each extends Movement
    ? Omit<Each, 'eventId' | 'occurredAt'>
    : never
  : never
let count = 0
const move = (words: Words, eventId?: string): Movement =>
  ({ ...words, eventId: eventId ?? `${words.kind}:m${(count += 1)}`, occurredAt: NOON }) as Movement
const donor = { agreementId: 'agr-1', coopId: 'coop-1' } as const
const project = { proposalId: 'p-1', purpose: 'facilities' } as const

/** ¥200 of settled gifts of one donor: 20,000 fen due. */
function settledLedger(): StoryLedger {
  const ledger = new StoryLedger()
  ledger.post([sale('s1', 1_000_000), settlement('s1')])
  return ledger
}

const codes = (ledger: StoryLedger, ...movements: Movement[]) => ledger.move(movements).refused.map(({ code }) => code)

describe('a remittance', () => {
  it('moves what is due to the charity, donor by donor, and changes nothing that the fund owns', () => {
    const ledger = settledLedger()
    expect(codes(ledger, move({ kind: 'remittance', ...donor, movedFen: 15_000 }))).toEqual([])
    expect(ledger.head.balances).toMatchObject({ available: 20_000, due: 5_000, cash: 15_000, settled: -20_000 })
    expect(ledger.head.donors).toEqual([expect.objectContaining({ ...donor, remittedFen: 15_000 })])
    expect(ledger.head.donors.map(dueFen)).toEqual([5_000])
    expect(ledger.entries.at(-1)).toMatchObject({ kind: 'remittance', amountFen: 0, rateBps: 0, ...donor })
  })

  it('told twice is posted once; under the same name with another sum it is refused', () => {
    const ledger = settledLedger()
    const once = move({ kind: 'remittance', ...donor, movedFen: 100 }, 'remittance:r1:1')
    ledger.move([once])
    expect(ledger.move([once, once])).toMatchObject({ entries: [], refused: [] })
    expect(codes(ledger, { ...once, movedFen: 101 } as Movement)).toEqual(['EVENT_DIFFERS'])
    expect(ledger.head.balances.cash).toBe(100)
  })

  it('nets what was given back after it had arrived, never below what is at the charity', () => {
    const ledger = settledLedger()
    ledger.move([move({ kind: 'remittance', ...donor, movedFen: 20_000 })])
    ledger.post([reversal('r1', 's1', 500_000)])
    expect(ledger.head.balances).toMatchObject({ available: 10_000, due: -10_000, cash: 20_000 })
    expect(codes(ledger, move({ kind: 'remittance', ...donor, movedFen: -20_001 }))).toEqual(['CASH_SHORT'])
    expect(codes(ledger, move({ kind: 'remittance', ...donor, movedFen: -10_000 }))).toEqual([])
    expect(ledger.head.balances).toMatchObject({ due: 0, cash: 10_000 })
  })

  it('ends at exactly nothing when every sale is given back', () => {
    const ledger = settledLedger()
    ledger.move([move({ kind: 'remittance', ...donor, movedFen: 20_000 })])
    ledger.post([reversal('r1', 's1', 1_000_000)])
    ledger.move([move({ kind: 'remittance', ...donor, movedFen: -20_000 })])
    expect(Object.values(ledger.head.balances).every((fen) => fen === 0)).toBe(true)
    expect(ledger.head.donors[0]).not.toHaveProperty('remittedFen')
  })

  it('of nothing, or of a donor who never gave, is refused', () => {
    const ledger = settledLedger()
    expect(
      codes(
        ledger,
        move({ kind: 'remittance', ...donor, movedFen: 0 }),
        move({ kind: 'remittance', agreementId: 'agr-9', coopId: 'coop-1', movedFen: 1 }),
      ),
    ).toEqual(['AMOUNT_WRONG', 'DONOR_UNKNOWN'])
    expect(ledger.entries).toHaveLength(2)
  })
})

describe('a project', () => {
  it('is kept money for, paid out of cash, and gives back the rest', () => {
    const ledger = settledLedger()
    ledger.move([move({ kind: 'remittance', ...donor, movedFen: 20_000 })])
    expect(
      codes(
        ledger,
        move({ kind: 'reservation', ...project, movedFen: 12_000 }),
        move({ kind: 'disbursement', ...project, movedFen: 9_000 }),
        move({ kind: 'release', ...project, movedFen: 3_000 }),
      ),
    ).toEqual([])
    expect(ledger.head.balances).toMatchObject({
      available: 11_000,
      reserved: 0,
      spent: 9_000,
      cash: 11_000,
      paid: 9_000,
    })
    expect(ledger.projects.get('p-1')).toMatchObject({ reservedFen: 0, spentFen: 9_000, seqs: [4, 5, 6] })
  })

  it('cannot be kept more for than is available, nor anything while donors are owed back', () => {
    const ledger = settledLedger()
    expect(codes(ledger, move({ kind: 'reservation', ...project, movedFen: 20_001 }))).toEqual(['NOT_AVAILABLE'])
    ledger.move([move({ kind: 'reservation', ...project, movedFen: 20_000 })])
    ledger.post([reversal('r1', 's1', 50)])
    expect(ledger.head.balances).toMatchObject({ available: 0, clawback: -1, reserved: 20_000 })
    expect(codes(ledger, move({ kind: 'reservation', ...project, movedFen: 1 }))).toEqual(['NOT_AVAILABLE'])
    ledger.move([move({ kind: 'release', ...project, movedFen: 3 })])
    expect(ledger.head.balances).toMatchObject({ available: 2, clawback: 0, reserved: 19_997 })
  })

  it('cannot be paid before the money has arrived, more than is kept for it, or out of another project’s', () => {
    const ledger = settledLedger()
    ledger.move([
      move({ kind: 'reservation', ...project, movedFen: 5_000 }),
      move({ kind: 'reservation', proposalId: 'p-2', purpose: 'hardship', movedFen: 5_000 }),
    ])
    expect(codes(ledger, move({ kind: 'disbursement', ...project, movedFen: 1 }))).toEqual(['CASH_SHORT'])
    ledger.move([move({ kind: 'remittance', ...donor, movedFen: 20_000 })])
    expect(
      codes(
        ledger,
        move({ kind: 'disbursement', ...project, movedFen: 5_001 }),
        move({ kind: 'release', ...project, movedFen: 5_001 }),
        move({ kind: 'disbursement', proposalId: 'p-3', purpose: 'facilities', movedFen: 1 }),
        move({ kind: 'disbursement', proposalId: 'p-1', purpose: 'hardship', movedFen: 1 }),
        move({ kind: 'disbursement', ...project, movedFen: -1 }),
      ),
    ).toEqual(['RESERVED_SHORT', 'RESERVED_SHORT', 'RESERVED_SHORT', 'PURPOSE_DIFFERS', 'AMOUNT_WRONG'])
  })
})

describe('what comes another way', () => {
  it('an opening balance is at the charity and available; the correction of a slip takes back what was too much', () => {
    const ledger = new StoryLedger()
    ledger.move([move({ kind: 'opening', movedFen: 5_000 }, 'opening')])
    expect(ledger.head.balances).toMatchObject({ available: 5_000, cash: 5_000, others: -5_000, brought: -5_000 })
    expect(codes(ledger, move({ kind: 'correction', movedFen: -5_001 }))).toEqual(['NOT_AVAILABLE'])
    expect(codes(ledger, move({ kind: 'correction', movedFen: -5_000 }))).toEqual([])
    expect(ledger.head.balances).not.toHaveProperty('others')
    expect(codes(ledger, move({ kind: 'opening', movedFen: 7 }, 'opening'))).toEqual(['EVENT_DIFFERS'])
  })

  it('a correction never takes what has not arrived', () => {
    const ledger = settledLedger()
    expect(codes(ledger, move({ kind: 'correction', movedFen: -1 }))).toEqual(['CASH_SHORT'])
  })

  it('goods are used at once: they are shown, and can never be paid out', () => {
    const ledger = new StoryLedger()
    ledger.move([move({ kind: 'in-kind', ...donor, purpose: 'hardship', movedFen: 8_000 })])
    expect(ledger.head.balances).toMatchObject({ available: 0, cash: 0, spent: 8_000, others: -8_000 })
    expect(ledger.head.openDay?.flows).toEqual([{ kind: 'in-kind', purpose: 'hardship', movedFen: 8_000 }])
  })
})

const wish = fc.record({
  kind: fc.constantFrom(
    ...(['remittance', 'reservation', 'release', 'disbursement', 'opening', 'correction', 'in-kind'] as const),
  ),
  agreementId: fc.constantFrom('agr-1', 'agr-2'),
  coopId: fc.constantFrom('coop-1', 'coop-2'),
  proposalId: fc.constantFrom('p-1', 'p-2'),
  movedFen: fc.oneof(fc.integer({ min: -50, max: 300 }), fc.integer({ min: -5_000_000, max: 20_000_000 })),
})

function movementOf(words: typeof wish extends fc.Arbitrary<infer W> ? W : never, at: number): Movement {
  const { kind, agreementId, coopId, proposalId, movedFen } = words
  const base = { eventId: kind === 'opening' ? 'opening' : `${kind}:${at}`, occurredAt: NOON, movedFen }
  const purpose = proposalId === 'p-1' ? 'facilities' : 'hardship'
  switch (kind) {
    case 'remittance':
      return { kind, ...base, agreementId, coopId }
    case 'in-kind':
      return { kind, ...base, agreementId, coopId, purpose }
    case 'opening':
    case 'correction':
      return { kind, ...base }
    default:
      return { kind, ...base, proposalId, purpose }
  }
}

const told = fc.tuple(historyWithDeliveries, fc.array(fc.tuple(wish, fc.nat({ max: 12 })), { maxLength: 25 }))

describe('whatever people wish between whatever is sold', () => {
  it('the fund owes what the gifts say, keeps its sides, and verifies; what was refused has left no trace', () => {
    fc.assert(
      fc.property(told, ([[events, delivery], wishes]) => {
        const ledger = new StoryLedger(events)
        // By the reference: free = settled gifts + others − kept − paid, each summed by itself.
        const sums = { remitted: 0, kept: 0, paid: 0, others: 0, goods: 0 }
        delivery.forEach((batch, at) => {
          ledger.post(batch, plusMs(NOON, at * 5 * HOUR_MS))
          for (const [words, when] of wishes.filter(([, each]) => each === at % 13)) {
            const movement = movementOf(words, at * 100 + when + ledger.entries.length)
            const before = canonicalJson([ledger.head])
            const known = ledger.movements.has(movement.eventId)
            const { refused } = ledger.move([movement], plusMs(NOON, at * 5 * HOUR_MS))
            if (refused.length > 0 || known) {
              expect(canonicalJson([ledger.head])).toBe(before)
              continue
            }
            const { kind, movedFen } = movement
            if (kind === 'remittance') sums.remitted += movedFen
            if (kind === 'reservation') sums.kept += movedFen
            if (kind === 'release') sums.kept -= movedFen
            if (kind === 'disbursement') [sums.kept, sums.paid] = [sums.kept - movedFen, sums.paid + movedFen]
            if (kind === 'opening' || kind === 'correction') sums.others += movedFen
            if (kind === 'in-kind') sums.goods += movedFen
          }
          const { balances, donors } = ledger.head
          const settled = donors.reduce((sum, { settledE4Fen }) => sum + Math.floor(settledE4Fen / 10_000), 0)
          const x = settled + sums.others - sums.kept - sums.paid
          expect({
            ...{ available: balances.available, clawback: balances.clawback, reserved: balances.reserved },
            ...{ due: balances.due, cash: balances.cash, paid: balances.paid, spent: balances.spent ?? 0 },
          }).toEqual({
            ...{ available: Math.max(0, x), clawback: Math.min(0, x), reserved: sums.kept },
            ...{ due: settled - sums.remitted, cash: sums.remitted + sums.others - sums.paid, paid: sums.paid },
            spent: sums.paid + sums.goods,
          })
          expect(balances.due).toBe(donors.reduce((sum, each) => sum + dueFen(each), 0))
          expect(Math.min(balances.cash, balances.reserved)).toBeGreaterThanOrEqual(0)
        })
        expect(verifyLedger(ledger.lines(), sha256).problems).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('any change of one character of a movement is found', () => {
    const ledger = settledLedger()
    ledger.move([
      move({ kind: 'remittance', ...donor, movedFen: 20_000 }),
      move({ kind: 'reservation', ...project, movedFen: 12_000 }),
      move({ kind: 'disbursement', ...project, movedFen: 9_000 }),
      move({ kind: 'release', ...project, movedFen: 1_000 }),
      move({ kind: 'correction', movedFen: 7 }),
      move({ kind: 'in-kind', ...donor, purpose: 'hardship', movedFen: 8_000 }),
    ])
    const lines = ledger.lines()
    expect(verifyLedger(lines, sha256).ok).toBe(true)
    for (let at = 2; at < lines.length; at++) {
      const line = lines[at] ?? ''
      for (let place = 0; place < line.length; place++) {
        const other = line[place] === '1' ? '2' : '1'
        const changed = lines.with(at, line.slice(0, place) + other + line.slice(place + 1))
        expect(verifyLedger(changed, sha256).ok, `line ${at + 1}, character ${place}`).toBe(false)
      }
    }
  })

  it('two movements cannot change places', () => {
    const ledger = settledLedger()
    ledger.move([
      move({ kind: 'remittance', ...donor, movedFen: 20_000 }),
      move({ kind: 'reservation', ...project, movedFen: 5 }),
    ])
    const swapped = ledger.lines()
    ;[swapped[2], swapped[3]] = [swapped[3] ?? '', swapped[2] ?? '']
    expect(verifyLedger(swapped, sha256).ok).toBe(false)
  })
})
