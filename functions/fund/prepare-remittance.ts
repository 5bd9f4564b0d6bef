import { prepareRemittance as route } from '#shared/contracts/fund-remittances.ts'
import { lastClosedDay } from '#shared/domain/fund/figures.ts'
import { assert } from '#shared/kernel/assert.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { ZERO_FEN } from '#shared/kernel/money.ts'
import { plusDays, type Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { log } from '#functions/platform/log.ts'
import type { RemittanceItem, RemittanceLineItem } from '#functions/platform/table/items/remittances.ts'
import { loadDueLines, type DueLine } from './due-lines.ts'
import { namesOf } from './names.ts'
import {
  addLines,
  beginRemittance,
  changeRemittance,
  getRemittance,
  loadCharityName,
  loadLastRemittance,
  loadLines,
  loadOpenRemittance,
} from './remittance-store.ts'
import { remittanceView } from './remittance-view.ts'

const LINES_AT_ONCE = 50
const TRIES_MAX = 6

/**
 * Makes the list in two parts, so that it can be cut off anywhere: first the remittance, which nobody else can begin while
 * it is under way, then its lines. Sent again it goes on with the lines that are missing.
 */
export const prepareRemittance = http(
  route,
  async ({ params: { remittanceId } }, { caller, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const earlier = await getRemittance(remittanceId)
      if (earlier !== undefined && earlier.state !== 'preparing') return remittanceView(earlier, caller)
      const open = await loadOpenRemittance()
      if (open !== undefined && open.remittanceId !== remittanceId)
        return refused('REMITTANCE_OPEN', '上一笔划转还没有入账，请先办完它')
      const throughDay = earlier?.throughDay ?? lastClosedDay(now)
      const due = await loadDueLines(throughDay)
      if (earlier === undefined) {
        if (due.lines.length === 0) return refused('NOTHING_DUE', '目前没有要划转的款项')
        const charityName = await loadCharityName()
        if (charityName === undefined) return refused('NO_CHARITY', '还没有登记本区的慈善组织')
        if (!(await begin(remittanceId, charityName, throughDay, caller.personId, now))) continue
      }
      const remittance = await getRemittance(remittanceId)
      if (remittance?.state !== 'preparing') continue
      const listed = await addMissing(remittance, due.lines, now)
      const prepared = listed && (await finish(listed, now))
      if (prepared !== undefined) return remittanceView(prepared, caller)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

async function begin(remittanceId: string, charityName: string, throughDay: string, preparedBy: string, now: Instant) {
  const last = await loadLastRemittance()
  return beginRemittance({
    ...{ entity: 'remittance', v: 1, remittanceId, version: 1, state: 'preparing', charityName, throughDay },
    ...(last === undefined ? {} : { sinceDay: plusDays(last.throughDay, 1) }),
    ...{ totalFen: ZERO_FEN, fundCount: 0, lineCount: 0, postedCount: 0, preparedAt: now, preparedBy, steps: [] },
  })
}

/** The list with all its lines; undefined: somebody else makes it at this moment. */
async function addMissing(
  remittance: RemittanceItem,
  due: readonly DueLine[],
  now: Instant,
): Promise<RemittanceItem | undefined> {
  const { remittanceId, charityName, throughDay } = remittance
  const there = new Set((await loadLines(remittanceId)).map(nameOf))
  const name = await namesOf({ village: [], coop: due.map(({ donor }) => donor.coopId), groupBuy: [] }, now)
  const lines = due.map(({ compound, donor, ...sums }): RemittanceLineItem => {
    const { compoundId, name: compoundName, communityName } = compound
    return {
      ...{ entity: 'remittanceLine', v: 1, remittanceId, charityName, throughDay },
      ...{ compoundId, compoundName, communityName, ...donor, coopName: name('coop', donor.coopId) },
      ...{ ...sums, posted: false },
    }
  })
  const missing = lines.filter((line) => !there.has(nameOf(line)))
  let listed: RemittanceItem | undefined = remittance
  for (let from = 0; from < missing.length && listed !== undefined; from += LINES_AT_ONCE)
    listed = await addLines(listed, missing.slice(from, from + LINES_AT_ONCE))
  return listed
}

async function finish(remittance: RemittanceItem, now: Instant): Promise<RemittanceItem | undefined> {
  const lines = await loadLines(remittance.remittanceId)
  if (lines.length !== remittance.lineCount) {
    // Somebody else wrote lines since the list was read: it is read again, and then the two agree.
    const fresh = await getRemittance(remittance.remittanceId)
    assert(fresh?.version !== remittance.version, 'a list has the lines that were written to it')
    return undefined
  }
  const changed = await changeRemittance(remittance, {
    state: 'prepared',
    fundCount: new Set(lines.map(({ compoundId }) => compoundId)).size,
    steps: [{ step: 'prepared', at: now, personId: remittance.preparedBy }],
  })
  if (changed.kind === 'done') log('info', 'remittance prepared', { lines: lines.length })
  return changed.kind === 'done' ? changed.remittance : undefined
}

function nameOf(line: Pick<RemittanceLineItem, 'compoundId' | 'agreementId' | 'coopId'>): string {
  return `${line.compoundId}#${line.agreementId}#${line.coopId}`
}
