/** Milestones 分期: a project that is paid in several, each when it is done and accepted. */
export const milestoneWords = {
  plan: ['分期付款（不分期就不填）', 'Pay in milestones (leave empty to pay at once)'],
  hintPlan: [
    '分 2 到 4 期，做完一期、验收一期、付一期。各期比例加起来是 100，最后一期（尾款）至少 20。和报价一起公示、表决。',
    'Two to four, each done, accepted and paid by itself. Shares add up to 100, the last one is at least 20. On notice and voted on with the price.',
  ],
  partWhatN: [(n: number) => `第 ${n} 期：做完什么`, (n: number) => `Milestone ${n}: what is done`],
  partShowsN: [(n: number) => `第 ${n} 期：凭什么算做完`, (n: number) => `Milestone ${n}: what shows that it is done`],
  partShowsHint: ['例如：到货单、现场照片、试用一周没问题', 'A delivery note, pictures, a week of trial'],
  partShareN: [(n: number) => `第 ${n} 期：付百分之几`, (n: number) => `Milestone ${n}: share in percent`],
  badShare: ['请填 1 到 99 的整数', 'A whole number from 1 to 99'],
  badShares: ['各期比例加起来要是 100', 'The shares have to add up to 100'],
  tooFewParts: ['至少分 2 期；不分期就全部空着', 'Two at least; leave all empty to pay at once'],
  actOfMilestone: [
    (n: number, count: number, sum: string) => `这是第 ${n} 期（共 ${count} 期），最多 ${sum}。`,
    (n: number, count: number, sum: string) => `This is milestone ${n} of ${count}, ${sum} at most.`,
  ],
  acceptsAll: [
    '这是最后一期：验收合格，就是整个项目验收合格。',
    'This is the last one: to accept it is to accept the whole project.',
  ],
  milestones: ['分期付款', 'Milestones'],
  milestonesLead: [
    '做完一期、验收一期、付一期，不能跳过，也不能多付。',
    'Each is done, accepted and paid in its turn, and none beyond its sum.',
  ],
  milestoneTitle: [(n: number, what: string) => `第 ${n} 期：${what}`, (n: number, what: string) => `${n}. ${what}`],
  milestoneOf: [
    (n: number, count: number) => `第 ${n} 期，共 ${count} 期`,
    (n: number, count: number) => `milestone ${n} of ${count}`,
  ],
  milestoneSum: [
    (sum: string, percent: number) => `最多 ${sum}，占 ${percent}%`,
    (sum: string, percent: number) => `${sum} at most, ${percent}%`,
  ],
  showsHow: [(shows: string) => `凭什么算做完：${shows}`, (shows: string) => `What shows it: ${shows}`],
  milestonePaid: ['已付款', 'paid'],
  milestoneLater: ['还没轮到', 'to come'],
  milestoneDropped: ['没有做完，没有付款', 'not done, not paid'],
  actualOfApproved: [
    (paid: string, approved: string) => `已付 ${paid}，批准 ${approved}`,
    (paid: string, approved: string) => `${paid} paid of ${approved} approved`,
  ],
  stillKept: [(sum: string) => `还预留 ${sum}`, (sum: string) => `${sum} is still set aside`],
  stoppedHalfway: [
    (paid: string, rest: string) => `做了一半停下：付过的 ${paid} 不退，没付的 ${rest} 退回小区基金。`,
    (paid: string, rest: string) => `It stopped halfway: ${paid} stays paid, ${rest} goes back to the fund.`,
  ],
  votedWith: [
    (count: number) => `分 ${count} 期付款的办法，和报价一起表决。`,
    (count: number) => `Paying in ${count} milestones is decided by the same vote.`,
  ],
} as const
