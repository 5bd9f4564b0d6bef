import { setTimeout as sleep } from 'node:timers/promises'
import { isOfProject, type Movement } from '#shared/domain/fund/movement.ts'
import { postMovements, type PostedMovements } from '#shared/domain/fund/post-movements.ts'
import { Busy } from '#functions/platform/busy.ts'
import { now } from '#functions/platform/clock.ts'
import { saveMovements } from '#functions/platform/table/ledger.ts'
import type { Write } from '#functions/platform/table/table.ts'
import { sha256 } from './sha256.ts'
import { loadHead, loadMovementMarkers } from './store.ts'

/** Twenty movements make at most 62 writes, which leaves room for their reasons in one transaction. */
export const MOVEMENTS_A_POSTING = 20
const ATTEMPTS_MAX = 10
const BACKOFF_MS = 20

export type MoveResult = {
  /** Entries written now; those posted before are neither here nor refused. */
  readonly entries: PostedMovements['entries']
  readonly refused: PostedMovements['refused']
}

/**
 * The way into the ledger for what people decide: all of them or, when one is refused, none. Told any number of times they
 * are posted once. `because` is written in the same transaction.
 */
export async function moveFund(
  fundId: string,
  movements: readonly Movement[],
  because: readonly Write[] | ((entries: PostedMovements['entries']) => readonly Write[]) = [],
): Promise<MoveResult> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (attempt > 0) await sleep(Math.random() * BACKOFF_MS * 2 ** Math.min(attempt, 5))
    try {
      const [head, markers] = await Promise.all([
        loadHead(fundId),
        loadMovementMarkers(
          fundId,
          movements.map(({ eventId }) => eventId),
          movements.filter(isOfProject).map(({ proposalId }) => proposalId),
        ),
      ])
      const posted = postMovements(head, markers, movements, now(), sha256)
      if (posted.refused.length > 0 || posted.entries.length === 0) return { entries: [], refused: posted.refused }
      const beside = typeof because === 'function' ? because(posted.entries) : because
      if ((await saveMovements(head, posted, beside)) === 'saved') return { entries: posted.entries, refused: [] }
    } catch (error) {
      if (!(error instanceof Busy)) throw error
    }
  }
  throw new Busy()
}
