import { importPlaces as route, importRowSchema, type ImportRow } from '#shared/contracts/places.ts'
import type { Output } from '#shared/contracts/route.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '../platform/busy.ts'
import { http } from '../platform/http.ts'
import { inParallel } from '../platform/in-parallel.ts'
import { importHousehold } from './import-household.ts'
import { importMembership } from './import-membership.ts'
import { importPairing } from './import-pairing.ts'
import { importPlace } from './import-place.ts'
import type { RowOutcome, Settled } from './import-outcome.ts'
import { forgetLists } from './store.ts'

type Result = Output<typeof route>['results'][number]
type Numbered = { readonly row: number; readonly value: ImportRow }

const BODY_BYTES_MAX = 1024 * 1024
const AT_ONCE = 16
const ATTEMPTS_MAX = 8

/** A row finds its parents in the table, so kinds are written parents first, whatever the order of the rows. */
const waves: readonly (readonly ImportRow['kind'][])[] = [
  ['district'],
  ['town'],
  ['community', 'village'],
  ['compound', 'coop'],
  ['building', 'household', 'pick-up-point', 'pairing'],
  ['membership'],
]

/**
 * Each row is its own small transaction: one bad row is one bad result, and a file that was cut off half-way is sent again
 * whole, for a row that is there already changes nothing.
 */
export const importPlaces = http(
  route,
  async ({ body }, { caller, now }) => {
    const results: Result[] = []
    const rows: Numbered[] = []
    for (const [at, raw] of body.rows.entries()) {
      const parsed = importRowSchema.safeParse(raw)
      if (parsed.success) rows.push({ row: at, value: parsed.data })
      else results.push({ row: at, outcome: 'invalid', fields: fieldsOf(parsed.error.issues) })
    }
    for (const kinds of waves) {
      const wave = rows.filter(({ value }) => kinds.includes(value.kind))
      const outcomes = await inParallel(wave, AT_ONCE, async ({ row, value }): Promise<Result> => {
        return { row, ...(await settled(value, caller.personId, now)) }
      })
      results.push(...outcomes)
    }
    forgetLists()
    return { results: results.sort((left, right) => left.row - right.row) }
  },
  { freshRoles: true, bodyBytesMax: BODY_BYTES_MAX },
)

async function settled(row: ImportRow, importedBy: string, now: Instant): Promise<Settled> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const outcome = await importRow(row, importedBy, now)
    if (outcome !== 'again') return outcome
  }
  throw new Busy()
}

function importRow(row: ImportRow, importedBy: string, now: Instant): Promise<RowOutcome> {
  switch (row.kind) {
    case 'household':
      return importHousehold(row)
    case 'pairing':
      return importPairing(row)
    case 'membership':
      return importMembership(row, importedBy, now)
    default:
      return importPlace(row)
  }
}

function fieldsOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]) {
  return Object.fromEntries(issues.slice(0, 20).map((issue) => [issue.path.join('.') || 'row', issue.message]))
}
