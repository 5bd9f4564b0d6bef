import { toMs } from '#shared/kernel/time.ts'
import { type NoticeItem, noticeItem } from './items/notifications.ts'
import { keys } from './keys.ts'
import { ALWAYS, type Write } from './table.ts'

type Put = Extract<Write, { readonly put: object }>

/** A household's notices, which its verified members share; or a person's own. */
export const householdInbox = (householdId: string): string => `HOUSEHOLD#${householdId}`
export const personInbox = (personId: string): string => `PERSON#${personId}`

export type NewNotice = Pick<NoticeItem, 'kind' | 'at'> &
  Pick<NoticeItem, 'orderId' | 'groupBuyId' | 'amountFen' | 'reason' | 'place'> & {
    /** With the kind and the moment it names the fact: the sale, the refund, the claim. */
    readonly of: string
  }

/** Tells the household that an order belongs to, in the transaction of what it tells. */
export function tellHousehold(
  order: { readonly orderId: string; readonly personId: string; readonly householdId: string },
  notice: NewNotice,
): Put {
  return noticeWrite(householdInbox(order.householdId), order.personId, { orderId: order.orderId, ...notice })
}

/** Tells one person what is for them alone. */
export function tellPerson(personId: string, notice: NewNotice): Put {
  return noticeWrite(personInbox(personId), personId, notice)
}

/**
 * The same notice again is the same item with the same content: writing it over changes nothing, and what it stands beside
 * in its transaction is never held up by it.
 */
function noticeWrite(inbox: string, personId: string, { of, ...facts }: NewNotice): Put {
  const noticeId = `${String(toMs(facts.at)).padStart(13, '0')}.${facts.kind}.${of}`
  const item = noticeItem.parse({ entity: 'notice', v: 1, noticeId, personId, ...facts })
  return { put: { ...keys.notice(inbox, noticeId), ...item }, condition: ALWAYS }
}
