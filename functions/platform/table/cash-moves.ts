import { CASH_MOVES_MAX, type CashMove } from '#shared/contracts/cash.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { type CashDayItem, cashDayItem, cashMoveIdItem, type CashMoveItem, cashMoveItem } from './items/cash.ts'
import { keys } from './keys.ts'
import { get, NOT_EXISTS, type Write } from './table.ts'

type Move = Omit<CashMove, 'at'> & { readonly communityId: string; readonly refundId?: string; readonly by: string }

/** The movement, found by its id and by its day, and the day's sums: for the transaction that it belongs to. */
export function cashMoveWrites(move: Move, at: Instant): Write[] {
  const { moveId, communityId, kind, amountFen } = move
  const day = shanghaiDay(at)
  const item: CashMoveItem = cashMoveItem.parse({ entity: 'cashMove', v: 1, ...move, at, day })
  const sum = kind === 'taken' ? 'takenFen' : 'handedBackFen'
  const other = kind === 'taken' ? 'handedBackFen' : 'takenFen'
  return [
    { put: { ...keys.cashMove(communityId, day, at, moveId), ...item }, condition: NOT_EXISTS },
    {
      put: {
        ...keys.cashMoveId(moveId),
        ...cashMoveIdItem.parse({ entity: 'cashMoveId', v: 1, communityId, day, at }),
      },
      condition: NOT_EXISTS,
    },
    {
      update: keys.cashDay(communityId, day),
      set: 'SET #entity = :entity, #v = :one, #communityId = :communityId, #day = :day, #state = :open, #sum = if_not_exists(#sum, :zero) + :amount, #other = if_not_exists(#other, :zero), #count = if_not_exists(#count, :zero) + :one, #version = if_not_exists(#version, :zero) + :one',
      // What was counted stays as it was counted, whatever a slow request thinks.
      condition: '(attribute_not_exists(#state) OR #state = :open) AND (attribute_not_exists(#count) OR #count < :max)',
      expression: {
        names: {
          ...{ '#entity': 'entity', '#v': 'v', '#communityId': 'communityId', '#day': 'day', '#state': 'state' },
          ...{ '#sum': sum, '#other': other, '#count': 'moveCount', '#version': 'version' },
        },
        values: {
          ...{ ':entity': 'cashDay', ':one': 1, ':zero': 0, ':communityId': communityId, ':day': day },
          ...{ ':open': 'open', ':amount': amountFen, ':max': CASH_MOVES_MAX },
        },
      },
    },
  ]
}

export async function findCashMove(moveId: string): Promise<CashMoveItem | undefined> {
  const found = await get(cashMoveIdItem, keys.cashMoveId(moveId))
  return found && get(cashMoveItem, keys.cashMove(found.communityId, found.day, found.at, moveId))
}

/** Whether the desk takes and hands back cash at this moment; a day that nobody touched yet does. */
export async function isDeskOpen(communityId: string, at: Instant): Promise<boolean> {
  const state = (await getCashDayItem(communityId, shanghaiDay(at)))?.state
  return state === undefined || state === 'open'
}

export async function getCashDayItem(communityId: string, day: string): Promise<CashDayItem | undefined> {
  return get(cashDayItem, keys.cashDay(communityId, day))
}
