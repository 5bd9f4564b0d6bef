/** Donation agreements: who gives what part of what, until when, and in which words it was signed. */
export const agreementWords = {
  title: ['捐赠协议', 'Donation agreements'],
  lead: [
    (community: string) =>
      `捐赠人是合作社，不是居民。这里是${community}各结对村的协议，历次版本都在。签过的不能改，改条款就另签新版本。`,
    (community: string) =>
      `The donors are the co-ops, not the residents. These are the agreements of the villages paired with ${community}, in all their versions. What was signed never changes: new terms are a new version.`,
  ],
  asOf: [(day: string) => `截至 ${day}。`, (day: string) => `As of ${day}.`],
  back: [(name: string) => `回到${name}的基金`, (name: string) => `Fund of ${name}`],
  backList: ['全部捐赠协议', 'All agreements'],
  noneTitle: ['还没有结对村', 'No paired village yet'],
  noneBody: [
    '结对并签了捐赠协议以后，协议在这里公布。',
    'Once a village is paired and has signed an agreement, it is published here.',
  ],
  none: [
    '还没有捐赠协议：这个村的成交不捐赠，单独列出。',
    'No agreement yet: sales of this village donate nothing and are listed.',
  ],
  withoutTitle: [
    (count: number) => `有 ${count} 个结对村今天没有生效的协议`,
    (count: number) => `${count} paired ${count === 1 ? 'village has' : 'villages have'} no agreement in force today`,
  ],
  withoutBody: [
    (names: string) => `${names}。成交照常，但不捐赠，单独列出。`,
    (names: string) => `${names}. Sales go on, but donate nothing and are listed.`,
  ],
  endsTitle: [
    (count: number) => `有 ${count} 份协议 30 天内到期，还没有新版本`,
    (count: number) =>
      `${count} ${count === 1 ? 'agreement ends' : 'agreements end'} within 30 days without a new version`,
  ],
  endsRow: [
    (name: string, day: string) => `${name}：${day} 到期`,
    (name: string, day: string) => `${name}: ends ${day}`,
  ],
  paired: [
    (from: string, to: string) => `结对 ${from} 至 ${to}`,
    (from: string, to: string) => `Paired ${from} to ${to}`,
  ],
  'standing_in-force': ['生效中', 'in force'],
  'standing_not-begun': ['还没开始', 'not begun'],
  standing_replaced: ['已由新版本代替', 'replaced'],
  standing_over: ['已到期', 'over'],
  endsSoon: [(day: string) => `${day} 到期`, (day: string) => `ends ${day}`],
  followedBy: [
    (day: string, version: number) => `${day} 以后按第 ${version} 版。`,
    (day: string, version: number) => `After ${day} version ${version} applies.`,
  ],
  stops: [
    (day: string) => `${day} 以后还没有协议，成交不再捐赠。`,
    (day: string) => `After ${day} there is none yet: sales donate nothing.`,
  ],
  version: [(version: number) => `第 ${version} 版`, (version: number) => `Version ${version}`],
  gives: [(rate: string) => `捐出货款净额的 ${rate}%`, (rate: string) => `${rate}% of net proceeds of goods`],
  /** Of a version that did not say what the rate is of. */
  givesUnrecorded: [(rate: string) => `从货款中捐出 ${rate}%`, (rate: string) => `${rate}% of proceeds`],
  to: ['至', 'to'],
  readText: ['看全文', 'Full text'],
  /** Where the text was not recorded. */
  readFacts: ['看要点', 'Details'],
  signed: [
    (day: string, donor: string, charity: string) => `${day} 签署：${donor}、${charity}`,
    (day: string, donor: string, charity: string) => `Signed ${day} by ${donor} and ${charity}`,
  ],
  unrecorded: ['未登记', 'not recorded'],
  signedUnrecorded: ['签署人未登记', 'signatories not recorded'],
  heading: [
    (village: string, version: number) => `${village}的捐赠协议（第 ${version} 版）`,
    (village: string, version: number) => `Donation agreement of ${village} (version ${version})`,
  ],
  facts: ['要点', 'In short'],
  state: ['状态', 'Status'],
  donor: ['捐赠人', 'Donor'],
  charity: ['慈善组织', 'Host charity'],
  signatory: [(name: string) => `签署人：${name}`, (name: string) => `signed by: ${name}`],
  rate: ['捐赠比例', 'Rate'],
  base: ['捐赠基数', 'Base'],
  'base_net-sales': [
    '货款净额：商品成交款减去因取消、缺货、短斤和售后退回的款项，不含配送等其他费用。',
    'Net proceeds of goods: what they were sold for, less what was given back (cancelled, short, underweight, claims); no delivery or other charges.',
  ],
  purposes: ['用途', 'Purposes'],
  inKind: ['实物捐赠', 'Gifts in kind'],
  inKindYes: ['也接受：按双方签字的价值记账，用于同样的用途', 'Accepted too, at the value both signed for'],
  inKindNo: ['没有约定，只捐货款', 'Not agreed: money only'],
  inForce: ['期限', 'Term'],
  signedDay: ['签署日期', 'Signed on'],
  number: ['协议编号', 'Number'],
  text: ['全文', 'Full text'],
  textNote: ['', 'The text that was signed is in Chinese.'],
  textUnrecorded: [
    '这一版的全文没有登记。以上要点是当时登记的内容。',
    'The text of this version was not recorded. What is recorded stands above.',
  ],
  fingerprint: ['全文指纹（SHA-256）', 'Fingerprint of the text (SHA-256)'],
  fingerprintHow: [
    '同一份文字（UTF-8）算出同一个指纹：纸上的、墙上的是不是这一份，可以自己核对。',
    'The same words (UTF-8) give the same fingerprint: check whether a copy is this very text.',
  ],
  synthetic: ['示例数据：不是真实的协议。', 'Sample data: no real agreement.'],
} as const
