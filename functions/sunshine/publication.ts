import { createHash } from 'node:crypto'
import type { Snapshot } from '#shared/contracts/sunshine.ts'
import { canonicalLines } from '#shared/domain/fund/canonical-json.ts'
import { displayUntil } from '#shared/domain/sunshine/decide-publish.ts'
import { frozenLines } from '#shared/domain/sunshine/snapshot.ts'
import type { SunshineStep } from '#shared/domain/sunshine/steps.ts'
import type { Instant } from '#shared/kernel/time.ts'

export function sha256Of(snapshot: Snapshot): string {
  return createHash('sha256')
    .update(canonicalLines(frozenLines(snapshot)), 'utf8')
    .digest('hex')
}

/** The frozen lines and their hash. */
export function exportText(snapshot: Snapshot, sha256: string): string {
  return canonicalLines([...frozenLines(snapshot), { kind: 'hash', sha256 }])
}

/** What was typed for it is kept with the step, so that the same request is known again. */
export function publishStep(
  snapshot: Snapshot,
  personId: string | undefined,
  now: Instant,
  dayMs: number,
): SunshineStep {
  const { version, figures, bankFen, differenceNote, note } = snapshot
  const { openingFen, incomeFen, expenseFen, closingFen } = figures
  return {
    at: now,
    actor: personId === undefined ? 'system' : 'keeper',
    ...(personId === undefined ? {} : { personId }),
    facts: {
      ...{ act: 'publish', version, sha256: sha256Of(snapshot), displayUntil: displayUntil(now, dayMs) },
      ...{ openingFen, incomeFen, expenseFen, closingFen, bankFen, differenceNote, note },
    },
  }
}
