import {
  importPlaces as route,
  importRowSchema,
  importWaveOf,
  importWaves,
  type ImportRow,
} from '#shared/contracts/places-import.ts'
import type { Output } from '#shared/contracts/route.ts'
import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { issueFields } from '#functions/platform/issue-fields.ts'
import { planGrid, planPost } from './import-grid.ts'
import { planHousehold } from './import-household.ts'
import { importMembership } from './import-membership.ts'
import type { Settled } from './import-outcome.ts'
import { planPairing } from './import-pairing.ts'
import { planPlace } from './import-place.ts'
import type { RowPlan } from './import-plan.ts'
import { importRows } from './import-rows.ts'
import { forgetLists } from './store.ts'

type Result = Output<typeof route>['results'][number]
type Numbered = { readonly row: number; readonly value: ImportRow }

const BODY_BYTES_MAX = 1024 * 1024

/**
 * Row by row: one bad row is one bad result and keeps nobody else out. A file that was cut off half-way is sent again whole,
 * for a row that is there already changes nothing.
 */
export const importPlaces = http(
  route,
  async ({ body }, { caller, now }) => {
    const results: Result[] = []
    const rows: Numbered[] = []
    for (const [at, raw] of body.rows.entries()) {
      const parsed = importRowSchema.safeParse(raw)
      if (parsed.success) rows.push({ row: at, value: parsed.data })
      else results.push({ row: at, outcome: 'invalid', fields: issueFields(parsed.error.issues) })
    }
    for (const wave of importWaves) {
      const ofWave = rows.filter(({ value }) => importWaveOf[value.kind] === wave)
      results.push(...(await importWave(ofWave, caller.personId, now)))
    }
    forgetLists()
    return { results: results.sort((left, right) => left.row - right.row) }
  },
  { freshRoles: true, bodyBytesMax: BODY_BYTES_MAX },
)

async function importWave(wave: readonly Numbered[], importedBy: string, now: Instant): Promise<Result[]> {
  const results: Result[] = []
  const planned: { readonly row: number; readonly plan: RowPlan }[] = []
  for (const { row, value } of wave) {
    // Roles hang on a person, whose items are read as one: row by row.
    const plan = value.kind === 'membership' ? await importMembership(value, importedBy, now) : planOf(value, now)
    if ('outcome' in plan) results.push({ row, ...plan })
    else planned.push({ row, plan })
  }
  const settled = await importRows(planned.map(({ plan }) => plan))
  for (const [at, outcome] of settled.entries()) results.push({ row: planned[at]?.row ?? 0, ...outcome })
  return results
}

function planOf(row: Exclude<ImportRow, { kind: 'membership' }>, now: Instant): RowPlan | Settled {
  switch (row.kind) {
    case 'household':
      return planHousehold(row)
    case 'pairing':
      return planPairing(row, shanghaiDay(now))
    case 'grid':
      return planGrid(row)
    case 'grid-post':
      return planPost(row, now)
    default:
      return planPlace(row)
  }
}
