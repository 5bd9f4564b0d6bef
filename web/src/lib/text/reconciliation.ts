import type { FindingKind, findingSchema } from '#shared/contracts/payments-reconciliation.ts'
import type * as z from 'zod'

export type Finding = z.infer<typeof findingSchema>
export type Standing = NonNullable<Finding['ours']>

/** 收付核对: our payments and refunds beside the payment provider's. */
export const reconciliationWords = {
  title: ['收付核对', 'Payments compared'],
  back: ['回到社区工作台', 'Back to the community desk'],
  lead: [
    '把支付平台的收款、退款和我们的记录两边对一遍。每天凌晨自动核对最近四天，也可以现在核对。',
    'Payments and refunds at the payment provider beside our own records, both ways. Each night for the last four days, or now.',
  ],
  onlyReported: [
    '除了补记漏掉的收款，核对不改任何记录：有出入的只列出来，由人查清后处理。',
    'Except for taking in payments that were missed, nothing is changed: differences are listed for a person to look into.',
  ],
  noTransfers: [
    '付给合作社的货款是银行转账，凭银行流水号登记，不在支付平台上，所以不在这里核对。',
    'Payouts to co-ops are bank transfers, recorded with the bank’s number; the provider has none of them to compare.',
  ],
  compare: ['现在核对', 'Compare now'],
  comparing: ['正在核对……', 'Comparing…'],
  goOn: ['接着核对', 'Go on'],
  afresh: ['从头核对', 'Begin anew'],
  none: ['还没有核对过。', 'Nothing was compared yet.'],
  by_night: ['夜里自动核对', 'by night'],
  by_admin: ['人工核对', 'by hand'],
  when: [(when: string, by: string) => `${when}（${by}）`, (when: string, by: string) => `${when} (${by})`],
  since: [(when: string) => `${when} 以来`, (when: string) => `since ${when}`],
  looked: ['核对了', 'Looked at'],
  payments: ['收款', 'payments'],
  refunds: ['退款', 'refunds'],
  orders: ['我们的订单', 'our orders'],
  parkedMoney: ['不属于任何订单的款', 'money of no order'],
  pens: [(count: number) => `${count} 笔`, (count: number) => `${count}`],
  unfinished: [
    '时间不够，还没有核对完。下面只是已经核对的部分。',
    'The time ran out before the end: below is only what was compared so far.',
  ],
  good: ['两边一致，没有出入。', 'Both sides agree.'],
  goodNow: ['这次没有出入；以前查到的列在下面。', 'No differences this time; what was found before stands below.'],
  earlier: ['以前查到、这次没有再查到的', 'Found before, and not this time'],
  earlierHint: [
    '可能已经处理好，也可能只是超出了这次核对的日子。请确认都处理过；三十天后不再列出。',
    'Settled since, or only older than what was compared this time. Make sure that each was dealt with; after thirty days they are listed no more.',
  ],
  foundAt: [(when: string) => `最后一次查到：${when}`, (when: string) => `last found: ${when}`],
  done: ['这次补记的', 'Taken in now'],
  differences: ['有出入的', 'Differences'],
  left: [
    (count: number) => `还有 ${count} 条没有列出，合计里都算上了。`,
    (count: number) => `${count} more are not listed; the sums hold them all.`,
  ],
  count: [
    (count: number, sum: string) => `${count} 笔，共 ${sum}`,
    (count: number, sum: string) => `${count}, together ${sum}`,
  ],
  uncounted: [(count: number) => `${count} 笔`, (count: number) => `${count}`],
  order: ['看订单', 'The order'],
  payment: ['支付号', 'Payment'],
  refund: ['退款号', 'Refund'],
  providerRefund: ['支付平台退款号', 'Refund at the provider'],
  side: [(name: string) => `${name}：`, (name: string) => `${name}: `],
  ours: ['我们', 'Ours'],
  theirs: ['支付平台', 'Provider'],
  foreign: [(currency: string) => `（不是人民币：${currency}）`, (currency: string) => ` (not yuan: ${currency})`],
} as const

export const standingWords = {
  decided: ['已决定', 'decided'],
  asked: ['已提交', 'asked'],
  succeeded: ['已退', 'done'],
  failed: ['没退成', 'failed'],
  none: ['没有这笔', 'none'],
  pending: ['正在退', 'pending'],
} as const satisfies Record<Standing, readonly [string, string]>

type Kind = { readonly name: readonly [string, string]; readonly todo: readonly [string, string] }

/** Each kind by name, and what a person does about it. */
export const findingWords: Readonly<Record<FindingKind, Kind>> = {
  'payment-applied': {
    name: ['收到了付款，但没有收到通知', 'Paid, without a message of it'],
    todo: ['订单已经补记为付款，不用再办。', 'The order is paid now. Nothing to do.'],
  },
  'payment-parked': {
    name: ['收到了不属于任何订单的款', 'Money of no order'],
    todo: ['会自动原路退回，不用再办。', 'It goes back by itself. Nothing to do.'],
  },
  'payment-unknown': {
    name: ['支付平台有收款，我们没有记录', 'At the provider, unknown to us'],
    todo: [
      '在支付平台后台查这笔款是谁付的。是我们的订单就联系技术人员补记，不是就在后台退回。',
      'Look it up in the provider’s dashboard: have it taken in if it is for an order of ours, else give it back there.',
    ],
  },
  'payment-missing': {
    name: ['我们记了付款，支付平台没有', 'Paid with us, unknown to the provider'],
    todo: [
      '钱可能没有到账。先不要给这一单退款或结算，凭支付号向支付平台查询。',
      'The money may not have come. Refund and settle nothing of it before the provider has been asked.',
    ],
  },
  'payment-amount-differs': {
    name: ['收款金额两边不一样', 'Another sum was paid'],
    todo: [
      '按支付平台的账单核实实收金额，差额写清楚再处理。',
      'Find out by the provider’s statement what was received.',
    ],
  },
  'refund-not-ours': {
    name: ['在支付平台后台手工退的款', 'Refunded by hand at the provider'],
    todo: [
      '问清是谁退的、为什么退。我们的订单上没有这笔退款，合作社和基金的账也没有扣：不要再退一次。',
      'Ask who did it and why. Neither the order nor the books know of it: do not refund it a second time.',
    ],
  },
  'refund-missing': {
    name: ['我们记了退款，支付平台没有', 'Refunded with us, unknown to the provider'],
    todo: [
      '住户可能没有收到钱。凭支付号向支付平台查询，确认没退再另行退还。',
      'The household may not have its money. Ask the provider, and pay it another way only if it was not refunded.',
    ],
  },
  'refund-amount-differs': {
    name: ['退款金额两边不一样', 'Another sum was refunded'],
    todo: [
      '少退的补给住户，多退的和住户商量；以支付平台账单为准。',
      'Settle the difference with the household, by the provider’s statement.',
    ],
  },
  'refund-state-differs': {
    name: ['退款结果两边不一样', 'A refund stands differently'],
    todo: [
      '先看支付平台的结果：已经退了就不要再退现金；没退成就联系住户另行退还。',
      'The provider’s word counts: if it is refunded there, hand back no cash; if it failed, pay it another way.',
    ],
  },
  'refunded-twice': {
    name: ['同一笔退款退了两次', 'One refund, paid twice'],
    todo: ['联系住户，请其退回多收的一份。', 'Ask the household to return what it received twice.'],
  },
  'more-back-than-came': {
    name: ['退的比收的多', 'More went back than came'],
    todo: [
      '逐笔核对这一单的退款（含现金和银行退款），查清多退的一笔。',
      'Go through all refunds of the order, cash and bank included, and find the one too many.',
    ],
  },
  'not-compared': {
    name: ['没有核对成', 'Could not be compared'],
    todo: [
      '这一单的记录读不出来，请联系技术人员。',
      'The records of this order cannot be read: tell whoever keeps the system.',
    ],
  },
}
