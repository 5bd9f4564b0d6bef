import { httpHandler } from '#functions/platform/http.ts'
import { addCheck } from './add-check.ts'
import { addHook } from './add-hook.ts'
import { changeHook } from './change-hook.ts'
import { getHookDelivery } from './get-delivery.ts'
import { getHook } from './get-hook.ts'
import { listHookDeliveries } from './list-deliveries.ts'
import { listChecks, listQuestions } from './list-checks.ts'
import { listEventTypes } from './list-event-types.ts'
import { listHooks } from './list-hooks.ts'
import { removeHook } from './remove-hook.ts'
import { replayHookDelivery } from './replay-delivery.ts'
import { replayHookRange } from './replay-range.ts'
import { rotateCheckKeys } from './rotate-check-keys.ts'
import { rotateHookKeys } from './rotate-keys.ts'
import { testHook } from './test-hook.ts'
import { tryCheck } from './try-check.ts'
import { removeCheck, turnCheck } from './turn-check.ts'
import { turnHook } from './turn-hook.ts'

export const handler = httpHandler(
  listHooks,
  addHook,
  getHook,
  changeHook,
  turnHook,
  removeHook,
  rotateHookKeys,
  testHook,
  listHookDeliveries,
  getHookDelivery,
  replayHookDelivery,
  replayHookRange,
  listEventTypes,
  listChecks,
  addCheck,
  turnCheck,
  removeCheck,
  rotateCheckKeys,
  tryCheck,
  listQuestions,
)
