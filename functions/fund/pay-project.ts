import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { payProject as route } from '#shared/contracts/fund-projects.ts'
import type { Movement, MovementRefusal } from '#shared/domain/fund/movement.ts'
import { decidePayment, type PaymentDecision } from '#shared/domain/governance/decide-payment.ts'
import { paymentEventId } from '#shared/domain/governance/milestones.ts'
import { after, foldSteps } from '#shared/domain/governance/proposal.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { startOfShanghaiDay } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { loadProposal, type ProposalRecord } from '#functions/platform/proposal-record.ts'
import { bankReferenceWrite } from '#functions/platform/table/bank-reference.ts'
import { paidProjectItem } from '#functions/platform/table/items/governance.ts'
import { bankReferenceItem } from '#functions/platform/table/items/settlement.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS } from '#functions/platform/table/table.ts'
import { moveFund } from './move-fund.ts'
import { passChecks, type Passed } from './pass-checks.ts'
import { writesOf } from './project-step.ts'

const TRIES_MAX = 3

/**
 * The money leaves the fund in the transaction that says who paid it and by which transfer: there is no payment that was
 * not decided, accepted and approved, and none that is recorded twice; of several milestones each is a payment of its own. Before that every check that is on is asked.
 */
export const payProject = http(
  route,
  async ({ params: { compoundId, proposalId }, body }, { caller, now }) => {
    const { amountFen, paidOn } = body
    const asked = { amountFen, paidOn, askedBy: caller.personId, now, allowed: new Set<string>() }
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const record = await loadProposal(proposalId)
      if (record?.item.compoundId !== compoundId) throw new Missing()
      const person = personOf(caller, record.item)
      const proposal = foldSteps(record.steps)
      const decision = decidePayment(proposal, body, person, now, governanceDayMs())
      switch (decision.kind) {
        case 'forbidden':
          throw new Forbidden()
        case 'refused':
          return decision
        case 'same':
          return paid(decision.payment)
        case 'pay': {
          const used = await get(bankReferenceItem, keys.bankReference(body.bankReference))
          if (used !== undefined)
            return refused('BANK_REFERENCE_USED', undefined, { bankReference: '这个流水号已经登记过，请核对' })
          const passed = await passChecks(record, proposal, { ...asked, milestone: decision.milestone })
          if (passed.kind === 'refused') return passed
          const posted = await post(record, decision, body, passed)
          if (posted === 'again') continue
          return posted
        }
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

const paid = ({ paidFen, releasedFen, seq }: { paidFen: number; releasedFen: number; seq: number }) => ({
  ...{ paidFen, releasedFen, seq },
})

type ToPay = Extract<PaymentDecision, { kind: 'pay' }>

async function post(
  { item, steps }: ProposalRecord,
  { milestone, paidFen, releasedFen, stepOf }: ToPay,
  { bankReference, paidOn }: { readonly bankReference: string; readonly paidOn: string },
  { holds, checks }: Passed,
) {
  const { proposalId, compoundId, purpose } = item
  const of = { proposalId, purpose, occurredAt: startOfShanghaiDay(paidOn) }
  const movements: Movement[] = [
    { eventId: paymentEventId(proposalId, milestone?.number), kind: 'disbursement', movedFen: paidFen, ...of },
    ...(releasedFen === 0
      ? []
      : [{ eventId: `release:${proposalId}`, kind: 'release', movedFen: releasedFen, ...of } as const]),
  ]
  try {
    const { entries, refused: no } = await moveFund(compoundId, movements, ([posted]) => {
      assert(posted !== undefined, 'a movement that is not refused has an entry')
      const proposal = after(foldSteps(steps), stepOf(posted.seq, checks))
      const paidItem = paidProjectItem.parse({ entity: 'paidProject', v: 1, proposalId, paidFen, seq: posted.seq })
      return [
        ...holds,
        ...writesOf(item, proposal),
        bankReferenceWrite(bankReference, `project:${proposalId}`),
        { put: { ...governanceKeys.paid(compoundId, posted.seq), ...paidItem }, condition: NOT_EXISTS },
      ]
    })
    const [first] = no
    if (first !== undefined) return refusalOf(first.code)
    const [posted] = entries
    if (posted === undefined) return 'again' as const
    log('info', 'project paid', { fundId: compoundId, proposalId, seq: posted.seq })
    return { paidFen, releasedFen, seq: posted.seq }
  } catch (error) {
    if (!(error instanceof Busy)) throw error
    return 'again' as const
  }
}

/** All but the cash was made sure of when it was decided. */
function refusalOf(code: MovementRefusal | 'EVENT_DIFFERS') {
  assert(code === 'CASH_SHORT', `a project that was decided can be paid: ${code}`)
  return refused('CASH_SHORT', '划到慈善组织账上的钱还不够付这一笔，请先办划转')
}
