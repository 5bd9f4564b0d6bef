import type { ClaimItem } from '#functions/platform/table/items/claims.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { tellHousehold } from '#functions/platform/table/notices.ts'
import { transact, type Write } from '#functions/platform/table/table.ts'

export type Decision = {
  readonly state: 'accepted' | 'declined'
  readonly decided: NonNullable<ClaimItem['decided']>
  readonly decidedBy: string
  readonly decisionHash: string
}

/** Of two who decide at once one finds the claim decided. */
export function decidedWrite({ orderId, claimId, compoundId }: ClaimItem, decision: Decision): Write {
  const { GSI1PK, GSI1SK } = index.decidedClaims(compoundId, decision.decided.at, claimId)
  return {
    update: keys.claim(orderId, claimId),
    set: 'SET #state = :state, #decided = :decided, #by = :by, #hash = :hash, #pk = :pk, #sk = :sk',
    condition: '#state = :open',
    expression: {
      names: {
        ...{ '#state': 'state', '#decided': 'decided', '#by': 'decidedBy', '#hash': 'decisionHash' },
        ...{ '#pk': 'GSI1PK', '#sk': 'GSI1SK' },
      },
      values: {
        ...{ ':state': decision.state, ':decided': decision.decided, ':by': decision.decidedBy },
        ...{ ':hash': decision.decisionHash, ':open': 'open', ':pk': GSI1PK, ':sk': GSI1SK },
      },
    },
  }
}

/** Nothing goes back: the claim is decided, and the share has one less that waits. */
export function saveDeclined(order: OrderItem, claim: ClaimItem, decision: Decision) {
  const { claimId, groupBuyId } = claim
  return transact([
    tellHousehold(order, { kind: 'claim-decided', at: decision.decided.at, of: claimId, groupBuyId }),
    decidedWrite(claim, decision),
    {
      update: keys.share(claim.groupBuyId, claim.orderId),
      set: 'SET #open = #open - :one',
      condition: '#open >= :one',
      expression: { names: { '#open': 'openClaims' }, values: { ':one': 1 } },
    },
  ])
}
