import type { VerificationProblem } from '#shared/domain/fund/verify-ledger.ts'

/** What a check says while it runs and when it is done; it comes with the check. */
export const fundVerdictWords = {
  again: ['再核对一次', 'Check again'],
  cancel: ['停下', 'Stop'],
  progress: [
    (done: number, all: number) => `已核对 ${done} 条，共 ${all} 条`,
    (done: number, all: number) => `${done} of ${all} entries checked`,
  ],
  cancelled: ['已停下，没有核对完。', 'Stopped; the check was not finished.'],
  right: ['核对无误', 'Everything is right'],
  rightCount: [
    (count: number, span: string) => `一共核对了 ${count} 条账${span === '' ? '' : `，${span}`}。`,
    (count: number, span: string) => `${count} entries were checked${span === '' ? '' : `, ${span}`}.`,
  ],
  span: [
    (from: string, to: string) => (from === to ? `都是 ${from} 的` : `从 ${from} 到 ${to}`),
    (from: string, to: string) => (from === to ? `all of ${from}` : `from ${from} to ${to}`),
  ],
  rightChain: [
    '一条接着一条，没有被改过的，没有抽掉的，也没有插进来的。',
    'They follow one another without a gap; none was changed, taken out or put in.',
  ],
  rightSums: ['每一条账，转出的和转入的相等。', 'In every entry, what goes out equals what comes in.'],
  rightGifts: [
    (count: number) => `${count} 家合作社按协议（一般是货款的 2 %）捐的钱，逐家算过，每家误差不到 1 分。`,
    (count: number) =>
      `The gifts of ${count} co-ops by their agreements (2 % as a rule) were computed one by one: each is exact to under one fen.`,
  ],
  rightFigures: [
    (posted: string) => `累计转入 ${posted}、累计货款，还有“钱在哪里”的每个数，都和本页一样。`,
    (posted: string) =>
      `The total of ${posted}, total sales and each figure of “where the money is” equal this page’s.`,
  ],
  rightRoot: [
    (seq: number) => `第 ${seq} 条的指纹，和本页上的账本指纹一样。`,
    (seq: number) => `The fingerprint of entry ${seq} is the one shown on this page.`,
  ],
  newer: [
    (count: number) => `本页打开以后又记了 ${count} 条，也都对。`,
    (count: number) => `${count} entries came after this page was made; they are right too.`,
  ],
  wrong: ['账本对不上', 'The ledger is not right'],
  wrongCount: [
    (count: number) => `找到 ${count} 处不对。请把下面的内容拍照，交给社区工作人员。`,
    (count: number) => `${count} things are wrong. Please show this to the community’s workers.`,
  ],
  line: [(line: number) => `第 ${line} 条`, (line: number) => `Line ${line}`],
  problem_FORMAT: ['写法不合规定（可能被改过）', 'not in the required form'],
  problem_FUND: ['是别的小区的账', 'belongs to another fund'],
  problem_CHAIN: ['和前一条接不上（中间少了、多了或换过）', 'does not follow from the line before'],
  problem_HASH: ['内容和它的指纹对不上（被改过）', 'its content does not have its fingerprint'],
  problem_EVENT: ['这件事不可能发生（比如记了两遍，或退的比卖的多）', 'tells of something that cannot have happened'],
  problem_FIELD: ['数字和算出来的不一样', 'a value is not what follows from the lines before'],
  problem_HEAD: ['末尾的合计和明细不一样', 'the summary is not what the entries add up to'],
  problem_END: ['账本没有完（末尾缺了）', 'the ledger is cut off'],
  shouldBe: [
    (name: string, right: string, is: string) => `${name}：应当是 ${right}，写的是 ${is}`,
    (name: string, right: string, is: string) => `${name}: should be ${right}, is ${is}`,
  ],
  differs: ['账本和本页对不上', 'The ledger is not what this page shows'],
  differsLead: [
    '账本本身前后接得上，但算出来的和本页写的不一样。请把下面的内容拍照，交给社区工作人员。',
    'The ledger fits together, but it gives other figures than this page. Please show this to the community’s workers.',
  ],
  differsLine: [
    (name: string, shown: string, computed: string) => `${name}：本页写的是 ${shown}，账本算出来是 ${computed}`,
    (name: string, shown: string, computed: string) => `${name}: this page says ${shown}, the ledger gives ${computed}`,
  ],
  short: ['账本缺了后面的', 'The end of the ledger is missing'],
  shortLead: [
    (entries: number, shown: number) => `取来的账本只有 ${entries} 条，本页说有 ${shown} 条。请交给社区工作人员。`,
    (entries: number, shown: number) =>
      `The ledger that came has ${entries} entries, this page says ${shown}. Please tell the community’s workers.`,
  ],
  failed: ['账本没有取完，所以没有核对。', 'The ledger could not be fetched to its end, so nothing is said of it.'],
  failedWhy: ['请看看网络，再按一次。', 'Please check the connection and try again.'],
  failedSignIn: ['登录已过期，请重新登录后再按。', 'Your sign-in has ended; please sign in and try again.'],
  figure_salesFen: ['累计货款', 'Sales'],
  figure_reversedFen: ['累计退回的货款', 'Reversed'],
  figure_saleCount: ['成交笔数', 'Number of sales'],
  figure_postedFen: ['累计转入', 'Total into the fund'],
  figure_pendingFen: ['售后期内', 'In after-sales'],
  figure_availableFen: ['可用', 'Available'],
  figure_reservedFen: ['已预留', 'Reserved'],
  figure_clawbackFen: ['需扣回', 'To be recovered'],
  figure_dueFen: ['应付慈善组织', 'Due to the charity'],
  figure_cashFen: ['在慈善组织账上', 'At the charity'],
  figure_paidFen: ['已支出', 'Spent'],
  figure_hash: ['账本指纹', 'Fingerprint'],
} as const satisfies Record<`problem_${VerificationProblem['code']}`, readonly [string, string]> &
  Record<string, readonly [unknown, unknown]>
