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
import { clearOwnersRows, keepOwnersRows, keepOwnersRowsAnew, saidOf, tellDifference } from './owners-rows.ts'
import { getProposalRecord, receiptWrites, saveStep } from './proposal-store.ts'
import { areAllTheirs, keepForProject, photoFieldOf, photosOfAct } from './project-photos.ts'
import { maySee, proposalView } from './proposal-view.ts'

const ATTEMPTS_MAX = 8
/** A list of three thousand owners' units, each as long as it may be, is 0.4 MB. */
const BODY_BYTES_MAX = 512 * 1024

/** Loads, decides, adds the step. Somebody else's step in between only means to decide once more. */
export const actOnProposal = http(
  route,
  async ({ params: { proposalId }, body }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const record = await getProposalRecord(proposalId)
      const person = record && personOf(caller, record.item)
      if (record === undefined || person === undefined || !maySee(record.item, person)) throw new Missing()
      const said = saidOf(body, record.proposal)
      const decided = decideAct(record.proposal, said, person, now, governanceDayMs())
      switch (decided.kind) {
        case 'forbidden':
          throw new Forbidden()
        case 'refused':
          return decided.code === 'LISTS_DIFFER' ? tellDifference(record, body, person.personId, now) : decided
        case 'same':
          await keepOwnersRowsAnew(record, body, said, now)
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
          const photos = photosOfAct(body)
          const theirs = { proposalId, personId: caller.personId, at: now }
          const also = [
            ...[...way.writes, ...shut, ...beside(proposalId, body), ...keepForProject(photos, theirs)],
            ...keepOwnersRows(proposalId, body, said, now),
            ...clearOwnersRows(proposalId, record.proposal, proposal),
          ]
          const saved = await saveStep(record.item, proposal, also)
          if (saved === 'also' && !(await areAllTheirs(photos, theirs)))
            return refused('UNKNOWN_PHOTO', undefined, { [photoFieldOf(body)]: '照片没有传上来，请重新选' })
          if (saved === 'also' && body.act === 'finish') return refused('RECEIPT_USED', '有一张票据在别的项目里用过')
          if (saved !== 'saved') continue
          log('info', 'proposal moved', { proposalId, act: body.act, state: proposal.state })
          const fresh = await getProposalRecord(proposalId)
          return proposalView(fresh ?? record, person, now)
        }
      }
    }
    throw new Busy()
  },
  { freshRoles: true, bodyBytesMax: BODY_BYTES_MAX },
)

function beside(proposalId: string, act: Act) {
  if (act.act !== 'finish') return []
  return receiptWrites(
    proposalId,
    act.receipts.map(({ number }) => receiptKey(number)),
  )
}
