import type { Remittance } from '#shared/contracts/fund-remittances.ts'
import type { Refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { RemittanceItem } from '#functions/platform/table/items/remittances.ts'
import { changeRemittance, getRemittance, type With } from './remittance-store.ts'
import { remittanceView } from './remittance-view.ts'

const TRIES_MAX = 6

export type Step<Code extends string> =
  /** It happened before, by this very request. */
  | { readonly kind: 'same' }
  | {
      readonly kind: 'change'
      readonly change: Parameters<typeof changeRemittance>[1]
      readonly also?: With
    }
  | Refused<Code>

/** Leads a remittance on if nothing happened to it since it was read; else decides again. */
export async function leadOn<Code extends string>(
  remittanceId: string,
  caller: Caller,
  decide: (remittance: RemittanceItem, isNumberUsed: boolean) => Step<Code>,
): Promise<{ readonly kind: 'led'; readonly view: Remittance; readonly remittance: RemittanceItem } | Refused<Code>> {
  let isNumberUsed = false
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const remittance = await getRemittance(remittanceId)
    if (remittance === undefined) throw new Missing()
    const step = decide(remittance, isNumberUsed)
    if (step.kind === 'refused') return step
    if (step.kind === 'same') return { kind: 'led', view: remittanceView(remittance, caller), remittance }
    const changed = await changeRemittance(remittance, step.change, step.also)
    if (changed.kind === 'done')
      return { kind: 'led', view: remittanceView(changed.remittance, caller), remittance: changed.remittance }
    isNumberUsed = changed.kind === 'number-used'
  }
  throw new Busy()
}
