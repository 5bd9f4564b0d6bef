import type { NoticeView } from '#shared/contracts/notifications.ts'
import type { GroupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import type { NoticeItem } from '#functions/platform/table/items/notifications.ts'

export function noticeView(
  notice: NoticeItem,
  groupBuys: ReadonlyMap<string, GroupBuyItem>,
  isRead: boolean,
): NoticeView {
  const { noticeId, kind, at, orderId, groupBuyId, part, amountFen, dueFen, reason, inCash, byName, place } = notice
  const { matterId, matterTitle, news, proposalId, proposalTitle, proposalNews, hookId, hookName } = notice
  const groupBuy = groupBuys.get(groupBuyId ?? '')
  return {
    ...{ noticeId, kind, at, isRead },
    ...{ orderId, groupBuyId, part, amountFen, dueFen, reason, inCash, byName, place, matterId, matterTitle, news },
    ...{ proposalId, proposalTitle, proposalNews, hookId, hookName },
    ...(groupBuy === undefined
      ? {}
      : {
          groupBuyTitle: groupBuy.title,
          closesAt: groupBuy.closesAt,
          pickUpStartsAt: groupBuy.pickUpStartsAt,
          pickUpEndsAt: groupBuy.pickUpEndsAt,
        }),
  }
}
