import { addFen } from '#shared/kernel/money.ts'
import { bankReferenceWrite } from '#functions/platform/table/bank-reference.ts'
import { districtItem } from '#functions/platform/table/items/places.ts'
import {
  lastRemittanceItem,
  openRemittanceItem,
  receiptItem,
  remittanceItem,
  remittanceLineItem,
  type RemittanceItem,
  type RemittanceLineItem,
} from '#functions/platform/table/items/remittances.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { get, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

const LINES_MAX = 20_000
const REMITTANCES_A_PAGE = 100

export async function getRemittance(remittanceId: string): Promise<RemittanceItem | undefined> {
  return get(remittanceItem, keys.remittance(remittanceId))
}

export async function loadOpenRemittance() {
  return get(openRemittanceItem, keys.openRemittance())
}

export async function loadLastRemittance() {
  return get(lastRemittanceItem, keys.lastRemittance())
}

/** The district's host charity by name; undefined where none is told. */
export async function loadCharityName(): Promise<string | undefined> {
  const pk = index.places('district', '', '', '').GSI1PK
  const { items } = await query(districtItem, { pk, index: 'GSI1', limit: 1 })
  return items[0]?.charityName
}

/** Newest first (pattern 102). */
export async function pageOfRemittances(limit: number, cursor: string | undefined) {
  const pk = index.remittances('', '').GSI1PK
  return query(remittanceItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

export async function pageOfLines(remittanceId: string, limit: number, cursor: string | undefined) {
  return query(remittanceLineItem, { pk: keys.remittance(remittanceId).PK, prefix: 'LINE#', limit, cursor })
}

export async function loadLines(remittanceId: string): Promise<RemittanceLineItem[]> {
  return queryAll(remittanceLineItem, { pk: keys.remittance(remittanceId).PK, prefix: 'LINE#', max: LINES_MAX })
}

export async function getLine(
  remittanceId: string,
  compoundId: string,
  agreementId: string,
  coopId: string,
): Promise<RemittanceLineItem | undefined> {
  return get(remittanceLineItem, keys.remittanceLine(remittanceId, compoundId, agreementId, coopId))
}

/** Lines of one fund. */
export async function loadFundLines(remittanceId: string, compoundId: string): Promise<RemittanceLineItem[]> {
  const pk = keys.remittance(remittanceId).PK
  return queryAll(remittanceLineItem, { pk, prefix: `LINE#${compoundId}#`, max: LINES_MAX })
}

/** The newest ones, so many at most (pattern 102). */
export async function loadNewestRemittances(max: number): Promise<RemittanceItem[]> {
  const found: RemittanceItem[] = []
  let cursor: string | undefined
  do {
    const page = await pageOfRemittances(Math.min(max - found.length, REMITTANCES_A_PAGE), cursor)
    found.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && found.length < max)
  return found
}

/** Newest first (pattern 103). */
export async function pageOfDonations(coopId: string, limit: number, cursor: string | undefined) {
  const pk = index.donations(coopId, '', '', '', '').GSI1PK
  return query(remittanceLineItem, { pk, index: 'GSI1', limit, cursor, newestFirst: true })
}

/** The remittance, and that it is the one under way. */
export async function beginRemittance(remittance: RemittanceItem): Promise<boolean> {
  const { remittanceId } = remittance
  const begun = await transact([
    { put: rowOf(remittance), condition: NOT_EXISTS },
    {
      put: { ...keys.openRemittance(), ...openRemittanceItem.parse({ entity: 'openRemittance', v: 1, remittanceId }) },
      condition: NOT_EXISTS,
    },
  ])
  return begun.kind === 'done'
}

/**
 * All of these lines or none, with the list's sums: written over the version that was read, so that whoever makes the same
 * list at the same time adds nothing to one that is finished. Undefined: somebody else was at it.
 */
export async function addLines(
  before: RemittanceItem,
  lines: readonly RemittanceLineItem[],
): Promise<RemittanceItem | undefined> {
  const remittance: RemittanceItem = {
    ...before,
    version: before.version + 1,
    lineCount: before.lineCount + lines.length,
    totalFen: addFen(before.totalFen, ...lines.map(({ amountFen }) => amountFen)),
  }
  const writes = lines.map((line): Write => {
    const { remittanceId, compoundId, agreementId, coopId } = line
    const key = keys.remittanceLine(remittanceId, compoundId, agreementId, coopId)
    return { put: { ...key, ...remittanceLineItem.parse(line) }, condition: NOT_EXISTS }
  })
  const added = await transact([overVersion(before, remittance), ...writes])
  return added.kind === 'done' ? remittance : undefined
}

type Change = Partial<Omit<RemittanceItem, 'entity' | 'v' | 'remittanceId' | 'version'>>

/** What is written with the change: a slip's number that is taken or freed, a receipt's, the end of its being under way. */
export type With = {
  readonly bankReference?: string | undefined
  readonly receiptNumber?: string | undefined
  readonly ends?: boolean | undefined
}

export type Changed =
  | { readonly kind: 'done'; readonly remittance: RemittanceItem }
  /** Somebody has changed it since it was read. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'number-used' }

/** Written over the version that was read, and no other. */
export async function changeRemittance(before: RemittanceItem, change: Change, also: With = {}): Promise<Changed> {
  const remittance: RemittanceItem = { ...before, ...change, version: before.version + 1 }
  const { remittanceId, throughDay } = remittance
  const numbers: Write[] = [
    ...(also.bankReference === undefined ? [] : [bankReferenceWrite(also.bankReference, remittanceId)]),
    ...(also.receiptNumber === undefined ? [] : [receiptWrite(also.receiptNumber, remittanceId)]),
  ]
  const done = await transact([
    overVersion(before, remittance),
    ...numbers,
    ...(also.ends === true
      ? [
          {
            delete: keys.openRemittance(),
            condition: 'remittanceId = :remittanceId',
            expression: { values: { ':remittanceId': remittanceId } },
          },
        ]
      : []),
    ...(remittance.state === 'posted' ? [lastWrite(remittanceId, throughDay)] : []),
  ])
  if (done.kind === 'done') return { kind: 'done', remittance }
  const isUsed = numbers.length > 0 && done.failed.some(({ position }) => position === 1)
  return { kind: isUsed ? 'number-used' : 'moved' }
}

function receiptWrite(receiptNumber: string, remittanceId: string): Write {
  return {
    put: { ...keys.receipt(receiptNumber), ...receiptItem.parse({ entity: 'receipt', v: 1, remittanceId }) },
    condition: NOT_EXISTS,
  }
}

function lastWrite(remittanceId: string, throughDay: string): Write {
  const item = lastRemittanceItem.parse({ entity: 'lastRemittance', v: 1, remittanceId, throughDay })
  return {
    put: { ...keys.lastRemittance(), ...item },
    condition: 'attribute_not_exists(PK) OR throughDay <= :throughDay',
    expression: { values: { ':throughDay': throughDay } },
  }
}

function overVersion({ version }: RemittanceItem, after: RemittanceItem): Write {
  return {
    put: rowOf(after),
    condition: '#version = :version',
    expression: { names: { '#version': 'version' }, values: { ':version': version } },
  }
}

function rowOf(remittance: RemittanceItem) {
  const { remittanceId, preparedAt } = remittance
  return {
    ...keys.remittance(remittanceId),
    ...index.remittances(preparedAt, remittanceId),
    ...remittanceItem.parse(remittance),
  }
}

/** That a line has arrived, written in the transaction that posts it. */
export function lineArrived(line: RemittanceLineItem, receiptNumber: string, receivedOn: string): Write {
  const { remittanceId, compoundId, agreementId, coopId } = line
  const { GSI1PK, GSI1SK } = index.donations(coopId, receivedOn, remittanceId, compoundId, agreementId)
  return {
    update: keys.remittanceLine(remittanceId, compoundId, agreementId, coopId),
    set: 'SET posted = :yes, receiptNumber = :number, receivedOn = :on, GSI1PK = :pk, GSI1SK = :sk',
    condition: 'posted = :no',
    expression: {
      values: { ':yes': true, ':no': false, ':number': receiptNumber, ':on': receivedOn, ':pk': GSI1PK, ':sk': GSI1SK },
    },
  }
}
