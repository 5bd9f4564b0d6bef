/** `2026-11`, `2026-Q4`, `2026` as people say it. */
function zh(period: string): string {
  const [year = '', rest = ''] = period.split('-')
  if (rest === '') return `${year}年全年`
  return rest.startsWith('Q') ? `${year}年第${'一二三四'[Number(rest[1]) - 1]}季度` : `${year}年${Number(rest)}月`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
function en(period: string): string {
  const [year = '', rest = ''] = period.split('-')
  if (rest === '') return `the year ${year}`
  return rest.startsWith('Q') ? `${rest} ${year}` : `${months[Number(rest) - 1]} ${year}`
}

export const fundStatementWords = {
  title: ['收支公示表', 'Statement'],
  listLead: [
    '每个月、每季度、每年结束以后公布一张，写明钱从哪里来、用到哪里去，可以打印张贴。',
    'One for each month, quarter and year that is over: where the money came from and where it went. Made to be printed.',
  ],
  listLive: [
    '没有结束的，只有社区工作人员能看，数字到现在为止。',
    'Those that go on are for the community’s workers, with figures up to now.',
  ],
  none: ['还没有。第一个月结束以后公布第一张。', 'None yet. The first one is published when the first month is over.'],
  noneLive: ['还没有：这个基金还没有账目。', 'None yet: this fund has no entries.'],
  goesOn: ['还没结束', 'goes on'],
  months: ['按月', 'Months'],
  quarters: ['按季度', 'Quarters'],
  years: ['按年', 'Years'],
  back: [(name: string) => `← ${name} · 慈善基金`, (name: string) => `← Fund of ${name}`],
  backList: ['← 全部收支公示表', '← All statements'],
  period: [zh, en],
  heading: [
    (compound: string, period: string) => `${compound}慈善基金 ${zh(period)}收支公示表`,
    (compound: string, period: string) => `Fund of ${compound}: statement of ${en(period)}`,
  ],
  span: [(from: string, to: string) => `${from} 至 ${to}`, (from: string, to: string) => `${from} to ${to}`],
  upToNow: [
    (day: string) => `还没结束，数字到 ${day} 现在为止。`,
    (day: string) => `It goes on; figures are up to ${day}, now.`,
  ],
  donor: [
    '捐赠人是合作社：合作社按捐赠协议从每单货款中捐出（一般为 2 %）。不向居民募捐。',
    'The donors are the co-ops: by agreement they give a part of the proceeds (2 % as a rule). Residents are not asked.',
  ],
  sum: ['收支', 'In and out'],
  opening: ['期初余额', 'Opening balance'],
  inflow: ['加：转入', 'Plus: came in'],
  inflowHint: [
    (count: number, sales: string, back: string) => `${count} 笔成交，货款 ${sales}；退货退款 ${back} 已扣除`,
    (count: number, sales: string, back: string) => `${count} sales of ${sales}; ${back} of refunds are taken off`,
  ],
  outflow: ['减：支出', 'Less: went out'],
  outflowNone: ['这段时间没有支出', 'nothing was spent'],
  closing: ['期末余额', 'Closing balance'],
  outTitle: ['用到哪里去', 'Where it went'],
  outNone: [
    '这段时间没有支出。以后每一笔支出，都按用途列在这里。',
    'Nothing was spent. Every later payment will be listed here by its purpose.',
  ],
  other: ['加：其他来源和更正', 'Plus: from elsewhere, and corrections'],
  inKind: [
    (purpose: string, value: string) => `另有实物捐赠（${purpose}），作价 ${value}，不计入余额。`,
    (purpose: string, value: string) => `Goods were given as well (${purpose}), worth ${value}; not in the balance.`,
  ],
  remitted: ['这段时间划转到慈善组织', 'Arrived at the charity in this time'],
  'purpose_public-service': ['公益服务', 'Public-welfare services'],
  purpose_environment: ['环境提升', 'Environment'],
  purpose_facilities: ['设施维护', 'Upkeep of facilities'],
  purpose_hardship: ['困难群体帮扶', 'Households in difficulty'],
  byVillage: ['从哪个村来', 'By village'],
  byCoop: ['哪个合作社捐的', 'By co-op'],
  byChannel: ['怎么卖的', 'By channel'],
  channel_fair: ['集市', 'Fairs'],
  'channel_group-buy': ['团购', 'Group buys'],
  name: ['来源', 'Source'],
  count: [(count: number) => `${count} 笔成交`, (count: number) => `${count} sales`],
  sales: ['货款', 'Proceeds'],
  reversed: ['退款', 'Refunds'],
  posted: ['转入', 'Came in'],
  total: ['合计', 'Total'],
  nothing: ['这段时间没有转入。', 'Nothing came in.'],
  whereTitle: ['期末的钱在哪里', 'Where the money was at the end'],
  pending: ['售后期内', 'In after-sales'],
  available: ['可用', 'Available'],
  reserved: ['已定用途、还没付', 'Reserved'],
  clawback: ['因退货要扣回', 'To be recovered after refunds'],
  due: ['其中：合作社待汇给慈善组织', 'Of it: due from the co-ops to the charity'],
  cash: ['其中：已到慈善组织账上', 'Of it: at the charity'],
  checkTitle: ['核对', 'Check'],
  checkRight: [
    (sum: string) => `期初余额 + 转入 − 支出 = ${sum}，和账本里记的期末余额一样。`,
    (sum: string) => `Opening + in − out = ${sum}, which is the closing balance in the ledger.`,
  ],
  checkWrong: [
    (computed: string, kept: string) => `对不上：算出来是 ${computed}，账本里记的是 ${kept}。请告诉社区工作人员。`,
    (computed: string, kept: string) =>
      `It does not fit: ${computed} by addition, ${kept} in the ledger. Please tell the community’s workers.`,
  ],
  root: [
    (seq: number) => `账本记到第 ${seq} 条，账本指纹：`,
    (seq: number) => `The ledger up to entry ${seq}; its fingerprint:`,
  ],
} as const
