import {
  getProposal as getRoute,
  listOpenProposals as openRoute,
  listProposals as listRoute,
} from '#shared/contracts/governance.ts'
import { hasRole, isAdmin } from '#functions/platform/caller.ts'
import { http, openHttp } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { getCompound, getProposalRecord, pageOfCompound, pageOfOpen } from './proposal-store.ts'
import { maySee, proposalSummary, proposalView } from './proposal-view.ts'

const PAGE = 20

export const getProposal = openHttp(getRoute, async ({ params: { proposalId } }, { caller, now }) => {
  const record = await getProposalRecord(proposalId)
  if (record === undefined) throw new Missing()
  const person = caller && personOf(caller, record.item)
  // An administrator oversees; they see what staff see and do nothing.
  if (!maySee(record.item, person) && !(caller && isAdmin(caller))) throw new Missing()
  return proposalView(record, person, now)
})

export const listProposals = openHttp(listRoute, async ({ query }, { caller }) => {
  const compound = await getCompound(query.compoundId)
  if (compound === undefined) throw new Missing()
  const page = await pageOfCompound(query.compoundId, query.limit ?? PAGE, query.cursor)
  const seen = page.items.filter(
    (item) => maySee(item, caller && personOf(caller, item)) || (caller && isAdmin(caller)),
  )
  return { ...page, items: seen.map(proposalSummary) }
})

export const listOpenProposals = http(openRoute, async ({ query }, { caller }) => {
  const { communityId } = query
  const works = (['worker', 'committee', 'supervisor'] as const).some((role) => hasRole(caller, role, communityId))
  const isDistrict = caller.memberships.some(({ role }) => role === 'charity' || role === 'admin')
  if (!works && !isDistrict) throw new Forbidden()
  const page = await pageOfOpen(communityId, query.limit ?? PAGE, query.cursor)
  return { ...page, items: page.items.map(proposalSummary) }
})
