import type { RemittanceState } from '#shared/contracts/fund-remittances.ts'
import { movementPrefix } from '#shared/domain/fund/movement.ts'
import { DAY_MS, plusMs, shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import type { RemittanceItem, RemittanceLineItem } from '#functions/platform/table/items/remittances.ts'
import type { Problem, RemittanceEntry } from './check-ledger.ts'
import { remittanceEventId } from './post-remittance.ts'
import { getLine, getRemittance, loadFundLines, loadNewestRemittances } from './remittance-store.ts'
import { loadMovementMarkers } from './store.ts'

/** One a month for as long as a fund is kept; each night the newest ones. */
const REMITTANCES_WHOLE = 500
const REMITTANCES_A_NIGHT = 12
const AT_ONCE = 8

/** Since when a charity has confirmed what lies in the ledger. */
const arrived: readonly RemittanceState[] = ['confirmed', 'posted']

/**
 * I11: what moved to the charity by the ledger is what the remittances say, line by line; so their sums are the same. An
 * entry and its line are written in one transaction, so whichever is read first, the other is there when it is read.
 */
export async function checkRemittanceEntries(fundId: string, entries: readonly RemittanceEntry[]): Promise<Problem[]> {
  const ids = [...new Set(entries.map(remittanceIdOf))]
  const remittances = new Map(await inParallel(ids, AT_ONCE, async (id) => [id, await getRemittance(id)] as const))
  const found = await inParallel(entries, AT_ONCE, async (entry) => {
    const id = remittanceIdOf(entry)
    return wrongOf(entry, remittances.get(id), await getLine(id, fundId, entry.agreementId, entry.coopId))
  })
  return found.flatMap((wrong, at) => {
    const entry = entries[at]
    return wrong === undefined || entry === undefined ? [] : [problem(`entry ${entry.seq} (${entry.eventId}) ${wrong}`)]
  })
}

/** What is wrong with an entry, by its remittance and the line that it should have there. */
function wrongOf(
  entry: RemittanceEntry,
  remittance: RemittanceItem | undefined,
  line: RemittanceLineItem | undefined,
): string | undefined {
  if (remittance === undefined) return 'is of a remittance that is not known'
  if (!arrived.includes(remittance.state)) return `is of a remittance that is ${remittance.state}`
  if (line === undefined || remittanceEventId(line) !== entry.eventId) return 'has no line in its remittance'
  if (!line.posted) return 'is not marked as arrived in its remittance'
  if (line.amountFen === entry.movedFen) return undefined
  return `moved ${entry.movedFen} fen, its line says ${line.amountFen}`
}

/** The other way round: lines of this fund that the ledger does not have. `replayed`: entries that were compared already. */
export async function checkRemittanceLines(
  fundId: string,
  now: Instant,
  { whole, replayed }: { readonly whole: boolean; readonly replayed: readonly RemittanceEntry[] },
): Promise<Problem[]> {
  const seen = new Set(replayed.map(({ eventId }) => eventId))
  const newest = await loadNewestRemittances(whole ? REMITTANCES_WHOLE : REMITTANCES_A_NIGHT)
  const checked = newest.filter(({ state }) => arrived.includes(state))
  const found = await inParallel(checked, AT_ONCE, async (remittance) => {
    const lines = await loadFundLines(remittance.remittanceId, fundId)
    const { movements } = await loadMovementMarkers(fundId, lines.map(remittanceEventId), [])
    return lines.flatMap((line) => {
      if (!line.posted) return notPosted(remittance, line, now)
      const eventId = remittanceEventId(line)
      const movedFen = movements.get(eventId)?.movedFen
      if (movedFen === undefined) return [problem(`${nameOf(line)} is marked as arrived and has no entry`)]
      if (seen.has(eventId) || movedFen === line.amountFen) return []
      return [problem(`${nameOf(line)} says ${line.amountFen} fen, its entry moved ${movedFen}`)]
    })
  })
  return found.flat()
}

/** The night posts what is confirmed: a day later something refuses it. */
function notPosted({ state, steps }: RemittanceItem, line: RemittanceLineItem, now: Instant): Problem[] {
  const name = `remittance ${line.remittanceId}`
  const ofLine = `its line of ${line.coopId} (${line.agreementId})`
  if (state === 'posted') return [problem(`${name} is said to be posted, ${ofLine} is not`)]
  const confirmedAt = steps.findLast(({ step }) => step === 'confirmed')?.at
  if (confirmedAt === undefined) return [problem(`${name} is confirmed by nobody, ${ofLine} is not posted`)]
  if (confirmedAt > plusMs(now, -DAY_MS)) return []
  return [problem(`${name} was confirmed on ${shanghaiDay(confirmedAt)}, ${ofLine} is not posted`)]
}

const nameOf = ({ remittanceId, coopId, agreementId }: RemittanceLineItem) =>
  `remittance ${remittanceId}: its line of ${coopId} (${agreementId})`

const problem = (what: string): Problem => ({ invariant: 'I11', what })

function remittanceIdOf({ eventId }: RemittanceEntry): string {
  return eventId.slice(movementPrefix.remittance.length).split(':')[0] ?? ''
}
