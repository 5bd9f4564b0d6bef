import type { MatterMoved, ProposalMoved, SaleEvent, SaleRecorded } from '../../contracts/events.ts'
import {
  CHECK_TYPE,
  hookEvents,
  type HookData,
  type HookEventType,
  PAYLOAD_BYTES_MAX,
  TEST_TYPE,
} from '../../contracts/hooks-events.ts'
import type { HookScope } from '../../contracts/hooks.ts'
import type { RankingMoved } from '../../contracts/rankings-events.ts'
import type { DisclosureMoved } from '../../contracts/sunshine-events.ts'
import { assert } from '../../kernel/assert.ts'
import type { Instant } from '../../kernel/time.ts'

/** What is told of one event: to whom, and the body of the request, byte for byte the same for everybody and for ever. */
export type News = {
  readonly type: HookEventType
  readonly timestamp: Instant
  /** Names the event among all of its type. */
  readonly of: string
  /** What it happened to: the sale, the proposal, the matter. */
  readonly subject: string
  readonly scopes: readonly HookScope[]
  readonly data: object
  readonly payload: string
}

/** Any event that hooks tell of; more kinds join here as their contexts grow. */
export type TellableEvent = SaleEvent | ProposalMoved | MatterMoved | RankingMoved | DisclosureMoved

/** A sale says by itself whose it is; what happened to one later only names it. */
export function saleToRead(event: TellableEvent): { saleId: string; saleDay: string; compoundId: string } | undefined {
  return 'saleId' in event && event.type !== 'sale.recorded.v1' ? event : undefined
}

/**
 * `sale` is the one that the event is about. Where it is gone the compound is still told, and the district; nobody
 * is told who cannot be known to be concerned.
 */
export function newsOf(event: TellableEvent, sale: SaleRecorded | undefined): News {
  switch (event.type) {
    case 'proposal.moved.v1':
      return newsOfProposal(event)
    case 'matter.moved.v1':
      return newsOfMatter(event)
    case 'ranking.moved.v1':
      return newsOfRanking(event)
    case 'disclosure.moved.v1':
      return newsOfDisclosure(event)
    default:
      return newsOfSale(event, sale)
  }
}

function newsOfProposal(event: ProposalMoved): News {
  const { proposalId, compoundId, communityId, step, state, payment, occurredAt } = event
  const data = {
    ...{ proposalId, compoundId, communityId, step, state, path: `/api/proposals/${proposalId}` },
    ...(payment === undefined ? {} : { payment }),
  }
  return {
    ...told('proposal.moved.v1', occurredAt, `${proposalId}.${step}`, proposalId, data),
    scopes: [{ kind: 'district' }, { kind: 'compound', id: compoundId }, { kind: 'community', id: communityId }],
  }
}

function newsOfMatter(event: MatterMoved): News {
  const { matterId, compoundId, communityId, step, state, occurredAt } = event
  const data = { matterId, compoundId, communityId, step, state, path: `/api/matters/${matterId}` }
  return {
    ...told('matter.moved.v1', occurredAt, `${matterId}.${step}`, matterId, data),
    scopes: [{ kind: 'district' }, { kind: 'compound', id: compoundId }, { kind: 'community', id: communityId }],
  }
}

function newsOfRanking({ rankingId, communityId, step, state, occurredAt }: RankingMoved): News {
  const data = { rankingId, communityId, step, state, path: `/api/rankings/${rankingId}` }
  return {
    ...told('ranking.moved.v1', occurredAt, `${rankingId}.${step}`, rankingId, data),
    scopes: [{ kind: 'district' }, { kind: 'community', id: communityId }],
  }
}

function newsOfDisclosure(event: DisclosureMoved): News {
  const { disclosureId, book, quarter, compoundId, communityId, step, state, occurredAt } = event
  const path = `/api/sunshine/disclosures/${disclosureId}`
  const data = { disclosureId, compoundId, communityId, book, quarter, step, state, path }
  return {
    ...told('disclosure.moved.v1', occurredAt, `${disclosureId}.${step}`, disclosureId, data),
    scopes: [{ kind: 'district' }, { kind: 'compound', id: compoundId }, { kind: 'community', id: communityId }],
  }
}

function newsOfSale(event: SaleEvent, sale: SaleRecorded | undefined): News {
  const { compoundId, saleId } = event
  const whose = event.type === 'sale.recorded.v1' ? event : sale
  const scopes: HookScope[] = [
    { kind: 'district' },
    { kind: 'compound', id: compoundId },
    ...(whose === undefined
      ? []
      : ([
          { kind: 'community', id: whose.communityId },
          { kind: 'coop', id: whose.coopId },
        ] as const)),
  ]
  const ids = { saleId, compoundId, path: `/api/funds/${compoundId}/entries?saleId=${encodeURIComponent(saleId)}` }
  return { ...toldOf(event, ids, whose), scopes }
}

type Ids = { readonly saleId: string; readonly compoundId: string; readonly path: string }

function toldOf(event: SaleEvent, ids: Ids, whose: SaleRecorded | undefined): Omit<News, 'scopes'> {
  const { occurredAt: timestamp } = event
  switch (event.type) {
    case 'sale.recorded.v1': {
      const { communityId, villageId, coopId, channel, groupBuyId, fairId } = event
      const where = { ...(groupBuyId === undefined ? {} : { groupBuyId }), ...(fairId === undefined ? {} : { fairId }) }
      const data = { ...ids, communityId, villageId, coopId, channel, ...where }
      return told('sale.recorded.v1', timestamp, event.saleId, ids.saleId, data)
    }
    case 'sale.reversed.v1': {
      const { reversalId } = event
      return told('sale.reversed.v1', timestamp, reversalId, ids.saleId, { ...ids, ...sellers(whose), reversalId })
    }
    case 'sale.settled.v1':
      return told('sale.settled.v1', timestamp, event.saleId, ids.saleId, { ...ids, ...sellers(whose) })
  }
}

function sellers(sale: SaleRecorded | undefined) {
  if (sale === undefined) return {}
  const { communityId, villageId, coopId } = sale
  return { communityId, villageId, coopId }
}

/** The test button's news. */
export function testNews(hookId: string, of: string, now: Instant): Omit<News, 'scopes'> {
  return told(TEST_TYPE, now, of, hookId, { hookId, path: `/api/hooks/${hookId}` })
}

/** What a check is asked; each question has a name of its own. */
export function checkQuestion(asked: Omit<HookData<typeof CHECK_TYPE>, 'path'>, now: Instant): Omit<News, 'scopes'> {
  const path = `/api/proposals/${asked.proposalId}`
  return told(CHECK_TYPE, now, asked.questionId, asked.proposalId, { ...asked, path })
}

/** Printed from what the contract knows, and nothing else: an event's other fields cannot slip out. */
function told<T extends HookEventType>(
  type: T,
  timestamp: Instant,
  of: string,
  subject: string,
  known: HookData<T>,
): Omit<News, 'scopes'> {
  const data = hookEvents[type].data.parse(known)
  const payload = JSON.stringify({ type, timestamp, data })
  assert(payload.length < PAYLOAD_BYTES_MAX, 'a payload is thin')
  return { type, timestamp, of, subject, data, payload }
}
