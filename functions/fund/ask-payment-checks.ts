import { askPaymentChecks as route } from '#shared/contracts/fund-projects.ts'
import { decidePayment } from '#shared/domain/governance/decide-payment.ts'
import { foldSteps } from '#shared/domain/governance/proposal.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { loadProposal } from '#functions/platform/proposal-record.ts'
import { passChecks } from './pass-checks.ts'

/** No bank has such a number: whoever asks has transferred nothing. */
const NOT_TRANSFERRED = ''

/** As the payment does, by whoever could pay; it writes what stopped it, and no payment. */
export const askPaymentChecks = http(
  route,
  async ({ params: { compoundId, proposalId }, body }, { caller, now }) => {
    const record = await loadProposal(proposalId)
    if (record?.item.compoundId !== compoundId) throw new Missing()
    const proposal = foldSteps(record.steps)
    const payment = { ...body, bankReference: NOT_TRANSFERRED }
    const decision = decidePayment(proposal, payment, personOf(caller, record.item), now, governanceDayMs())
    switch (decision.kind) {
      case 'forbidden':
        throw new Forbidden()
      case 'refused':
        return decision
      case 'same':
        return refused('NOT_NOW', '这一笔已经付过款了')
      case 'pay': {
        const passed = await passChecks(record, proposal, {
          ...{ amountFen: body.amountFen, paidOn: body.paidOn, milestone: decision.milestone },
          ...{ askedBy: caller.personId, now },
          allowed: new Set<string>(),
        })
        if (passed.kind === 'refused') return passed
        if (passed.checks.length === 0) return {}
        const isOverridden = passed.checks.some(({ verdict }) => verdict === 'overridden')
        return { checks: isOverridden ? ('overridden' as const) : ('allowed' as const) }
      }
    }
  },
  { freshRoles: true },
)
