import { toMs } from '#shared/kernel/time.ts'
import { type NoticeItem, noticeItem } from './items/notifications.ts'
import type { OrderItem } from './items/orders.ts'
import { index, keys } from './keys.ts'
import { ALWAYS, type Write } from './table.ts'

type Put = Extract<Write, { readonly put: object }>

/** A household's notices, which its verified members share; or a person's own. */
export const householdInbox = (householdId: string): string => `HOUSEHOLD#${householdId}`
export const personInbox = (personId: string): string => `PERSON#${personId}`

export type NewNotice = Pick<NoticeItem, 'kind' | 'at'> &
  Pick<
    NoticeItem,
    | 'orderId'
    | 'groupBuyId'
    | 'part'
    | 'amountFen'
    | 'dueFen'
    | 'reason'
    | 'inCash'
    | 'byName'
    | 'place'
    | 'matterId'
    | 'matterTitle'
    | 'news'
    | 'proposalId'
    | 'proposalTitle'
    | 'proposalNews'
    | 'hookId'
    | 'hookName'
  > & {
    /** With the kind and the moment it names the fact: the sale, the refund, the claim, the statement. */
    readonly of: string
  }

/** Tells the household that an order belongs to, in the transaction of what it tells. */
export function tellHousehold(
  order: Pick<OrderItem, 'orderId' | 'personId' | 'householdId' | 'compoundId'>,
  notice: NewNotice,
): Put {
  const { orderId, personId, householdId, compoundId } = order
  return noticeWrite(householdInbox(householdId), { personId, compoundId }, { orderId, ...notice })
}

/** Tells a household what no person of it asked for by themselves. */
export function tellHome(householdId: string, compoundId: string, notice: NewNotice): Put {
  return noticeWrite(householdInbox(householdId), { personId: '', compoundId }, notice)
}

/** Tells one person what is for them alone. */
export function tellPerson(personId: string, notice: NewNotice): Put {
  return noticeWrite(personInbox(personId), { personId }, notice)
}

/**
 * The same notice again is the same item with the same content: writing it over changes nothing, and what it stands beside
 * in its transaction is never held up by it.
 */
function noticeWrite(
  inbox: string,
  whose: Pick<NoticeItem, 'personId' | 'compoundId'>,
  { of, ...facts }: NewNotice,
): Put {
  const noticeId = `${String(toMs(facts.at)).padStart(13, '0')}.${facts.kind}.${of}`
  const item = noticeItem.parse({ entity: 'notice', v: 1, noticeId, inbox, ...whose, ...facts })
  return {
    put: { ...keys.notice(inbox, noticeId), ...index.unsentNotices(noticeId, inbox), ...item },
    condition: ALWAYS,
  }
}
