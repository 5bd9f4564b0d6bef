import { reversal, sale, saleWithoutAgreement, settlement, StoryLedger } from '../domain/fund-story.ts'

/**
 * One story with everything a ledger can hold: two donors, a fair, a pairing without an agreement, carries that meet,
 * reversals before and after settlement, a whole reversal, two Shanghai days. `ledger-vectors/ok-story.jsonl` is its
 * export, byte for byte. `batches` ends the story early.
 */
export function goldenStory(batches = Number.POSITIVE_INFINITY): StoryLedger {
  const ledger = new StoryLedger()
  const story: [string, Parameters<StoryLedger['post']>[0]][] = [
    [
      '2026-11-23T04:00:00.000Z',
      [sale('a1', 860), sale('a2', 990), sale('b1', 12_345, { coopId: 'coop-2', villageId: 'lizhuang' })],
    ],
    [
      '2026-11-23T04:00:01.250Z',
      [saleWithoutAgreement('n1', 700), sale('f1', 49, { channel: 'fair', groupBuyId: undefined, fairId: 'fair-1' })],
    ],
    [
      '2026-11-23T15:59:59.999Z',
      [reversal('r1', 'b1', 345), sale('a3', 333, { agreementId: 'agr-2', agreementVersion: 3, rateBps: 333 })],
    ],
    ['2026-11-23T16:00:00.000Z', [settlement('a1'), settlement('b1'), settlement('n1')]],
    ['2026-11-24T02:00:00.000Z', [reversal('r2', 'b1', 12_000), reversal('r3', 'a2', 990), sale('z0', 0)]],
    ['2026-11-24T02:00:00.000Z', [settlement('a2'), settlement('a3'), settlement('f1'), reversal('r4', 'a1', 1)]],
  ]
  for (const [now, events] of story.slice(0, batches)) ledger.post(events, now)
  return ledger
}

/** What people decide beside the sales: every kind of movement, and what is owed back. `ok-movements.jsonl` is its export. */
export function goldenMovements(): StoryLedger {
  const ledger = goldenStory()
  const occurredAt = '2026-11-25T02:00:00.000Z'
  const donor = { occurredAt, agreementId: 'agr-1', coopId: 'coop-1' } as const
  const project = { occurredAt, proposalId: 'p-1', purpose: 'facilities' } as const
  ledger.post([sale('m1', 1_000_000), settlement('m1')], '2026-11-25T03:00:00.000Z')
  ledger.move(
    [
      { kind: 'opening', eventId: 'opening', occurredAt, movedFen: 5_000 },
      { kind: 'remittance', eventId: 'remittance:0001:a', ...donor, movedFen: 20_000 },
      { kind: 'reservation', eventId: 'reservation:p-1', ...project, movedFen: 12_000 },
      { kind: 'disbursement', eventId: 'disbursement:p-1:1', ...project, movedFen: 9_000 },
      { kind: 'release', eventId: 'release:p-1', ...project, movedFen: 1_000 },
    ],
    '2026-11-25T04:00:00.000Z',
  )
  ledger.post([reversal('m2', 'm1', 900_000)], '2026-11-26T03:00:00.000Z')
  ledger.move(
    [
      { kind: 'remittance', eventId: 'remittance:0002:a', ...donor, movedFen: -15_000 },
      { kind: 'in-kind', eventId: 'in-kind:1', ...donor, purpose: 'hardship', movedFen: 800 },
      { kind: 'correction', eventId: 'correction:1', occurredAt, movedFen: 123 },
    ],
    '2026-11-26T04:00:00.000Z',
  )
  return ledger
}
