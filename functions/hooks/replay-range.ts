import { randomUUID } from 'node:crypto'
import { REPLAY_DAYS_MAX, replayHookRange as route } from '#shared/contracts/hooks.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { DAY_MS, plusMs } from '#shared/kernel/time.ts'
import { http } from '#functions/platform/http.ts'
import { hookFor } from './look-after.ts'
import { startReplay } from './replay-store.ts'
import { oneHookView } from './views.ts'

export const replayHookRange = http(route, async ({ params: { hookId }, body }, { caller, now }) => {
  const hook = await hookFor(caller, hookId)
  const { fromAt, toAt } = body
  if (fromAt >= toAt || toAt > plusMs(fromAt, REPLAY_DAYS_MAX * DAY_MS)) {
    const note = `结束要晚于开始，一次最多 ${REPLAY_DAYS_MAX} 天`
    return refused('BAD_RANGE', note, { toAt: note })
  }
  if (hook.state !== 'on') return refused('HOOK_IS_OFF', '钩子停用了，请先启用')
  if (!(await startReplay({ ...body, hookId, replayId: randomUUID() }, now))) {
    return refused('REPLAY_RUNNING', '上一次重发还没有排完，请稍等')
  }
  return oneHookView(hook, now)
})
