import { describe, expect, it } from 'vitest'
import { stepWrites } from '#functions/platform/proposal-record.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { proposalStates, type ProposalState } from '#shared/contracts/governance.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import { Story } from '../domain/governance-story.ts'

const proposalId = '00000000-0000-4000-8000-000000000001'
const places = { proposalId, compoundId: 'c-1', compoundName: '示例小区', communityId: 'xinhua' }

/** Written out by hand: what was paid for and rated was carried out, all other ends were not. */
const leavesMark: Readonly<Record<ProposalState, boolean>> = {
  ...{ submitted: false, returned: false, triaged: false, deliberated: false, noticed: false, voting: false },
  ...{ decided: false, reserved: false, executing: false, finished: false, accepted: false, approved: false },
  ...{ disbursed: false, releasing: false, signing: false, urgent: false, ratifying: false },
  ...{ closed: false },
  ...{ withdrawn: true, rejected: true, lapsed: true, abandoned: true, unratified: true },
}

describe('a proposal that ends', () => {
  it.each(proposalStates.map((state) => [state, leavesMark[state]] as const))(
    'as %s leaves the mark that what was linked to it comes back: %s',
    (state, leaves) => {
      const { proposal } = new Story()
      const writes = stepWrites(places, { ...proposal, state }, hasEnded(state), undefined)
      const { PK } = governanceKeys.inVain(proposalId)
      expect(writes.some((write) => 'put' in write && write.put['PK'] === PK)).toBe(leaves)
    },
  )
})
