import { bringInCash as route } from '#shared/contracts/cash.ts'
import { signed } from '#shared/kernel/cash-book.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { http } from '#functions/platform/http.ts'
import { getCashMove, moveWrites } from '#functions/platform/table/cash-book.ts'
import type { CashMoveItem } from '#functions/platform/table/items/cash.ts'
import { deskOf, isBlind, moveView, writeOnce } from './store.ts'

export const bringInCash = http(
  route,
  async ({ params: { communityId, moveId }, body: { amountFen, words, byName } }, { caller, now }) => {
    await deskOf(caller, communityId)
    const by = caller.personId
    const hash = hashBody(['brought-in', communityId, amountFen, words, by])
    const brought = await writeOnce<CashMoveItem, never>({
      ...{ id: moveId, hash, communityId, now, read: getCashMove },
      decide: (book) => {
        const deltaFen = signed('brought-in', amountFen)
        return moveWrites(book, { moveId, kind: 'brought-in', deltaFen, words, by, byName, hash })
      },
    })
    return 'seq' in brought ? moveView(brought, isBlind(caller)) : brought
  },
  { freshRoles: true },
)
