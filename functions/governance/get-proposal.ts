import {
  getProposal as getRoute,
  listOpenProposals as openRoute,
  listProposals as listRoute,
} from '#shared/contracts/governance.ts'
import { hasRole, isAdmin } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import type { ProposalItem } from '#functions/platform/table/items/governance.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { getCompound, getProposalRecord, pageOfCompound, pageOfOpen } from './proposal-store.ts'
import { maySee, proposalSummary, proposalView } from './proposal-view.ts'

const PAGE = 20
const PAGES_READ_MAX = 5

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
  return { ...page, items: page.items.map(proposalSummary) }
})
