import { donorKey } from '#shared/domain/fund/donor-sums.ts'
import { movementPrefix, type Movement } from '#shared/domain/fund/movement.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { log } from '#functions/platform/log.ts'
import type { RemittanceItem, RemittanceLineItem } from '#functions/platform/table/items/remittances.ts'
import { MOVEMENTS_A_POSTING, moveFund } from './move-fund.ts'
import { changeRemittance, getRemittance, lineArrived, loadLines, loadOpenRemittance } from './remittance-store.ts'
import { sha256 } from './sha256.ts'

/**
 * Posts a confirmed remittance to the ledgers of its funds, each line once, in the transaction that says that it arrived.
 * When the time runs out it stops; asked again it goes on. Returns the remittance as it stands then.
 */
export async function postRemittance(
  remittance: RemittanceItem,
  now: Instant,
  hasTime: () => boolean,
): Promise<RemittanceItem> {
  const { receipt, remittanceId, state } = remittance
  if (state !== 'confirmed') return remittance
  assert(receipt !== undefined, 'a confirmed remittance has a receipt')
  const lines = await loadLines(remittanceId)
  const listedFen = lines.reduce((sum, { amountFen }) => sum + amountFen, 0)
  assert(listedFen === remittance.totalFen, 'what is posted is what was sent')
  let postedCount = lines.filter(({ posted }) => posted).length
  for (const chunk of chunksOf(lines.filter(({ posted }) => !posted))) {
    if (!hasTime()) break
    const [first] = chunk
    if (first === undefined) continue
    const because = chunk.map((line) => lineArrived(line, receipt.receiptNumber, receipt.receivedOn))
    const { refused } = await moveFund(
      first.compoundId,
      chunk.map((line) => movementOf(line, now)),
      because,
    )
    if (refused.length === 0) postedCount += chunk.length
    // A list is made of what its donors owe, so this is a bug or tampering. Nothing is repaired in silence.
    for (const { code, movement } of refused)
      log('error', 'a remittance cannot be posted', { fundId: first.compoundId, code, eventId: movement.eventId })
  }
  const isWhole = postedCount === lines.length
  if (!isWhole && postedCount === remittance.postedCount) return remittance
  const changed = await changeRemittance(
    remittance,
    isWhole
      ? { state: 'posted', postedCount, steps: [...remittance.steps, { step: 'posted', at: now }] }
      : { postedCount },
    { ends: isWhole },
  )
  return changed.kind === 'done' ? changed.remittance : ((await getRemittance(remittanceId)) ?? remittance)
}

/** The remittance under way, if it is confirmed: what a request could not finish is finished by the clock. */
export async function postOpenRemittance(now: Instant, hasTime: () => boolean): Promise<void> {
  const open = await loadOpenRemittance()
  const remittance = open && (await getRemittance(open.remittanceId))
  if (remittance !== undefined) await postRemittance(remittance, now, hasTime)
}

/** Lines of one fund together, as many as one posting takes. */
function chunksOf(lines: readonly RemittanceLineItem[]): RemittanceLineItem[][] {
  const chunks: RemittanceLineItem[][] = []
  for (const line of lines) {
    const last = chunks.at(-1)
    if (last !== undefined && last[0]?.compoundId === line.compoundId && last.length < MOVEMENTS_A_POSTING)
      last.push(line)
    else chunks.push([line])
  }
  return chunks
}

function movementOf(line: RemittanceLineItem, occurredAt: Instant): Movement {
  const { agreementId, coopId, amountFen } = line
  return { kind: 'remittance', eventId: remittanceEventId(line), occurredAt, agreementId, coopId, movedFen: amountFen }
}

const DONOR_DIGITS = 16

/** A fund has one line for each donor, whose own name would be too long for the ledger. */
export function remittanceEventId({ remittanceId, agreementId, coopId }: RemittanceLineItem): string {
  return `${movementPrefix.remittance}${remittanceId}:${sha256(donorKey(agreementId, coopId)).slice(0, DONOR_DIGITS)}`
}
