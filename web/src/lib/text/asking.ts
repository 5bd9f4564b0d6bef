/** How the households of a compound are asked about its fund's money: by the kind of compound. */
export const askingWords = {
  type_commercial: ['商品房小区', 'commercial housing'],
  type_family: ['单位家属院', 'a work unit’s family court'],
  type_resettled: ['回迁（安置）小区', 'resettled neighbours'],
  type_old: ['老旧小区', 'an old compound'],
  askingHere: [
    (type: string, notice: number, vote: number) => `本小区（${type}）：公示 ${notice} 天，投票 ${vote} 天`,
    (type: string, notice: number, vote: number) => `Here (${type}): ${notice} days of notice, ${vote} days to vote`,
  ],
  askingBefore: [
    (notice: number, vote: number) => `公示 ${notice} 天，投票 ${vote} 天`,
    (notice: number, vote: number) => `${notice} days of notice, ${vote} days to vote`,
  ],
  askingHouseholds: [
    (from: string, share: string) =>
      `管委会每件都表决。${from} 起住户也表决，一户一票：已核实住户${share}参加，同意的超过参加户数一半，才算通过。`,
    (from: string, share: string) =>
      `The committee votes on each. From ${from} on the households do too: ${share} confirmed households take part, and more than half of those say yes.`,
  ],
  askingWhy_commercial: ['按全区通常的天数。', 'As is usual in the district.'],
  askingWhy_family: [
    '出租的多、老人多，房主不一定住在这里，所以多公示、多投几天。',
    'Many flats are let and many residents old: more days to hear of it and to vote.',
  ],
  askingWhy_resettled: [
    '邻里熟，参加的户数要更多，不由少数几家说了算。',
    'Neighbours know each other: more of them take part, so that a few families do not decide.',
  ],
  askingWhy_old: [
    '空房、租户和老人多，楼长要上门说，所以多公示、多投几天。',
    'Many flats are empty or let and many residents old: building leaders go from door to door, and there are more days.',
  ],
  askingSame: [
    '哪一类小区都一样：涉及共有部分的由业主按民法典第 278 条表决，提案、询价、验收、批准、付款由不同的人办，付款凭票据，结果公示 30 天。',
    'Alike everywhere: owners decide about common parts (Civil Code art. 278); who proposes, prices, accepts, approves and pays are different people; each payment has its receipts, and results are shown thirty days.',
  ],
  /** Of ten: 3,000 bps is 三成以上. */
  tenths: [
    (count: number) => `${'零一二三四五六七八九十'[count] ?? count}成以上`,
    (count: number) => `at least ${count} in 10`,
  ],
  ofHundred: [(percent: string) => `${percent}% 以上`, (percent: string) => `at least ${percent}% of`],
} as const
