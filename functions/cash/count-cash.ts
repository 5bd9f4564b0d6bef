import { randomUUID } from 'node:crypto'
import { countCash as route } from '#shared/contracts/cash.ts'
import { decideCount } from '#shared/domain/cash/count.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { hasRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { countWrites, getCashCount } from '#functions/platform/table/cash-book.ts'
import { countView, writeOnce } from './store.ts'

export const countCash = http(
  route,
  async ({ params: { communityId, countId }, body }, { caller, now }) => {
    if (!hasRole(caller, 'worker', communityId)) throw new Missing()
    const { version, countedFen, byName } = body
    const words = body.words === '' ? undefined : body.words
    const by = caller.personId
    const hash = hashBody(['count', communityId, version, countedFen, words ?? '', by])
    const counted = await writeOnce({
      ...{ id: countId, hash, communityId, now, read: getCashCount },
      decide: (book) => {
        const decision = decideCount(book.till, book.day, { version, countedFen, words })
        if (decision.kind === 'refused') return decision
        const { expectedFen, differenceFen } = decision
        const why = differenceFen === 0 ? {} : { words }
        return countWrites(book, { countId, countedFen, expectedFen, by, byName, hash, ...why }, randomUUID())
      },
    })
    return 'kind' in counted ? counted : countView(counted, caller)
  },
  { freshRoles: true },
)
