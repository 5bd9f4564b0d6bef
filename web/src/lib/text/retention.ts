/** What is kept how long, and why. Figures that the system keeps to by itself are held against it by a test. */
export const retentionWords = {
  title: ['什么信息存多久', 'What is kept how long'],
  lead: [
    '到期由系统自动删除的，写着“自动”。其余由区里按规定保管，到期清理；您也可以要求查看、更正或删除。',
    '“Automatic” means that the system deletes it by itself. The rest is kept by the district as the rules ask.',
  ],
  what: ['什么信息', 'What'],
  howLong: ['存多久', 'How long'],
  why: ['依据和原因', 'Why'],
  back: ['回到隐私告知', 'Back to the privacy notice'],
  open: ['什么信息存多久', 'What is kept how long'],
} as const

type Row = {
  readonly what: readonly [string, string]
  readonly howLong: readonly [string, string]
  readonly why: readonly [string, string]
}

export const retentionRows = [
  {
    what: ['登录状态', 'Being signed in'],
    howLong: ['退出时删除，最长 14 天；自动', 'Until you sign out, 14 days at most; automatic'],
    why: ['免得每次重新登录', 'So that you need not sign in each time'],
  },
  {
    what: ['菜篮（浏览器里）', 'The basket (in your browser)'],
    howLong: ['7 天不用就没有了；自动', '7 days after you last used it; automatic'],
    why: ['只在您的浏览器里，我们不存', 'It is in your browser alone'],
  },
  {
    what: ['选的小区、语言（浏览器里）', 'Chosen compound and language (in your browser)'],
    howLong: ['365 天；自动', '365 days; automatic'],
    why: ['免得每次重新选', 'So that you need not choose again'],
  },
  {
    what: ['售后申请的照片', 'Photos of a claim'],
    howLong: ['申请后 90 天；选了没提交的 1 天；自动', '90 days after it; 1 day if it was not sent; automatic'],
    why: ['退款到账前可能还要核对', 'A refund may still have to be checked'],
  },
  {
    what: ['诉求的照片', 'Photos of a matter'],
    howLong: ['反映后 730 天；选了没提交的 1 天；自动', '730 days after it; 1 day if it was not sent; automatic'],
    why: ['重新办理、评比申诉时还要核对', 'It may be reopened, or a ranking appealed'],
  },
  {
    what: ['项目的票据和完工照片', 'Photos of a project’s receipts and work'],
    howLong: [
      '交上来后 10 年；选了没提交的 1 天；自动',
      '10 years after they were handed in; 1 day if they were not; automatic',
    ],
    why: [
      '会计档案管理办法第十四条：定期保管一般为 10 年和 30 年。这里是给大家看的复本，原件由慈善组织保管',
      'The shorter of the terms for accounting records; these are copies, the vouchers are with the charity',
    ],
  },
  {
    what: [
      '业主表决清单（房号、面积、业主编号、意见）',
      'The list of an owners’ vote (units, areas, owners’ codes, choices)',
    ],
    howLong: [
      '第二个人录得一样就删，最长 14 天；自动',
      'Until a second person has entered the same, 14 days at most; automatic',
    ],
    why: [
      '两份不一样时，要说得出是哪几户。留下的只有合计和清单的指纹',
      'To say which units differ if the two lists do. Totals and the list’s fingerprint stay',
    ],
  },
  {
    what: ['取货点手机上的离线名单（房号、取货码）', 'Lists on a pick-up counter’s phone (rooms, codes)'],
    howLong: ['提货结束后 24 小时，或工作人员退出时；自动', '24 hours after pick-up, or at sign-out; automatic'],
    why: ['没有网络也能取货', 'So that goods can be handed out without a network'],
  },
  {
    what: [
      '发给其他系统的通知记录（成交编号，没有住户信息）',
      'What other systems were told (numbers of sales, nothing of residents)',
    ],
    howLong: ['30 天；自动', '30 days; automatic'],
    why: ['没收到的可以补发', 'What did not arrive can be sent again'],
  },
  {
    what: [
      '付款前问核验系统的记录（项目、金额、回答、谁要付款）',
      'What checks were asked before a payment (project, sum, answer, who wanted to pay)',
    ],
    howLong: ['30 天；自动', '30 days; automatic'],
    why: ['查清付款为什么被拦住', 'To see why a payment was stopped'],
  },
  {
    what: ['运行日志（不含姓名、电话、房号）', 'Logs (without names, numbers, rooms)'],
    howLong: ['6 个月；自动', '6 months; automatic'],
    why: ['《网络安全法》：日志不少于六个月', 'Cybersecurity Law: six months at least'],
  },
  {
    what: ['困难帮扶申请写的内容', 'What was written to ask for household aid'],
    howLong: [
      '撤回时马上；没人办的 90 天，没同意的 30 天，同意的 180 天；自动',
      'At once when taken back; 90 days if nobody acts, 30 days after a refusal, 180 days after an approval; automatic',
    ],
    why: ['上门、审议、付款用得着的时候才留', 'Only while a visit, a decision or a payment needs it'],
  },
  {
    what: ['困难帮扶谁看过、谁办的', 'Who read and who acted on household aid'],
    howLong: ['申请后 1368 天；自动', '1368 days after the request; automatic'],
    why: ['《民法典》第一百八十八条：三年内可以主张权利', 'Civil Code, art. 188: three years to claim a right'],
  },
  {
    what: [
      '诉求、提案、公示异议的经过和评价（谁提的、谁办的）',
      'Matters and proposals, and their ratings (who raised, who acted)',
    ],
    howLong: ['办结后至少 3 年', '3 years at least after the end'],
    why: ['查得清是谁办的、怎么办的', 'So that it can be seen who did what'],
  },
  {
    what: ['投票（谁投了什么，只在表里，不给人看）', 'Votes (who voted what: kept, and shown to nobody)'],
    howLong: ['表决后至少 3 年', '3 years at least after the vote'],
    why: ['有人要求时可以重新计票', 'So that they can be counted again'],
  },
  {
    what: ['订单、付款、退款、取货和售后记录', 'Orders, payments, refunds, pick-ups and claims'],
    howLong: ['交易完成后至少 3 年', '3 years at least after the deal'],
    why: ['《电子商务法》第三十一条', 'E-Commerce Law, art. 31'],
  },
  {
    what: ['合作社结算单和付款登记（没有居民信息）', 'Co-ops’ statements and payouts (nothing of residents)'],
    howLong: ['30 年', '30 years'],
    why: ['《会计档案管理办法》：会计凭证', 'Rules on accounting archives: vouchers'],
  },
  {
    what: [
      '现金日记账（订单、经手人的称呼、领款人和住户的关系）',
      'Cash books (order, who handled it, what the receiver is to the household)',
    ],
    howLong: ['30 年', '30 years'],
    why: ['《会计档案管理办法》：现金日记账', 'Rules on accounting archives: cash books'],
  },
  {
    what: ['慈善基金账（没有居民信息）', 'The funds’ ledgers (nothing of residents)'],
    howLong: ['长期', 'For good'],
    why: ['账目前后相连，谁都可以核对', 'Each entry rests on the one before; anybody may verify them'],
  },
  {
    what: ['住户登记、手机号（自愿填写）', 'Household and mobile number (if you gave one)'],
    howLong: ['到您注销登记；向社区提出后 15 个工作日内', 'Until you cancel; within 15 working days of asking'],
    why: ['按户限购、取货、退款联系', 'Limits per household, pick-up, refunds'],
  },
  {
    what: ['代下单人的称呼（工作人员、楼长）', 'The name of who orders for others (worker, building leader)'],
    howLong: [
      '和那张订单一样久；楼长的登记，结束或搬走时删掉',
      'As long as that order; a leader’s entry until it is ended, or they move',
    ],
    why: ['让住户知道是谁替家里下的单', 'So that the household knows who ordered for it'],
  },
  {
    what: ['送上门的登记（房号、志愿者的称呼）', 'Delivery to the door (room, the volunteer’s name)'],
    howLong: ['不用送了就由工作人员删掉', 'Until a worker ends it; then it is gone'],
    why: ['让志愿者知道送到哪里', 'So that the volunteer knows where to go'],
  },
  {
    what: ['谁在什么时候查看过您的手机号', 'Who looked at your number, and when'],
    howLong: ['至少 3 年', '3 years at least'],
    why: ['出了问题能查清楚', 'So that misuse can be found'],
  },
  {
    what: ['商品照片、合格证', 'Photos of goods, certificates'],
    howLong: ['长期', 'For good'],
    why: ['以后还能查到买的是什么', 'What was bought can be looked up later'],
  },
] as const satisfies readonly Row[]
