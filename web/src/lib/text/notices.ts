import { yuanSign } from '../format/money.ts'
import { momentText, spanText } from '../format/time.ts'
import type { NoticeView } from '#shared/contracts/notifications.ts'
import { say, type Lang, type Said } from './lang.ts'

export const noticeWords = {
  title: ['消息', 'Notices'],
  none: ['还没有消息', 'No notices yet'],
  noneBody: [
    '到货、退款、成没成团，都会在这里告诉您。',
    'Arrivals, refunds and whether a group buy takes place are told here.',
  ],
  isNew: ['新', 'New'],
  markRead: ['标为看过', 'Mark as read'],
  settings: ['提醒设置', 'Reminders'],
  markAllRead: ['全部标为看过', 'Mark all as read'],
  of: [(what: string) => `：${what}`, (what: string) => `: ${what}`],
} as const

export const noticeSettingsWords = {
  settings: ['提醒设置', 'Reminders'],
  back: ['‹ 消息', '‹ Notices'],
  lead: [
    '消息都在这里看得到。想在别处也收到，就打开下面的提醒；不打开，什么都不发。',
    'Everything is told here. To hear of it elsewhere too, turn it on below; until then nothing is sent.',
  ],
  noChannel: [
    '这里还没有开通邮件、短信或微信提醒，请常来看看“消息”。',
    'No e-mail and no messages are sent here yet: please look at your notices now and then.',
  ],
  email: ['邮件', 'E-mail'],
  address: ['邮箱', 'E-mail address'],
  addressHint: ['只用来给您发提醒，随时可以删掉。', 'Used for your reminders only; you can delete it at any time.'],
  sendCode: ['发送验证码', 'Send a code'],
  sentTo: [
    (address: string) => `验证码已发到 ${address}，30 分钟内有效。`,
    (address: string) => `A code was sent to ${address}; it holds for 30 minutes.`,
  ],
  code: ['验证码（6 位数字）', 'Code (6 digits)'],
  confirm: ['确认邮箱', 'Confirm'],
  another: ['换一个邮箱', 'Use another address'],
  drop: ['删除邮箱', 'Delete the address'],
  failedAt: [
    (when: string) => `${when} 有一封提醒送不到这个邮箱，已经停发。请检查后重新打开，或换一个邮箱。`,
    (when: string) =>
      `A letter could not be brought there (${when}), so none are sent. Turn it on again, or use another address.`,
  ],
  how: ['怎么提醒', 'How'],
  byEmail: ['发邮件', 'By e-mail'],
  byMessage: ['发短信或微信', 'By text message or WeChat'],
  byMessageHint: [
    '会把您的登录编号和登记的手机号（如果填了）交给本区的短信或微信服务。',
    'Your sign-in identifier, and your mobile number if you gave one, go to the district’s message service.',
  ],
  which: ['提醒哪些事', 'What about'],
  done_sent: ['验证码已发出，请查收邮件。', 'The code is on its way.'],
  done_confirmed: ['邮箱确认好了，以后的提醒会发到这里。', 'Confirmed: reminders go there from now on.'],
  done_saved: ['已保存。', 'Saved.'],
  done_dropped: ['邮箱已删除。', 'The address is deleted.'],
} as const

export const kindWords = {
  kind_arrived: ['菜到了', 'Goods have arrived'],
  kind_refunded: ['退款', 'Refunds'],
  'kind_handed-back': ['已退现金', 'Cash was handed back'],
  'kind_refund-failed': ['退款原路退不回去', 'A refund could not be sent back'],
  'kind_group-buy-confirmed': ['成团了', 'A group buy takes place'],
  'kind_group-buy-failed': ['没有成团', 'A group buy does not take place'],
  'kind_claim-decided': ['售后结果', 'Claims are decided'],
  'kind_closing-soon': ['团购快截止了', 'A group buy closes soon'],
  'kind_pick-up-ends-soon': ['菜还没取，快收摊了', 'Pick-up ends soon'],
  'kind_statement-made': ['合作社有新结算单', 'A new statement of your co-op'],
  'kind_matter-moved': ['您反映的事有进展', 'News of a matter you raised'],
  'kind_matter-waits': ['有诉求等您的单位办', 'A matter waits for your body'],
  'kind_proposal-moved': ['您的提案或异议有进展', 'News of a proposal or an objection of yours'],
  'kind_proposal-waits': ['有提案等您办', 'A proposal waits for you'],
  'kind_proposal-vote': ['小区有事请各户表决', 'A vote of the households of your compound'],
  'kind_hook-off': ['系统对接停了', 'A subscription was turned off'],
} as const

export const reminderWords = {
  remindMe: ['快截止时提醒我', 'Remind me before it closes'],
  willRemind: [
    (when: string) => `${when} 提醒您（家里人下了单就不提醒了）。`,
    (when: string) => `You are reminded ${when}, unless your household has ordered by then.`,
  ],
  dontRemind: ['不用提醒了', 'Do not remind me'],
} as const

const sentences = {
  arrived: ['菜到了，可以取了', 'Your goods have arrived'],
  refunded: [(amount: string) => `退给您 ${amount}`, (amount: string) => `${amount} goes back to you`],
  'handed-back': [(amount: string) => `已退现金 ${amount}`, (amount: string) => `${amount} was handed back in cash`],
  handedBackBy: [
    (name: string) => `由 ${name} 经手。没有收到，请问社区工作人员。`,
    (name: string) => `By ${name}. If nobody of your household has it, ask your community worker.`,
  ],
  'refund-failed': [
    (amount: string) => `有 ${amount} 原路退不回去`,
    (amount: string) => `${amount} could not be sent back the way it was paid`,
  ],
  atDesk: ['请凭取货码到社区服务点领现金。', 'Collect it in cash at the community desk, with your code.'],
  'group-buy-confirmed': ['成团了', 'It takes place'],
  'group-buy-failed': ['没有成团，全部退给您', 'It does not take place: all goes back to you'],
  accepted: ['售后处理好了，退款给您', 'Your claim was accepted'],
  declined: ['售后处理好了，没有同意', 'Your claim was declined'],
  'closing-soon': ['团购快截止了', 'A group buy closes soon'],
  unpaid: ['团购快截止了，您有一单还没付款', 'It closes soon, and an order is not paid'],
  'pick-up-ends-soon': ['菜还没取，快收摊了', 'Not collected yet: pick-up ends soon'],
  statementDue: [
    (amount: string) => `新结算单：应付合作社 ${amount}`,
    (amount: string) => `New statement: ${amount} is due to the co-op`,
  ],
  statementBack: [
    (amount: string) => `新结算单：合作社应退回 ${amount}`,
    (amount: string) => `New statement: the co-op owes ${amount} back`,
  ],
  statementEven: ['新结算单：收支相抵，不用转账', 'New statement: it evens out, nothing to transfer'],
  pleaseConfirm: ['请核对、确认，区里再转账。', 'Check and confirm it; then the district pays.'],
  pleaseCheck: ['请核对；到期没有异议，就算确认。', 'Please check it: not disputed in time, it counts as confirmed.'],
  supplement: [
    (title: string, part: number) => `「${title}」补充 ${part - 1}`,
    (title: string, part: number) => `“${title}”, supplement ${part - 1}`,
  ],
  money: [(amount: string) => `${amount} 原路退回`, (amount: string) => `${amount} goes back the way it was paid`],
  moneyInCash: [
    (amount: string) => `${amount} 到社区服务点领现金`,
    (amount: string) => `collect ${amount} in cash at the desk`,
  ],
  whyInCash: [
    (reason: string) => `${reason}，到社区服务点领现金`,
    (reason: string) => `${reason}; collect it in cash at the desk`,
  ],
  news_triage: ['社区受理了您反映的事', 'The community has taken up your matter'],
  news_decline: ['这件事不归社区办，请看该找谁', 'It is not the community’s: see who to ask'],
  news_merge: ['您反映的事并到了另一件里一起办', 'Your matter goes on together with another one'],
  news_assign: ['已经交给单位办，请看期限', 'It was given to a body: see by when'],
  news_rule: ['交办有了裁定', 'There is a ruling about who does it'],
  news_allow: ['同意延期，请看新的期限', 'More time was allowed: see until when'],
  news_deny: ['没有同意延期', 'More time was not allowed'],
  news_dispute: ['单位说不归他们管，等裁定', 'A body says it is not theirs: it waits for a ruling'],
  news_withdraw: ['居民撤回了一件事', 'A resident took a matter back'],
  news_remind: ['有一件诉求今天到期', 'A matter is due today'],
  news_overdue: ['超过期限还没有办', 'It is overdue'],
  news_escalate: ['有一件诉求请监督员看看', 'A matter waits for the supervisor'],
  news_supervise: ['监督员督办了这件事', 'The supervisor has spoken about it'],
  news_answer: ['单位答复了，社区会去核实', 'The body has answered; the community will look'],
  news_verify: ['社区核实过了，请您评价', 'The community has looked: please rate it'],
  'news_send-back': ['核实没有通过，退回重办', 'It was not done: it is sent back'],
  news_reopen: ['居民要求重新办', 'A resident asks for it once more'],
  'news_link-proposal': ['这件事转成了提案', 'It goes on as a proposal'],
  'news_come-back': ['这件事不再作为提案，继续办理', 'It is a proposal no more and goes on here'],
  news_solved: ['这件事办结了', 'It is closed'],
  news_unsolved: ['这件事结了，但没有解决', 'It is closed, and not solved'],
  'news_taken-up': ['社区受理了您的提案', 'The community has taken up your proposal'],
  news_returned: ['您的提案退回了，请看要改什么', 'Your proposal came back: see what to change'],
  'news_objection-answered': ['您的异议有答复了，不满意可以再提', 'Your objection was answered: you may insist'],
  'news_objection-ruled': ['您的异议有裁定了', 'There is a ruling on your objection'],
  news_sign: ['有一件应急支出等两人签字', 'An emergency waits for two signatures'],
  news_vote: ['有一件提案等您表决', 'A proposal waits for your vote'],
  news_ratify: ['有一件应急支出等您追认', 'An emergency waits to be ratified'],
  news_passed: ['您的提案表决通过了', 'Your proposal was passed'],
  'news_not-passed': ['您的提案没有通过', 'Your proposal was not passed'],
  news_lapsed: ['您的提案过期失效了', 'Your proposal has lapsed'],
  news_abandoned: ['您提的项目中止了', 'Your project was broken off'],
  news_paid: ['您提的项目付款了', 'A payment of your project was made'],
  'news_project-closed': ['您提的项目办结了', 'Your project is closed'],
  'news_to-triage': ['有一件新提案等受理', 'A new proposal waits to be taken up'],
  'news_to-answer': ['有居民对一件提案提了异议，三天内答复', 'A resident objects: answer within three days'],
  'news_to-rule': ['有一件异议等您裁定', 'An objection waits for your ruling'],
  'news_to-opine': ['有一件提案在表决，等您的监督意见', 'A proposal is voted on: your opinion is missing'],
  'news_to-accept': ['有一个项目完工了，等您验收', 'Work is finished and waits to be accepted'],
  'news_to-approve': ['有一个项目验收了，等批准付款', 'A payment waits to be approved'],
  'news_to-pay': ['有一笔项目款等您付', 'A payment waits to be made'],
  'news_to-review': ['有一个项目评价低，等您处理', 'A project is rated low: please look'],
  'news_home-vote': ['小区有一件提案请您家表决', 'A proposal waits for your household’s vote'],
  'news_home-passed': ['小区表决有结果：通过了', 'The vote of your compound: passed'],
  'news_home-not-passed': ['小区表决有结果：没有通过', 'The vote of your compound: not passed'],
  'news_home-void': ['小区的一次表决没有结果', 'A vote of your compound came to nothing'],
  'hook-off': ['一个系统对接停了，请看原因', 'A subscription was turned off: see why'],
  of: [(title: string) => `「${title}」`, (title: string) => `“${title}”`],
  pickUp: [(when: string) => `取货：${when}`, (when: string) => `Pick-up: ${when}`],
  until: [(when: string) => `${when} 截止`, (when: string) => `Closes ${when}`],
  why: [(reason: string) => `${reason}，原路退回`, (reason: string) => `${reason}; the way it was paid`],
  reason_refund: ['工作人员退款', 'refunded by your community worker'],
  reason_cancelled: ['您退掉了', 'you gave goods back'],
  'reason_failed-group': ['没有成团', 'it did not take place'],
  reason_shortage: ['货不够', 'fewer came than were ordered'],
  reason_weight: ['分量不足', 'under weight'],
  'reason_price-step': ['大家买得多，降价了', 'more was sold and the price fell'],
  reason_claim: ['售后', 'a claim'],
  reason_dispute: ['支付争议', 'a disputed payment'],
} as const

/** What a notice says: a headline, and what is worth knowing below it. */
export function noticeText(notice: NoticeView, now: number, lang: Lang): { head: string; lines: string[] } {
  const t = say(sentences, lang)
  const { kind, groupBuyTitle, amountFen, reason, inCash, byName, place } = notice
  const { pickUpStartsAt, pickUpEndsAt, closesAt, part = 1 } = notice
  const money = yuanSign(amountFen ?? 0)
  const lines: string[] = []
  if (notice.matterTitle !== undefined) lines.push(t.of(notice.matterTitle))
  if (notice.proposalTitle !== undefined) lines.push(t.of(notice.proposalTitle))
  if (notice.hookName !== undefined) lines.push(t.of(notice.hookName))
  if (groupBuyTitle !== undefined) lines.push(part > 1 ? t.supplement(groupBuyTitle, part) : t.of(groupBuyTitle))
  if (kind === 'statement-made') lines.push((notice.dueFen ?? 0) > 0 ? t.pleaseConfirm : t.pleaseCheck)
  else if (kind === 'refunded') lines.push((inCash ? t.whyInCash : t.why)(t[`reason_${reason ?? 'refund'}`]))
  else if (kind === 'handed-back') lines.push(t.handedBackBy(byName ?? ''))
  else if (kind === 'refund-failed') lines.push(t.atDesk)
  else if (amountFen !== undefined && amountFen > 0) lines.push((inCash ? t.moneyInCash : t.money)(money))
  const waits = kind === 'arrived' || kind === 'group-buy-confirmed' || kind === 'pick-up-ends-soon'
  if (waits && pickUpStartsAt !== undefined && pickUpEndsAt !== undefined) {
    const when = spanText(pickUpStartsAt, pickUpEndsAt, now, lang)
    lines.push(t.pickUp(place === undefined ? when : `${place} · ${when}`))
  }
  if (kind === 'closing-soon' && closesAt !== undefined) lines.push(t.until(momentText(closesAt, now, lang)))
  return { head: headOf(notice, t, money), lines }
}

function headOf(
  { kind, orderId, amountFen, dueFen = 0, news = 'triage', proposalNews = 'taken-up' }: NoticeView,
  t: Said<typeof sentences>,
  money: string,
): string {
  if (kind === 'statement-made') {
    if (dueFen === 0) return t.statementEven
    return (dueFen > 0 ? t.statementDue : t.statementBack)(yuanSign(Math.abs(dueFen)))
  }
  if (kind === 'matter-moved' || kind === 'matter-waits') return t[`news_${news}`]
  if (kind === 'proposal-moved' || kind === 'proposal-waits' || kind === 'proposal-vote')
    return t[`news_${proposalNews}`]
  if (kind === 'claim-decided') return (amountFen ?? 0) > 0 ? t.accepted : t.declined
  if (kind === 'closing-soon' && orderId !== undefined) return t.unpaid
  const isMoney = kind === 'refunded' || kind === 'handed-back' || kind === 'refund-failed'
  return isMoney ? t[kind](money) : t[kind]
}
