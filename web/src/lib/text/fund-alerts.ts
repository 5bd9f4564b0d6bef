/** What a worker should look at on a fund's page: what it is, what to do, where it is seen. */
export const fundAlertWords = {
  alertsUnread: [
    '没能查到提醒事项，下面的数字不受影响。请稍后再打开看看。',
    'The alerts could not be read; the figures below are not affected. Please look again in a while.',
  ],
  alertsMore: [(count: number) => `还有 ${count} 条提醒没有列出。`, (count: number) => `${count} more are not listed.`],
  'is_check-failed': [
    (when: string) => `核账发现账目有问题（${when}）`,
    (when: string) => `The check found the books not in order (${when})`,
  ],
  'do_check-failed': [
    '查清之前不要据此公布或拨付。请联系系统维护人员；您也可以在本页自己核对账本。',
    'Publish and pay nothing by these figures before it is cleared up. Tell whoever runs the system; you can verify the ledger on this page.',
  ],
  'see_check-failed': ['核对账本', 'Verify the ledger'],
  'is_check-late': [
    (when: string) => `超过 36 小时没有核账（上次核到 ${when}）`,
    (when: string) => `Not checked for more than 36 hours (last: ${when})`,
  ],
  'do_check-late': [
    '账照常在记，只是没有复核。请系统维护人员看看每晚的任务有没有运行。',
    'Posting goes on, only nobody checks it. Ask whoever runs the system whether the nightly job runs.',
  ],
  'see_check-late': ['看每天的账本指纹出到哪天', 'See which day has a fingerprint'],
  'is_posting-late': [
    (count: number, when: string) => `有 ${count} 笔成交、退款或结算还没有入账（最早 ${when}）`,
    (count: number, when: string) => `${count} sales, refunds or settlements are not posted yet (oldest: ${when})`,
  ],
  'do_posting-late': [
    '款项不受影响，夜里核账会自动补记，不用重复登记。过一小时还在，请联系系统维护人员。',
    'No money is affected, and the nightly check posts what is missing: enter nothing twice. If it is still so in an hour, tell whoever runs the system.',
  ],
  'see_posting-late': ['看最近账目', 'Latest entries'],
  'is_owes-donors': [
    (fen: string) => `因退货，基金要从以后的转入中扣回 ${fen}`,
    (fen: string) => `Because of refunds the fund has to recover ${fen} from what comes in`,
  ],
  'do_owes-donors': [
    '扣完之前没有可用的钱：不要答应新的支出；动用已预留的钱，要两个人同意。',
    'Until then nothing is available: promise no new spending. Paying out what is reserved needs two persons.',
  ],
  'see_owes-donors': ['看是哪些账目', 'See its entries'],
  'is_inflow-fell': [
    (from: string, to: string, now: string, before: string, rate: number) =>
      `${from}至${to}转入 ${now}，比上月同期的 ${before} 少了 ${rate}%`,
    (from: string, to: string, now: string, before: string, rate: number) =>
      `${from} to ${to} brought ${now}, ${rate}% less than ${before} in the same days of last month`,
  ],
  'do_inflow-fell': [
    '看看少的是哪个村、哪家合作社，团购是不是停了，再和合作社商量。',
    'See which village and co-op it is, and whether group buys have stopped; then talk to the co-op.',
  ],
  'see_inflow-fell': ['看转入对比', 'See it compared'],
  'is_agreement-missing': [
    (village: string, day: string) => `${village}从${day}起没有生效的捐赠协议`,
    (village: string, day: string) => `${village} has had no donation agreement in force since ${day}`,
  ],
  'do_agreement-missing': [
    '这期间的成交照常进行，但入账为 0。请和合作社签好协议，交区管理员录入。',
    'Sales go on and post 0. Please sign an agreement with the co-op and have the district’s administrator enter it.',
  ],
  'see_agreement-missing': ['看结对村的协议', 'See the agreements'],
  'is_agreement-ends': [
    (village: string, day: string) => `${village}的捐赠协议 ${day}到期，还没有续上`,
    (village: string, day: string) => `The agreement of ${village} ends on ${day}, and none follows`,
  ],
  'do_agreement-ends': [
    '到期以后的成交入账为 0。请在到期前和合作社续签，交区管理员录入。',
    'Sales after that day post 0. Please renew it with the co-op before, and have the district’s administrator enter it.',
  ],
  'see_agreement-ends': ['看结对村的协议', 'See the agreements'],
} as const
