import { randomUUID } from 'node:crypto'
import { listProposals } from '#shared/contracts/governance.ts'
import {
  HELPERS_MAX,
  listOpenMatters,
  MATTER_PHOTOS_MAX,
  type MatterSummary,
  type MatterView,
} from '#shared/contracts/matters.ts'
import { listBodies } from '#shared/contracts/places-bodies.ts'
import { PAGE_MAX } from '#shared/contracts/route.ts'
import { termOf } from '#shared/domain/matters/rules.ts'
import { isEnded as isProposalEnded } from '../projects/stages.ts'
import type { MatterChoices } from '../matters/choices.ts'
import { api } from './api.ts'
import { publicRead } from './public-reads.ts'

/** A busy community has some hundred open matters; who looks for a duplicate sees those whose deadlines are next. */
const PAGES_MAX = 3

/** What the acts that somebody may do choose from; nothing is asked for that no form shows. */
export async function choicesFor(matter: MatterView, token: string | undefined): Promise<MatterChoices> {
  const may = (...acts: MatterView['mayDo']) => acts.some((act) => matter.mayDo.includes(act))
  const [bodies, matters, proposals] = await Promise.all([
    may('assign', 'rule', 'supervise') ? bodiesOf(matter.communityId) : [],
    may('merge') ? othersLike(matter, token) : [],
    may('link-proposal') ? proposalsOf(matter.compoundId, token) : [],
  ])
  return {
    ...{ formId: randomUUID(), photosMax: MATTER_PHOTOS_MAX, helpersMax: HELPERS_MAX },
    termDays: termOf[matter.kind ?? 'help'],
    ...{ bodies, matters, proposals },
  }
}

async function bodiesOf(communityId: string): Promise<MatterChoices['bodies']> {
  const listed = await publicRead(listBodies, { query: { communityId } })
  return listed.ok ? listed.data.items.map(({ bodyId, name }) => ({ bodyId, name })) : []
}

/** States that take another one in: looked at, and not answered for good. */
const takesIn = ['triaged', 'assigned', 'disputed', 'handling', 'answered']

/** Those of the same compound that it may go into, the same category first. */
async function othersLike(matter: MatterView, token: string | undefined): Promise<MatterChoices['matters']> {
  const { communityId, compoundId, matterId, category } = matter
  const found: MatterSummary[] = []
  const isLike = (each: MatterSummary) => each.matterId !== matterId && takesIn.includes(each.state)
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = { communityId, compoundIds: compoundId, cursor, limit: PAGE_MAX }
    const listed = await api(listOpenMatters, { query }, { token })
    if (!listed.ok) break
    found.push(...listed.data.items.filter((each) => isLike(each)))
    cursor = listed.data.nextCursor
    if (cursor === undefined) break
  }
  const isSame = (each: MatterSummary) => each.category === category
  return [...found.filter(isSame), ...found.filter((each) => !isSame(each))].map(({ matterId: id, title, where }) => ({
    matterId: id,
    title,
    where,
  }))
}

async function proposalsOf(compoundId: string, token: string | undefined): Promise<MatterChoices['proposals']> {
  const listed = await api(listProposals, { query: { compoundId, limit: PAGE_MAX } }, { token })
  if (!listed.ok) return []
  return listed.data.items
    .filter(({ state }) => !isProposalEnded(state))
    .map(({ proposalId, title }) => ({ proposalId, title }))
}
