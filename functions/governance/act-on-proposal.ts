import { actOnProposal as route, type Act } from '#shared/contracts/governance.ts'
import { decideAct, receiptKey } from '#shared/domain/governance/decide-act.ts'
import { isSigned } from '#shared/domain/governance/emergency.ts'
import { after } from '#shared/domain/governance/proposal.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { enterEmergencyWay, shutWrites } from './emergency-way.ts'
import { getProposalRecord, receiptWrites, saveStep } from './proposal-store.ts'
import { maySee, proposalView } from './proposal-view.ts'

const ATTEMPTS_MAX = 8

/** Loads, decides, adds the step. Somebody else's step in between only means to decide once more. */
export const actOnProposal = http(
  route,
  async ({ params: { proposalId }, body }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const record = await getProposalRecord(proposalId)
      const person = record && personOf(caller, record.item)
      if (record === undefined || person === undefined || !maySee(record.item, person)) throw new Missing()
      const decided = decideAct(record.proposal, body, person, now, governanceDayMs())
      switch (decided.kind) {
        case 'forbidden':
          throw new Forbidden()
        case 'refused':
          return decided
        case 'same':
          return proposalView(record, person, now)
        case 'step': {
          const proposal = after(record.proposal, decided.step)
          // With the second signature the money is as good as set aside: the way has to be open in that very moment.
          const isComplete = body.act === 'sign' && isSigned(proposal)
          const way = isComplete
            ? await enterEmergencyWay(record.item, proposal, now)
            : ({ kind: 'open', writes: [] } as const)
          if (way.kind === 'refused') return way
          const shut = shutWrites(record.item, record.proposal, proposal, now)
          const saved = await saveStep(record.item, proposal, [...way.writes, ...shut, ...beside(proposalId, body)])
          if (saved === 'also' && !isComplete) return refused('RECEIPT_USED', '有一张票据在别的项目里用过')
          if (saved === 'also') continue
          if (saved === 'again') continue
          log('info', 'proposal moved', { proposalId, act: body.act, state: proposal.state })
          const fresh = await getProposalRecord(proposalId)
          return proposalView(fresh ?? record, person, now)
        }
      }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

function beside(proposalId: string, act: Act) {
  if (act.act !== 'finish') return []
  return receiptWrites(
    proposalId,
    act.receipts.map(({ number }) => receiptKey(number)),
  )
}
