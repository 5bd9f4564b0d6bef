import {
  getProposal as getRoute,
  listOpenProposals as openRoute,
  listProposals as listRoute,
  type ProposalSummary,
} from '#shared/contracts/governance.ts'
import { isBeingVotedOn } from '#shared/domain/governance/transitions.ts'
import { hasRole, isAdmin } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import type { ProposalItem } from '#functions/platform/table/items/governance.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { papersWaiting } from './paper-store.ts'
import { getCompound, getProposalRecord, pageOfCompound, pageOfOpen } from './proposal-store.ts'
import { maySee, proposalSummary, proposalView } from './proposal-view.ts'

const PAGE = 20
const PAGES_READ_MAX = 5
const READS_AT_ONCE = 10

export const getProposal = openHttp(getRoute, async ({ params: { proposalId } }, { caller, now }) => {
  const record = await getProposalRecord(proposalId)
  if (record === undefined) throw new Missing()
  const person = caller && personOf(caller, record.item)
  // An administrator oversees; they see what staff see and do nothing.
  const oversees = caller !== undefined && isAdmin(caller)
  if (!maySee(record.item, person) && !oversees) throw new Missing()
  return proposalView(record, person, now, oversees || undefined)
})

export const listProposals = openHttp(listRoute, async ({ query }, { caller }) => {
  const compound = await getCompound(query.compoundId)
  if (compound === undefined) throw new Missing()
  const sees = (item: ProposalItem) => maySee(item, caller && personOf(caller, item)) || (caller && isAdmin(caller))
  const limit = query.limit ?? PAGE
  const seen: ProposalItem[] = []
  let nextCursor = query.cursor
  // What nobody has looked at yet leaves no empty page behind: some more are read instead.
  for (let read = 0; read < PAGES_READ_MAX && seen.length < limit; read++) {
    const page = await pageOfCompound(query.compoundId, limit - seen.length, nextCursor)
    seen.push(...page.items.filter(sees))
    nextCursor = page.nextCursor
    if (nextCursor === undefined) break
  }
  return { items: seen.map(proposalSummary), ...(nextCursor === undefined ? {} : { nextCursor }) }
})

export const listOpenProposals = http(openRoute, async ({ query }, { caller }) => {
  const { communityId } = query
  const works = (['worker', 'committee', 'supervisor'] as const).some((role) => hasRole(caller, role, communityId))
  const isDistrict = caller.memberships.some(({ role }) => role === 'charity' || role === 'admin')
  if (!works && !isDistrict) throw new Forbidden()
  const page = await pageOfOpen(communityId, query.limit ?? PAGE, query.cursor)
  const items = await inParallel(page.items, READS_AT_ONCE, async (item): Promise<ProposalSummary> => {
    // How many papers wait tells who works here what to do before it closes.
    const isVoted = works && isBeingVotedOn(item.state) && item.takesUntil !== undefined
    const waiting = isVoted ? await papersWaiting(item.proposalId) : 0
    return { ...proposalSummary(item), ...(waiting === 0 ? {} : { papersWaiting: waiting }) }
  })
  return { ...page, items }
})
