import { createHash } from 'node:crypto'
import { decideClaim as route } from '#shared/contracts/claims.ts'
import type { Body } from '#shared/contracts/route.ts'
import { decideAccept } from '#shared/domain/claims/decide-claim.ts'
import { decideRefund } from '#shared/domain/payments/decide-refund.ts'
import { assert } from '#shared/kernel/assert.ts'
import { yuan, ZERO_FEN } from '#shared/kernel/money.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, worksFor } from '#functions/platform/caller.ts'
import { claimableLines } from '#functions/platform/claimable.ts'
import { claimView } from '#functions/platform/claim-view.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { payments } from '#functions/platform/payments/stripe.ts'
import type { ClaimItem } from '#functions/platform/table/items/claims.ts'
import type { OrderItem } from '#functions/platform/table/items/orders.ts'
import { loadOrderParts, loadShares, type OrderParts } from '#functions/platform/table/order-partition.ts'
import { askRefund } from './ask-refund.ts'
import { type Decision, decidedWrite, saveDeclined } from './claim-store.ts'
import { decidedRefund } from './decided-refund.ts'
import { refundable } from './refundable.ts'
import { saveRefund } from './refund-store.ts'

const TRIES_MAX = 6

type Wish = Body<typeof route>
type Accept = Extract<Wish, { decision: 'accept' }>

export const decideClaim = http(
  route,
  async ({ params: { orderId, claimId }, body }, { caller, now }) => {
    const decisionHash = hashBody([body, caller.personId])
    let refusal: Extract<Awaited<ReturnType<typeof accept>>, Refused> | undefined
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const found = await loadOrderParts(orderId)
      if (found === undefined || !worksFor(caller, found.order.communityId)) throw new Missing()
      const claim = found.claims.find((each) => each.claimId === claimId)
      if (claim === undefined) throw new Missing()
      if (claim.state !== 'open') {
        // Sent twice by the same person it is the same decision.
        return claim.decisionHash === decisionHash ? claimView(claim) : alreadyDecided(claim)
      }
      if (isTheirOwn(caller, claim, found.order)) {
        const why = found.order.placedBy === undefined ? '这是您自己家的申请' : '这一单是您代下的，或是您自己家的'
        return refused('OWN_CLAIM', `${why}，请别的工作人员处理`)
      }
      // Only now: shares are read after their order, and what they refuse may be what this very request has decided.
      if (refusal !== undefined) return refusal
      const by = { decidedBy: caller.personId, decisionHash }
      const done =
        body.decision === 'decline'
          ? await decline(found, claim, body.words, by, now)
          : await accept(found, claim, body, by, now)
      if (done === 'moved') continue
      if (!('kind' in done)) return done
      refusal = done
    }
    throw new Busy()
  },
  { freshRoles: true },
)

type By = { readonly decidedBy: string; readonly decisionHash: string }

async function decline({ order }: OrderParts, claim: ClaimItem, words: string, by: By, at: Instant) {
  const decision: Decision = { ...by, state: 'declined', decided: { at, amountFen: ZERO_FEN, lines: [], words } }
  const saved = await saveDeclined(order, claim, decision)
  return saved.kind === 'done' ? claimView({ ...claim, ...decision }) : 'moved'
}

/** Through the one path of all refunds; that the claim is decided is part of the same transaction. */
async function accept(found: OrderParts, claim: ClaimItem, body: Accept, by: By, at: Instant) {
  const shares = await loadShares(found)
  const share = shares.find((each) => each.saleId === claim.saleId)
  assert(share !== undefined, 'a claim is about a share of the order')
  const accepted = decideAccept(claim, claimableLines(found, share), body.lines)
  if (accepted.kind === 'refused') return accepted
  const decision = decideRefund(refundable(found, shares), accepted.wanted, at)
  if (decision.kind === 'refused') return decision
  const refund = decidedRefund(found.order, {
    ...{ refundId: refundIdOf(claim), reason: 'claim', amountFen: decision.amountFen },
    ...{ decidedAt: at, decidedBy: by.decidedBy, bodyHash: by.decisionHash },
  })
  const lines = accepted.wanted.map(({ lineId, amountFen, why }) => {
    return { lineId, amountFen, ...(why.portions === undefined ? {} : { portions: why.portions }) }
  })
  const words = body.words === undefined || body.words === '' ? {} : { words: body.words }
  const decided: Decision = {
    ...{ ...by, state: 'accepted' },
    decided: { at, amountFen: decision.amountFen, lines, ...words },
  }
  const amounts = new Map(found.lines.shares.map((each) => [each.saleId, each.amountFen]))
  const beside = [decidedWrite(claim, decided)]
  const saved = await saveRefund(found.order, refund, decision.shares, amounts, beside, { closesClaim: true })
  if (saved.kind !== 'done') return 'moved'
  // From here the refund is certain; the provider is asked now, and by every tick until it is done.
  await askRefund(refund, payments, at)
  return claimView({ ...claim, ...decided })
}

/** One claim gives back once. Its id is the key at the provider, where two orders must not meet. */
function refundIdOf({ orderId, claimId }: ClaimItem): string {
  return `claim-${createHash('sha256').update(`${orderId} ${claimId}`).digest('hex').slice(0, 32)}`
}

/** Nobody gives money to their own household, or back for an order they placed themselves. */
function isTheirOwn(caller: Caller, claim: ClaimItem, order: OrderItem): boolean {
  if (claim.filedBy === caller.personId || order.personId === caller.personId) return true
  return caller.memberships.some((held) => held.role === 'resident' && held.scopeId === order.householdId)
}

function alreadyDecided({ state, decided }: ClaimItem) {
  const said = state === 'accepted' ? `同意退 ¥${yuan(decided?.amountFen ?? 0)}` : `没有同意（${decided?.words ?? ''}）`
  return refused('CLAIM_DECIDED', `这个申请已经有人处理了：${said}`)
}
