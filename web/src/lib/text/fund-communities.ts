/** The fund of a community: the shares of its compounds, and what they add up to. */
export const fundCommunityWords = {
  communityTitle: [(name: string) => `${name} · 社区慈善基金`, (name: string) => `Fund of ${name}`],
  communityLead: [
    '社区慈善基金由各小区的份额组成，每个小区的钱单独记账。',
    'The fund of a community is made of its compounds’ shares; each share has its own books.',
  ],
  communityLink: [(name: string) => `${name}：各小区合计`, (name: string) => `${name}: all its compounds`],
  together: ['各小区合计', 'All compounds'],
  untilDay: [
    (day: string) => `“今天”是到现在为止的合计，其余各数算到 ${day}。`,
    (day: string) => `“Today” counts up to now, everything else up to ${day}.`,
  ],
  shares: ['各小区的份额', 'Shares of the compounds'],
  noCompounds: ['这个社区还没有登记小区。', 'This community has no compounds yet.'],
  publicPage: ['公开页面', 'Public page'],
  myFunds: ['我的小区基金', 'My compounds’ funds'],
  myFundsLead: [
    '您负责的小区各进了多少、钱在哪里，每 10 秒更新。',
    'What came into the funds of your compounds and where it is; updated every 10 seconds.',
  ],
} as const
