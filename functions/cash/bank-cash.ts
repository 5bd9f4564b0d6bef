import { bankCash as route } from '#shared/contracts/cash.ts'
import type { RefusalCode } from '#shared/contracts/route.ts'
import { decideBanking } from '#shared/domain/cash/bank.ts'
import { signed } from '#shared/kernel/cash-book.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { http } from '#functions/platform/http.ts'
import { bankReferenceWrite } from '#functions/platform/table/bank-reference.ts'
import { getCashMove, moveWrites } from '#functions/platform/table/cash-book.ts'
import type { CashMoveItem } from '#functions/platform/table/items/cash.ts'
import { deskOf, isBlind, moveView, writeOnce } from './store.ts'

export const bankCash = http(
  route,
  async ({ params: { communityId, moveId }, body }, { caller, now }) => {
    await deskOf(caller, communityId)
    const { amountFen, bankReference, bankedOn, byName } = body
    const by = caller.personId
    const hash = hashBody(['banked', communityId, amountFen, bankReference, bankedOn, by])
    const banked = await writeOnce<CashMoveItem, Exclude<RefusalCode<typeof route>, 'CASH_ID_REUSED'>>({
      ...{ id: moveId, hash, communityId, now, read: getCashMove },
      decide: (book) => {
        const decision = decideBanking(book.till, body, by, now)
        if (decision.kind === 'refused') return decision
        const deltaFen = signed('banked', amountFen)
        const move = { moveId, kind: 'banked' as const, deltaFen, bankReference, bankedOn, by, byName, hash }
        const { writes, item } = moveWrites(book, move)
        return { writes: [bankReferenceWrite(bankReference, `cash.${communityId}.${moveId}`), ...writes], item }
      },
      why: ({ failed }) =>
        failed.some(({ position }) => position === 0)
          ? refused('BANK_REFERENCE_USED', undefined, { bankReference: '这个回单号已经登记过，请核对' })
          : undefined,
    })
    return 'seq' in banked ? moveView(banked, isBlind(caller)) : banked
  },
  { freshRoles: true },
)
