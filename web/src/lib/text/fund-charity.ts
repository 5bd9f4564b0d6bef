/** The host charity: what it keeps for all communities, and what came to it. */
export const fundCharityWords = {
  charityTitle: [
    (name: string | undefined) => `${name ?? '慈善组织'} · 全区基金`,
    (name: string | undefined) => `${name ?? 'Host charity'}: all funds`,
  ],
  charityLead: [
    '各小区、各社区的慈善基金由这家慈善组织统一保管、分户记账。这里是全区合计，分到每个社区、每个小区都能往下查。',
    'This charity keeps the funds of all compounds and communities, each with its own books. These are the sums of all; every community and compound can be looked into.',
  ],
  charityLink: ['全区合计（慈善组织）', 'The whole district (host charity)'],
  allTogether: ['全区合计', 'The whole district'],
  communitiesTitle: ['各社区', 'Communities'],
  communityCount: [
    (count: number, compounds: number) => `${count} 个社区已有账目；全区登记了 ${compounds} 个小区。`,
    (count: number, compounds: number) => `${count} communities have entries; ${compounds} compounds are registered.`,
  ],
  cameTitle: ['划转到慈善组织的款项', 'What came to the charity'],
  cameNone: ['还没有划转过。', 'Nothing yet.'],
  cameOf: [
    (through: string, funds: number) => `截至 ${through} 过了售后期的，${funds} 个小区`,
    (through: string, funds: number) => `settled by ${through}, ${funds} compounds`,
  ],
  cameNote: [
    '由两位工作人员列清单、登记银行转账，慈善组织确认到账并开出捐赠票据以后才算到账。',
    'Counted when the charity has confirmed it and given its receipt; two persons listed it and recorded the transfer.',
  ],
} as const
