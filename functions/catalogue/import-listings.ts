import { createHash } from 'node:crypto'
import { type ImportedListing, importListings as route } from '#shared/contracts/catalogue.ts'
import { type PlannedRow, planImport } from '#shared/domain/catalogue/import-listings.ts'
import { requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { Missing } from '#functions/platform/missing.ts'
import { coopItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { listingsOfCoop, saveListing } from './store.ts'

const WRITES_AT_ONCE = 16
const ATTEMPTS_MAX = 3
/** 500 rows with every text as long as it may be. */
const BODY_BYTES_MAX = 1024 * 1024

/**
 * Each row is written for itself, over exactly the version that was planned on: cut off anywhere, the same rows sent again
 * do what is left. A row whose listing somebody else saved meanwhile is planned anew, as part of the whole sheet.
 */
export const importListings = http(
  route,
  async ({ params: { coopId }, body: { check, rows } }, { caller }) => {
    requireRole(caller, 'coop', coopId, 'admin')
    if ((await get(coopItem, keys.place('coop', coopId))) === undefined) throw new Missing()
    let planned = await plan(coopId, rows)
    const mayWrite = !check && planned.every(({ result }) => result.outcome !== 'refused')
    if (!mayWrite) return { written: false, results: planned.map(({ result }) => result) }
    const done = new Map<number, PlannedRow['result']>()
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (attempt > 0) planned = await plan(coopId, rows)
      const left = planned.filter(({ result }) => !done.has(result.row))
      await inParallel(left, WRITES_AT_ONCE, async ({ result, listing }) => {
        if (listing === undefined || (await saveListing(listing)).kind === 'done') done.set(result.row, result)
      })
      if (done.size === rows.length) break
    }
    return { written: true, results: planned.map(({ result }) => done.get(result.row) ?? changedBySomebody(result)) }
  },
  { bodyBytesMax: BODY_BYTES_MAX },
)

async function plan(coopId: string, rows: readonly ImportedListing[]): Promise<PlannedRow[]> {
  const existing = await listingsOfCoop(coopId)
  return planImport({ coopId, rows, existing, idOf })
}

/** Ids are the co-op's own: its listings live under its key. */
function idOf(name: string): string {
  return `i-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`
}

function changedBySomebody({ row, name }: PlannedRow['result']): PlannedRow['result'] {
  const detail = '这件商品正在被别人改，请再导入一次'
  return { row, name, outcome: 'refused', changes: [], code: 'LISTING_CHANGED', detail }
}
