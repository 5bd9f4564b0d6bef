import { randomBytes } from 'node:crypto'
import { enterPaperBallot as enterRoute, listPaperBallots as listRoute } from '#shared/contracts/governance-paper.ts'
import { barOfPaper, decidePaper, type Enterer } from '#shared/domain/governance/paper-ballot.ts'
import { nameHousehold } from '#shared/domain/places/household-id.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { whoStillLivesThere } from '#functions/platform/households.ts'
import { Invalid } from '#functions/platform/invalid.ts'
import { log } from '#functions/platform/log.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import type { BallotItem } from '#functions/platform/table/items/governance.ts'
import { getPaper, pageOfWaitingPapers, savePaper, voicesOf } from './paper-store.ts'
import { getBallot, getProposalRecord, type Loaded } from './proposal-store.ts'
import { maySee } from './proposal-view.ts'
import { RECEIPT_BYTES } from './votes.ts'

const ATTEMPTS_MAX = 8
const PAGE = 50

/** Whatever the other one entered stays with them: only whether it was the same is told. Others in between mean to decide once more. */
export const enterPaperBallot = http(
  enterRoute,
  async ({ params: { proposalId }, body: { choice, ...rooms } }, { caller, now }) => {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const { item, proposal, enterer } = await needProposal(proposalId, caller)
      const name = nameHousehold(item.compoundId, rooms)
      const barred = barOfPaper(proposal, enterer, now)
      if (barred?.kind === 'forbidden') throw new Forbidden()
      if (barred !== undefined) return barred
      if (name.kind === 'invalid') throw new Invalid(name.fields)
      const { householdId, labels } = name
      const home = { compoundId: item.compoundId, householdId }
      const voices = await voicesOf(home, proposal.vote?.opensAt ?? now, now)
      // In this order: two reads are no snapshot, and of a ballot that is there both entries are there, too.
      const ballot = await getBallot(proposalId, 'households', householdId)
      const before = await getPaper(proposalId, householdId)
      const over = await castByNobodyHere(ballot, now)
      const cast = ballot === undefined || over !== undefined ? 'none' : ballot.paper === undefined ? 'online' : 'paper'
      const situation = { householdId, voices, entries: before?.entries ?? [], cast } as const
      const decided = decidePaper(proposal, situation, choice, enterer, now)
      if (decided.kind === 'forbidden') throw new Forbidden()
      if (decided.kind === 'refused') return decided
      const { state } = decided
      const told = { ...labels, state }
      if (decided.kind === 'same') return state === 'counted' ? { ...told, receipt: ballot?.receipt } : told
      const receipt = state === 'counted' ? randomBytes(RECEIPT_BYTES).toString('hex') : undefined
      const saved = await savePaper({
        ...{ proposalId, proposal, householdId, labels, before, over, entries: decided.entries, at: now },
        ...(receipt === undefined ? {} : { ballot: { receipt, choice, voices } }),
      })
      if (!saved) continue
      log('info', 'paper ballot entered', { proposalId })
      return receipt === undefined ? told : { ...told, receipt }
    }
    throw new Busy()
  },
  { freshRoles: true },
)

export const listPaperBallots = http(
  listRoute,
  async ({ params: { proposalId }, query }, { caller, now }) => {
    const { proposal, enterer } = await needProposal(proposalId, caller)
    const barred = barOfPaper(proposal, enterer, now)
    if (barred?.kind === 'forbidden') throw new Forbidden()
    if (barred !== undefined) return barred
    const page = await pageOfWaitingPapers(proposalId, query.limit ?? PAGE, query.cursor)
    return {
      ...page,
      items: page.items.flatMap(({ building, unit, room, entries }) => {
        const [first, second] = entries
        if (first === undefined) return []
        const { actor, memberId } = first
        const mine = entries.some(({ personId }) => personId === caller.personId)
        return [{ building, unit, room, firstBy: { actor, memberId }, differs: second !== undefined, mine }]
      }),
    }
  },
  { freshRoles: true },
)

async function needProposal(proposalId: string, caller: Caller): Promise<Loaded & { readonly enterer: Enterer }> {
  const record = await getProposalRecord(proposalId)
  const person = record && personOf(caller, record.item)
  if (record === undefined || person === undefined || !maySee(record.item, person)) throw new Missing()
  return { ...record, enterer: { ...person, homes: homesOf(caller) } }
}

/** Who cast a household's vote and was found since not to live there: it will not be counted, and keeps no paper out. */
async function castByNobodyHere(ballot: BallotItem | undefined, now: Instant): Promise<string | undefined> {
  if (ballot?.castBy === undefined) return undefined
  const spoke = { householdId: ballot.voterId, personId: ballot.castBy }
  return (await whoStillLivesThere([spoke], now))(spoke) ? undefined : ballot.castBy
}

/** Verified or not: of the home that somebody says is theirs they are no witness either. */
function homesOf({ memberships }: Caller): string[] {
  return memberships.filter(({ role }) => role === 'resident').map(({ scopeId }) => scopeId)
}
