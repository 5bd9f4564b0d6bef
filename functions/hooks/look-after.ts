import { looksAfter } from '#shared/domain/hooks/scope.ts'
import type { Caller } from '#functions/platform/caller.ts'
import { Missing } from '#functions/platform/missing.ts'
import type { HookItem } from '#functions/platform/table/items/hooks.ts'
import { getHook, ownerOf } from './hook-store.ts'

/** The subscription, for who looks after it; for everybody else there is none. */
export async function hookFor(caller: Caller, hookId: string): Promise<HookItem> {
  const hook = await getHook(hookId)
  if (hook === undefined || !looksAfter(caller.memberships, ownerOf(hook))) throw new Missing()
  return hook
}
