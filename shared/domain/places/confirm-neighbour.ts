import { refused, type Refused } from '#shared/kernel/outcome.ts'

export type NeighbourClaim = {
  readonly state: 'claimed' | 'verified' | 'rejected'
  /** What its person was shown; claims from before there was one have none. */
  readonly claimCode?: string | undefined
  /** A worker turned this person's claim on this very household down before. */
  readonly workerOnly?: true | undefined
}

/**
 * Why a leader does not confirm this claim; nothing when they do. A leader knows faces, not accounts: whoever claims a room
 * stands before them with the code that the claim was given. Who joins a household that already has somebody confirmed reads
 * its orders and votes for it, so that is the worker's, and so is what a worker has turned down once.
 */
export function refuseConfirming(
  claim: NeighbourClaim,
  code: string,
  situation: { readonly isOwnHousehold: boolean; readonly isLivedIn: boolean },
): Refused<'OWN_HOUSEHOLD' | 'WORKER_CONFIRMS' | 'CLAIM_REJECTED' | 'WRONG_CLAIM_CODE'> | undefined {
  if (situation.isOwnHousehold) return refused('OWN_HOUSEHOLD', '这是您自己家，请社区工作人员来核实')
  if (claim.state === 'rejected') return refused('CLAIM_REJECTED', '这条登记已经退回，请居民重新登记')
  if (claim.workerOnly === true) return refused('WORKER_CONFIRMS', '这户的登记退回过，请社区工作人员来核实')
  if (situation.isLivedIn) return refused('WORKER_CONFIRMS', '这户已经有核实过的人，再添人请社区工作人员来核实')
  if (claim.claimCode === undefined) return refused('WORKER_CONFIRMS', '这条登记没有登记码，请社区工作人员来核实')
  if (claim.claimCode !== code)
    return refused('WRONG_CLAIM_CODE', '登记码不对', { code: '和邻居手机上的不一样，请再看一遍' })
  return undefined
}
