import type { Remittance, RemittanceLine } from '#shared/contracts/fund-remittances.ts'
import { mayDo, waitsFor, type RemittanceStanding } from '#shared/domain/fund/decide-remittance.ts'
import { isAdmin, type Caller } from '#functions/platform/caller.ts'
import type { RemittanceItem, RemittanceLineItem } from '#functions/platform/table/items/remittances.ts'

export function standingOf(remittance: RemittanceItem) {
  const { state, totalFen, throughDay, preparedBy, recordedBy, transfer } = remittance
  return {
    ...{ state, totalFen, throughDay, preparedBy, recordedBy },
    bankReference: transfer?.bankReference,
    transferredOn: transfer?.transferredOn,
  } satisfies RemittanceStanding & { transferredOn: string | undefined }
}

export function remittanceView(remittance: RemittanceItem, caller: Caller): Remittance {
  const { entity: _entity, v: _v, version: _version, preparedBy: _by, recordedBy: _recorded, ...shown } = remittance
  const { personId } = caller
  const hand = { personId, isAdmin: isAdmin(caller), isCharity: keepsCharityBooks(caller) }
  return {
    ...shown,
    steps: shown.steps.map(({ personId: by, ...step }) => ({ ...step, mine: by === personId })),
    may: mayDo(standingOf(remittance), hand),
    waitsFor: waitsFor(remittance.state),
  }
}

export function lineView(item: RemittanceLineItem): RemittanceLine {
  const { entity: _entity, v: _v, remittanceId: _id, charityName: _name, throughDay: _day, ...line } = item
  const { receiptNumber: _receipt, receivedOn: _received, ...shown } = line
  return shown
}

/** The bookkeepers of the district's host charity. */
export function keepsCharityBooks(caller: Caller): boolean {
  return caller.memberships.some(({ role }) => role === 'charity')
}
