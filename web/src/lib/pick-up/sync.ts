import { type HandOut, type HandOutState, outcomeOf, type SendOutcome } from '#shared/domain/orders/offline-counter.ts'

/** What the server said, as far as the queue cares; `status` 0: nothing came back. */
export type Answered = { readonly status: number; readonly code?: string; readonly message?: string }

export type SyncPorts = {
  readonly waiting: () => Promise<readonly HandOut[]>
  readonly send: (handOut: HandOut) => Promise<Answered>
  readonly mark: (pickUpId: string, to: HandOutState, reason?: string) => Promise<void>
}

export type Synced = 'all' | Exclude<SendOutcome, 'sent' | 'refused'>

/**
 * Sends what waits, oldest first. It may die anywhere and be started again, or run twice at once: each hand-out keeps its
 * own id, so the server carries it out once, and it leaves the queue only by an answer.
 */
export async function syncWaiting({ waiting, send, mark }: SyncPorts): Promise<Synced> {
  for (const handOut of await waiting()) {
    const answer = await send(handOut)
    const outcome = outcomeOf(answer.status, answer.code)
    if (outcome !== 'sent' && outcome !== 'refused') return outcome
    await mark(handOut.pickUpId, outcome, outcome === 'refused' ? answer.message : undefined)
  }
  return 'all'
}
