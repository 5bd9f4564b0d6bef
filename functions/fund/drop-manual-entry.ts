import { dropManualEntry as route } from '#shared/contracts/fund-manual-entries.ts'
import { manualEntryTransitions } from '#shared/domain/fund/decide-manual-entry.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { endManualEntry, getManualEntry } from './manual-entry-store.ts'
import { manualEntryView } from './manual-entry-view.ts'

const TRIES_MAX = 4

export const dropManualEntry = http(
  route,
  async ({ params: { compoundId, manualEntryId }, body }, { caller, now }) => {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const entry = await getManualEntry(compoundId, manualEntryId)
      if (entry === undefined) throw new Missing()
      const isDone = entry.state === 'dropped' && entry.endedBy === caller.personId && entry.words === body.words
      if (isDone) return manualEntryView(entry, caller)
      if (!manualEntryTransitions[entry.state].includes('dropped'))
        return refused('NOT_PROPOSED', '这笔手工记账已经不在等复核；入账以后只能用“更正”来调整')
      await endManualEntry(entry, { state: 'dropped', words: body.words, endedAt: now, endedBy: caller.personId })
    }
    throw new Busy()
  },
  { freshRoles: true },
)
