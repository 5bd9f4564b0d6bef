import { OFFERS_MAX } from '#shared/contracts/group-buys.ts'
import type { StatementRows, StatementSums } from '#shared/contracts/settlement.ts'
import { decideSilence } from '#shared/domain/settlement/silent-statement.ts'
import { STATEMENT_PARTS_MAX, STATEMENT_STEPS_SHOWN } from '#shared/contracts/settlement.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { type GroupBuyItem, offerItem } from '#functions/platform/table/items/group-buys.ts'
import { compoundItem } from '#functions/platform/table/items/places.ts'
import {
  settlementPartitionItem,
  type SettlementWatchItem,
  settlementWatchItem,
  statementItem,
  type StatementItem,
  statementRowsItem,
  statementStepItem,
  type StatementStepItem,
  unpaidItem,
} from '#functions/platform/table/items/settlement.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { tellPerson } from '#functions/platform/table/notices.ts'
import {
  batchGet,
  EXISTS,
  get,
  NOT_EXISTS,
  query,
  queryAll,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'
import { membersOf } from './coop-members.ts'

const UNPAID_PAGE = 100

/** A page of the watches that are due (pattern 62). */
export async function pageOfDueStatements(at: Instant, cursor: string | undefined) {
  const pk = index.watchedSettlements('', '').GSI1PK
  return query(settlementWatchItem, { pk, between: ['0', `${at}~`], index: 'GSI1', limit: 50, cursor })
}

/** What stands of a group buy, by one consistent read (pattern 60). */
export async function loadStatements(groupBuyId: string) {
  const { PK } = keys.settlementWatch(groupBuyId)
  const between = ['A#', 'STATEMENT#~'] as const
  const items = await queryAll(settlementPartitionItem, { pk: PK, between, max: 1 + STATEMENT_PARTS_MAX })
  return {
    watch: items.find((item) => item.entity === 'settlementWatch'),
    parts: items.filter((item) => item.entity === 'statement'),
  }
}

export async function loadOffers(groupBuyId: string) {
  const { PK, SK } = keys.offer(groupBuyId, '')
  const offers = await queryAll(offerItem, { pk: PK, prefix: SK, max: OFFERS_MAX })
  return offers.sort((left, right) => left.position - right.position)
}

export async function namesOfCompounds(compoundIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const items = await batchGet(
    compoundItem,
    compoundIds.map((compoundId) => keys.place('compound', compoundId)),
  )
  return new Map(items.map(({ compoundId, name }) => [compoundId, name]))
}

export const dueFenOf = ({ sums, statedFen }: Pick<StatementItem, 'sums' | 'statedFen'>): number =>
  sums.payableFen - statedFen

type Stated = { readonly sums: StatementSums; readonly statedFen: number; readonly rows: StatementRows }

/** A new statement: unpaid, with its rows, its co-op told, and the watch that asked for it ended; all of it or nothing. */
export async function addStatement(
  { groupBuyId, coopId, coopName, title, closesAt }: GroupBuyItem,
  part: number,
  { rows, ...stated }: Stated,
  watch: SettlementWatchItem,
  at: Instant,
) {
  const statement: StatementItem = {
    ...{ entity: 'statement', v: 1, groupBuyId, part, version: 1, steps: 1, state: 'open', disputes: 0 },
    ...{ coopId, coopName, title, closesAt, ...stated, madeAt: at, versionAt: at },
  }
  const members = await membersOf(coopId, at)
  const of = `${groupBuyId}.${part}`
  const notice = { kind: 'statement-made', at, of, groupBuyId, part, dueFen: dueFenOf(statement) } as const
  return transact([
    {
      put: {
        ...keys.statement(groupBuyId, part),
        ...index.coopStatements(coopId, at, groupBuyId, part),
        ...statementItem.parse(statement),
      },
      condition: NOT_EXISTS,
    },
    unpaidWrite(statement),
    rowsWrite(statement, rows),
    stepWrite(statement, { step: 'made', at, by: 'clock' }),
    afterLookWrite(watch, statement, at),
    ...members.map((personId) => tellPerson(personId, notice)),
  ])
}

/** The same statement with other figures, which nobody has confirmed yet. */
export async function reviseStatement(
  before: StatementItem,
  version: number,
  { rows, ...stated }: Stated,
  watch: SettlementWatchItem,
  at: Instant,
) {
  const after = { ...before, ...stated, version, versionAt: at, steps: before.steps + 1 }
  return transact([
    statementWrite(before, after),
    rowsWrite(after, rows),
    stepWrite(after, { step: 'revised', at, by: 'clock' }),
    afterLookWrite(watch, after, at),
  ])
}

/** Leads a statement on, if nothing happened to it since it was read. */
export function moveWrites(
  before: StatementItem,
  change: Partial<Pick<StatementItem, 'state' | 'confirmedBy' | 'payoutId' | 'disputes' | 'reports' | 'missing'>>,
  step: Omit<StatementStepItem, 'entity' | 'v' | 'dueFen'>,
): Write[] {
  const after = { ...before, ...change, steps: before.steps + 1 }
  return [statementWrite(before, after), stepWrite(after, step)]
}

function statementWrite(before: StatementItem, after: StatementItem): Write {
  const { groupBuyId, part, coopId, madeAt } = after
  return {
    put: {
      ...keys.statement(groupBuyId, part),
      ...index.coopStatements(coopId, madeAt, groupBuyId, part),
      ...statementItem.parse(after),
    },
    condition: '#steps = :steps',
    expression: { names: { '#steps': 'steps' }, values: { ':steps': before.steps } },
  }
}

export function unpaidWrite({ groupBuyId, part, coopId, madeAt }: StatementItem): Write {
  return {
    put: {
      ...keys.unpaidStatement(groupBuyId, part),
      ...index.unpaidStatements(coopId, madeAt, groupBuyId, part),
      ...unpaidItem.parse({ entity: 'unpaid', v: 1, groupBuyId, part }),
    },
    condition: NOT_EXISTS,
  }
}

export function paidWrite({ groupBuyId, part }: StatementItem): Write {
  return { delete: keys.unpaidStatement(groupBuyId, part), condition: EXISTS }
}

function rowsWrite({ groupBuyId, part, version }: StatementItem, rows: StatementRows): Write {
  return {
    put: {
      ...keys.statementRows(groupBuyId, part, version),
      ...statementRowsItem.parse({ entity: 'statementRows', v: 1, ...rows }),
    },
    condition: NOT_EXISTS,
  }
}

function stepWrite(after: StatementItem, step: Omit<StatementStepItem, 'entity' | 'v' | 'dueFen'>): Write {
  const { groupBuyId, part, steps } = after
  return {
    put: {
      ...keys.statementStep(groupBuyId, part, steps),
      ...statementStepItem.parse({ entity: 'statementStep', v: 1, ...step, dueFen: dueFenOf(after) }),
    },
    condition: NOT_EXISTS,
  }
}

/** What was looked at is all there was: nothing has happened since the look began. */
export function endLookWrite({ groupBuyId, revision }: SettlementWatchItem): Write {
  return {
    delete: keys.settlementWatch(groupBuyId),
    condition: '#revision = :revision',
    expression: { names: { '#revision': 'revision' }, values: { ':revision': revision } },
  }
}

/** What the co-op may be silent about is looked at once more, when it has been silent for long enough. */
function afterLookWrite(watch: SettlementWatchItem, statement: StatementItem, openSinceAt: Instant): Write {
  const silence = decideSilence({ ...statement, dueFen: dueFenOf(statement), openSinceAt }, openSinceAt)
  return silence.kind === 'wait' ? lookLaterWrite(watch, silence.untilAt, 0) : endLookWrite(watch)
}

/** Looks again later; `waits`: how often it did because a fund was not up to date. */
export function lookLaterWrite({ groupBuyId, revision }: SettlementWatchItem, dueAt: Instant, waits: number): Write {
  const { GSI1SK } = index.watchedSettlements(dueAt, groupBuyId)
  return {
    update: keys.settlementWatch(groupBuyId),
    set: 'SET #dueAt = :dueAt, #waits = :waits, #sk = :sk',
    condition: '#revision = :revision',
    expression: {
      names: { '#dueAt': 'dueAt', '#waits': 'waits', '#sk': 'GSI1SK', '#revision': 'revision' },
      values: { ':dueAt': dueAt, ':waits': waits, ':sk': GSI1SK, ':revision': revision },
    },
  }
}

export async function getStatementItem(groupBuyId: string, part: number): Promise<StatementItem | undefined> {
  return get(statementItem, keys.statement(groupBuyId, part))
}

/** Rows of the version, and the last things that happened, oldest first (pattern 61). */
export async function loadDetails({ groupBuyId, part, version }: StatementItem) {
  const { PK, SK } = keys.statementStep(groupBuyId, part, 0)
  const [rows, steps] = await Promise.all([
    get(statementRowsItem, keys.statementRows(groupBuyId, part, version)),
    query(statementStepItem, {
      pk: PK,
      prefix: SK.slice(0, SK.lastIndexOf('#') + 1),
      limit: STATEMENT_STEPS_SHOWN,
      newestFirst: true,
    }),
  ])
  assert(rows !== undefined, 'a statement has its rows')
  return { rows, steps: steps.items.reverse() }
}

/** Newest first (pattern 63). */
export async function pageOfCoopStatements(coopId: string, limit: number, cursor: string | undefined) {
  const pk = index.coopStatements(coopId, '', '', 0).GSI1PK
  return query(statementItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** Of all co-ops or of one; oldest first for each (pattern 64). */
export async function pageOfUnpaid(coopId: string | undefined, limit: number, cursor: string | undefined) {
  const pk = index.unpaidStatements('', '', '', 0).GSI1PK
  const only = coopId === undefined ? {} : { prefix: `${coopId}#` }
  const page = await query(unpaidItem, { pk, ...only, index: 'GSI1', limit, cursor })
  const found = await loadTheseStatements(page.items)
  const byKey = new Map(found.map((each) => [`${each.groupBuyId} ${each.part}`, each]))
  const items = page.items.flatMap(({ groupBuyId, part }) => byKey.get(`${groupBuyId} ${part}`) ?? [])
  return { items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) }
}

/** All that is unpaid of a co-op. The index lags, but what is made only now is confirmed later by somebody. */
export async function loadUnpaidOf(coopId: string): Promise<StatementItem[]> {
  const unpaid: StatementItem[] = []
  let cursor: string | undefined
  do {
    const page = await pageOfUnpaid(coopId, UNPAID_PAGE, cursor)
    unpaid.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return unpaid
}

export async function loadTheseStatements(
  wanted: readonly { readonly groupBuyId: string; readonly part: number }[],
): Promise<StatementItem[]> {
  const byKey = new Map(
    wanted.map(({ groupBuyId, part }) => [`${groupBuyId} ${part}`, keys.statement(groupBuyId, part)]),
  )
  return batchGet(statementItem, [...byKey.values()])
}

/** What happened to it last. */
export async function lastStep({ groupBuyId, part, steps }: StatementItem): Promise<StatementStepItem | undefined> {
  return get(statementStepItem, keys.statementStep(groupBuyId, part, steps))
}
