import type { Proposal } from '#shared/domain/governance/proposal.ts'
import type { PaperEntry } from '#shared/domain/governance/paper-count.ts'
import type { Choice } from '#shared/contracts/governance.ts'
import type { Rooms } from '#shared/domain/places/household-id.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { isHeld } from '#functions/platform/caller.ts'
import { pageOfWaiting } from '#functions/platform/paper-record.ts'
import { governanceKeys } from '#functions/platform/table/governance-keys.ts'
import { ballotItem } from '#functions/platform/table/items/governance.ts'
import { paperItem, waitingPaperItem, type PaperItem } from '#functions/platform/table/items/papers.ts'
import { membershipItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { paperKeys } from '#functions/platform/table/paper-keys.ts'
import { ALWAYS, batchGet, get, NOT_EXISTS, query, transact, type Write } from '#functions/platform/table/table.ts'
import { takesVotesWrite } from './proposal-store.ts'

/** Of one household as many as are looked at. */
const VOICES_MAX = 20

/**
 * Who could vote for a household now: its verified members of before the vote opened. The index only finds them; each is read
 * consistently.
 */
export async function voicesOf(
  { compoundId, householdId }: { readonly compoundId: string; readonly householdId: string },
  opensAt: Instant,
  now: Instant,
): Promise<string[]> {
  const { GSI1PK: pk } = index.compoundMembers(compoundId, '', '', '')
  const prefix = `verified#${householdId}#`
  const { items } = await query(membershipItem, { pk, prefix, index: 'GSI1', limit: VOICES_MAX })
  return items
    .filter((item) => item.scopeId === householdId && item.state === 'verified' && isHeld(item, now))
    .filter(({ verifiedAt = opensAt }) => verifiedAt <= opensAt)
    .map(({ personId }) => personId)
}

export async function getPaper(proposalId: string, householdId: string): Promise<PaperItem | undefined> {
  return get(paperItem, paperKeys.paper(proposalId, householdId))
}

export type EnteredPaper = {
  readonly proposalId: string
  /** As it was read: who is interested, and whether votes are taken. */
  readonly proposal: Proposal
  readonly householdId: string
  readonly labels: Rooms
  readonly before: PaperItem | undefined
  /** Who cast a vote for the household that counts no more: it may lie there. */
  readonly over: string | undefined
  readonly entries: readonly PaperEntry[]
  /** Of two who entered the same. */
  readonly ballot?: { readonly receipt: string; readonly choice: Choice; readonly voices: readonly string[] }
  readonly at: Instant
}

/**
 * What was entered, whether it still waits, and the ballot that two made: all of it or nothing, and only while votes are taken,
 * nobody entered anything else of this paper, and the household has not voted by itself.
 */
export async function savePaper(entered: EnteredPaper): Promise<boolean> {
  const { proposalId, proposal, householdId, labels, before, entries, ballot, at } = entered
  const item = paperItem.parse({
    ...{ entity: 'paper', v: 1, householdId, ...labels },
    ...{ version: (before?.version ?? 0) + 1, entries },
  })
  const waiting = paperKeys.waiting(proposalId, householdId)
  const done = await transact([
    takesVotesWrite(proposalId, proposal.steps.length, at),
    {
      put: { ...paperKeys.paper(proposalId, householdId), ...item },
      ...(before === undefined
        ? { condition: NOT_EXISTS }
        : { condition: 'version = :before', expression: { values: { ':before': before.version } } }),
    },
    ...ballotWrites(entered),
    ballot === undefined
      ? {
          put: { ...waiting, ...waitingPaperItem.parse({ entity: 'waitingPaper', v: 1, householdId }) },
          condition: ALWAYS,
        }
      : { delete: waiting, condition: ALWAYS },
  ])
  return done.kind === 'done'
}

function ballotWrites({ proposalId, householdId, over, entries, ballot, at }: EnteredPaper): Write[] {
  const key = governanceKeys.ballot(proposalId, 'households', householdId)
  const isFree =
    over === undefined
      ? { condition: NOT_EXISTS }
      : { condition: 'castBy = :over', expression: { values: { ':over': over } } }
  if (ballot === undefined) return [{ check: key, ...isFree }]
  const enteredBy = entries.map(({ personId }) => personId)
  assert(new Set(enteredBy).size === 2, 'a ballot from paper is of two persons')
  const { receipt, choice, voices } = ballot
  const item = ballotItem.parse({
    ...{ entity: 'ballot', v: 1, electorate: 'households', voterId: householdId, castAt: at },
    ...{ choice, receipt, paper: { enteredBy, voices } },
  })
  return [{ put: { ...key, ...item }, ...isFree }]
}

/** Papers that are no ballots yet, with what was entered. */
export async function pageOfWaitingPapers(proposalId: string, limit: number, cursor: string | undefined) {
  const page = await pageOfWaiting(proposalId, limit, cursor)
  const found = await batchGet(
    paperItem,
    page.items.map(({ householdId }) => paperKeys.paper(proposalId, householdId)),
  )
  const byHousehold = new Map(found.map((item) => [item.householdId, item]))
  return { ...page, items: page.items.flatMap(({ householdId }) => byHousehold.get(householdId) ?? []) }
}

/** Counted no further than this: many are many. */
const WAITING_COUNTED_MAX = 200

export async function papersWaiting(proposalId: string): Promise<number> {
  return (await pageOfWaiting(proposalId, WAITING_COUNTED_MAX, undefined)).items.length
}
