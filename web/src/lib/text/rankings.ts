/** The red-black list of property companies. */
export const rankingWords = {
  ranking: ['物业红黑榜', 'Property red-black list'],
  listsTitle: [(name: string) => `${name} · 物业红黑榜`, (name: string) => `Property red-black list · ${name}`],
  listsLead: [
    '每个季度一份，按公开的算法，从居民诉求的办理结果算出来。只作参考，不直接淘汰任何企业。',
    'One for each quarter, computed by a published formula from what became of residents’ matters. It recommends; it dismisses nobody.',
  ],
  comma: ['、', ', '],
  notYet: [(quarters: string) => `还没有公布：${quarters}。`, (quarters: string) => `Not published yet: ${quarters}.`],
  noLists: ['还没有公布过榜单。', 'No list has been published yet.'],
  listTitle: [
    (name: string, quarter: string) => `${name} · ${quarter}物业红黑榜`,
    (name: string, quarter: string) => `Property red-black list · ${name}, ${quarter}`,
  ],
  quarterText: [
    (year: string, number: string) => `${year} 年第${'一二三四'[Number(number) - 1] ?? number}季度`,
    (year: string, number: string) => `Q${number} ${year}`,
  ],
  state_preview: ['预公布', 'Preview'],
  state_published: ['公示中', 'On public notice'],
  state_final: ['已生效', 'Final'],
  mark_red: ['红榜', 'Red: commended'],
  mark_black: ['黑榜', 'Black: must improve'],
  mark_plain: ['不红不黑', 'Neither'],
  mark_unranked: ['样本不足，不排名', 'Not ranked: too few matters'],
  previewLine: [
    (when: string) => `${when} 前只有榜上企业和社区看得到，企业可以申诉。`,
    (when: string) => `Until ${when} only the companies on it and the community see it, and companies may appeal.`,
  ],
  mark_withheld: ['申诉未决，暂不评', 'Appeal undecided: no mark yet'],
  withheldLine: [
    '企业对这一行提出了申诉，到期没有结论。有结论以前不红也不黑，不写名次和得分。',
    'The company appealed against this row and nobody decided in time. Until somebody does it is neither red nor black, and has no place and no score.',
  ],
  previewWaits: [
    '预公布期已满。有申诉还在办理期限内，最迟到期公示；到期没有结论的那一行暂不评。',
    'The preview is over. An appeal may still be decided in time; when its time is over the list is published, and a row without a decision gets no mark.',
  ],
  previewOver: [
    '预公布期已满，就要公示。如果有申诉还在办理期限内，等到有结论或期限满了再公示。',
    'The preview is over and the list is about to be published. If an appeal may still be decided in time, it is published after that.',
  ],
  previewSoon: ['预公布期已满，马上公示。', 'The preview is over; it is about to be published.'],
  noticeLine: [(when: string) => `公示到 ${when}。`, (when: string) => `On public notice until ${when}.`],
  finalLine: [(when: string) => `${when} 公示期满生效。`, (when: string) => `Final since ${when}.`],
  frozenLine: [(when: string) => `${when} 定榜，以后的办理不再计入。`, (when: string) => `Frozen at ${when}.`],
  openAppeals: [(count: number) => `${count} 件申诉待定`, (count: number) => `${count} appeals to decide`],
  ownOnly: [
    '预公布期间您只看得到本单位的各行；名次是和全榜比出来的。',
    'In preview you see your own rows only; the place is among all of the list.',
  ],

  places: ['榜单', 'The list'],
  place: [(place: number) => `第 ${place} 名`, (place: number) => `Place ${place}`],
  scored: [(score: string) => `${score} 分`, (score: string) => `${score} points`],
  corrected: ['已更正', 'Corrected'],
  figuresOf: ['这个分是怎么来的', 'Where this score comes from'],
  factInTime: [
    (assigned: number, left: number, overdue: number) =>
      `交办 ${assigned} 件${left > 0 ? `（转出 ${left} 件不计）` : ''}，逾期 ${overdue} 次`,
    (assigned: number, left: number, overdue: number) =>
      `${assigned} assigned${left > 0 ? ` (${left} left it and are not counted)` : ''}, ${overdue} terms missed`,
  ],
  factSolved: [
    (closed: number, solved: number) => `办结 ${closed} 件，解决 ${solved} 件`,
    (closed: number, solved: number) => `${closed} ended, ${solved} of them solved`,
  ],
  factContent: [
    (ratings: number, content: number) => `${ratings} 个评价，${content} 个打 4 分或 5 分`,
    (ratings: number, content: number) => `${ratings} ratings, ${content} of them 4 or 5`,
  ],
  factHotline: [
    (hotline: number, households: number) => `${households} 户，12345 工单 ${hotline} 件`,
    (hotline: number, households: number) => `${households} households, ${hotline} tickets of the hotline 12345`,
  ],
  fig_inTime: ['按时', 'In time'],
  fig_solved: ['解决', 'Solved'],
  fig_content: ['满意', 'Content'],
  fig_hotline: ['热线', 'Hotline'],
  counted: [
    (percent: string, weight: number) => `按 ${percent} 计，占 ${weight}%`,
    (percent: string, weight: number) => `counts ${percent}, weight ${weight}%`,
  ],
  upperLine: [
    (score: string) => `往最好处估计是 ${score} 分（各项取上限）。`,
    (score: string) => `At the very best it would be ${score} points (all upper bounds).`,
  ],
  missing_assigned: [
    (have: number, need: number) => `交办计入 ${have} 件，至少要 ${need} 件`,
    (have: number, need: number) => `${have} assigned and counted, ${need} are needed`,
  ],
  missing_closed: [
    (have: number, need: number) => `办结 ${have} 件，至少要 ${need} 件`,
    (have: number, need: number) => `${have} ended, ${need} are needed`,
  ],
  missing_ratings: [
    (have: number, need: number) => `评价 ${have} 个，至少要 ${need} 个`,
    (have: number, need: number) => `${have} ratings, ${need} are needed`,
  ],
  missing_households: [
    (have: number, need: number) => `核实住户 ${have} 户，至少要 ${need} 户`,
    (have: number, need: number) => `${have} verified households, ${need} are needed`,
  ],

  how: ['怎么算的', 'How it is computed'],
  howRates: [
    '看三个比例：按时 =（计入件数 − 逾期次数）÷ 计入件数，计入件数 = 交办件数 − 转出件数；解决 = 解决件数 ÷ 办结件数；满意 = 打 4 分、5 分的评价 ÷ 全部评价。',
    'Three rates: in time = (counted − terms missed) ÷ counted, where counted = assigned − left; solved = solved ÷ ended; content = ratings of 4 and 5 ÷ all ratings.',
  ],
  howLeft: [
    '转出：还没答复、也没逾期，就改给了别的单位、被撤回或转成提案的。这些不计，不加分也不减分，也不算进排名要的最少件数；逾期以后才转出的，照样计入，照样算逾期。',
    'Left: given to another body, withdrawn or gone on as a proposal before it was answered and before it was late. It counts neither for nor against, nor among those that are needed to be ranked; what was late before it left is counted, and late.',
  ],
  howRatesFirst: [
    '看三个比例：按时 =（交办件数 − 逾期次数）÷ 交办件数；解决 = 解决件数 ÷ 办结件数；满意 = 打 4 分、5 分的评价 ÷ 全部评价。',
    'Three rates: in time = (assigned − terms missed) ÷ assigned; solved = solved ÷ ended; content = ratings of 4 and 5 ÷ all ratings.',
  ],
  howLower: [
    (z: string) =>
      `每个比例取威尔逊区间的下限（z = ${z}，向下取到万分之一）：件数越少，打的折扣越大，办好一件不会排到办好一百件前面。`,
    (z: string) =>
      `Of each the lower bound of Wilson’s interval is taken (z = ${z}, rounded down to a hundredth of a percent): the fewer there are, the more is taken off, so that one matter done well is not before a hundred.`,
  ],
  howHotline: [
    (step: number) => `热线从 100% 算起，小区每百户每有一件 12345 工单减 ${step}%。`,
    (step: number) => `Hotline begins at 100%; each ticket for a hundred households of the compound takes ${step}%.`,
  ],
  howWeights: [
    (inTime: number, solved: number, content: number, hotline: number) =>
      `得分 = 按时 × ${inTime}% + 解决 × ${solved}% + 满意 × ${content}% + 热线 × ${hotline}%，满分 100。`,
    (inTime: number, solved: number, content: number, hotline: number) =>
      `Score = in time × ${inTime}% + solved × ${solved}% + content × ${content}% + hotline × ${hotline}%, of 100.`,
  ],
  howFloors: [
    (assigned: number, closed: number, ratings: number, households: number) =>
      `交办不到 ${assigned} 件、办结不到 ${closed} 件、评价不到 ${ratings} 个或核实住户不到 ${households} 户的，样本不足，不排名。`,
    (assigned: number, closed: number, ratings: number, households: number) =>
      `With fewer than ${assigned} assigned, ${closed} ended, ${ratings} ratings or ${households} verified households nobody is ranked.`,
  ],
  howRed: [
    (from: string, oneIn: number) =>
      `红榜：${from} 分以上，并且在前${'一二三四五六七八九十'[oneIn - 1] ?? oneIn}分之一。同分同名次。`,
    (from: string, oneIn: number) =>
      `Red: ${from} points or more, and in the best 1 of ${oneIn}. Equal scores share a place.`,
  ],
  howBlack: [
    (below: string, upper: string) =>
      `黑榜：低于 ${below} 分，并且往最好处估计（各项取上限）也不到 ${upper} 分。只因为件数少而分低的，不上黑榜。`,
    (below: string, upper: string) =>
      `Black: below ${below} points, and below ${upper} even by all upper bounds. Nobody is black only because little is known.`,
  ],
  howFile: [
    '下面的文件里有每一个数，按这个算法谁都能重算一遍，算出来应当一样。文件前一部分是定榜时的原样，那时还没有申诉，和现在的榜可能不同；后一部分是每次更正和各行现在的样子。',
    'The file below has every figure; by this formula anybody can compute the list again, to the same result. Its first part is what was frozen, before any appeal, and may differ from the list as it is now; after that come every correction and the rows as they are now.',
  ],
  hash: ['定榜时的指纹（SHA-256）', 'Fingerprint of the frozen list (SHA-256)'],
  hashHow: [
    '文件里“hash”那一行以前的全部内容算出来就是它。定榜以后改动一个字都会对不上。',
    'It is of everything in the file before the line “hash”. One changed character, and it differs.',
  ],
  download: ['下载全部数据', 'Download all figures'],

  motions: ['建议业主大会讨论', 'A motion to the owners'],
  motionWho: [
    (body: string, compound: string, first: string, second: string) =>
      `${compound} · ${body}：${first}、${second}连续两次黑榜。`,
    (body: string, compound: string, first: string, second: string) =>
      `${body} in ${compound}: black in ${first} and in ${second}.`,
  ],
  motionLaw: [
    '建议业主讨论是否继续聘用。选聘和解聘物业服务企业由业主共同决定（《民法典》第二百七十八条第一款第四项），退出和交接按《聊城市物业管理条例》办理。榜单不解聘任何企业。',
    'The owners may want to talk about keeping it. Hiring and dismissing a property company is decided by the owners together (Civil Code, art. 278 (1) 4); leaving and handing over follow the Liaocheng Regulation on Property Management. The list dismisses nobody.',
  ],
  motionLapsed: [
    (when: string) => `${when} 更正以后不再连续两次黑榜，这条建议作废。`,
    (when: string) => `It lapsed at ${when}: after a correction it is not black twice any more.`,
  ],

  appeals: ['申诉', 'Appeals'],
  noAppeals: ['没有申诉。', 'There were no appeals.'],
  about: [
    (body: string, compound: string) => `${compound} · ${body}`,
    (body: string, compound: string) => `${body} · ${compound}`,
  ],
  appealSaid: ['企业说', 'The company says'],
  decidedUpheld: ['申诉成立', 'Upheld'],
  decidedRefused: ['申诉不成立', 'Refused'],
  undecided: [(when: string) => `待定，${when} 前要有结论`, (when: string) => `To be decided by ${when}`],
  undecidedLate: [(when: string) => `待定，已过 ${when}`, (when: string) => `Not decided; it was due ${when}`],
  corrections: ['公布后的更正', 'Corrections after publication'],
  noCorrections: ['没有更正。', 'There were no corrections.'],
  changedTo: [
    (what: string, count: number) => `${what}改为 ${count}`,
    (what: string, count: number) => `${what}: now ${count}`,
  ],

  count_assigned: ['交办件数', 'Assigned'],
  count_left: ['转出件数（不计）', 'Left it (not counted)'],
  count_overdue: ['逾期次数', 'Terms missed'],
  count_solved: ['解决件数', 'Solved'],
  count_unsolved: ['未解决件数', 'Not solved'],
  count_ratings: ['评价个数', 'Ratings'],
  count_content: ['4 分和 5 分', 'Ratings of 4 and 5'],
  count_hotline: ['12345 工单', 'Hotline tickets'],
  count_households: ['核实住户数', 'Verified households'],

  appealTitle: ['对这一行申诉', 'Appeal against this row'],
  appealWhy: ['哪个数不对，为什么', 'Which figure is wrong, and why'],
  appealHint: [
    '每一行只能申诉一次，写清楚。公布以后申诉和结论大家都看得到，不要写人名和电话。',
    'Once for each row. The appeal and its decision are public after publication: no names or numbers of persons.',
  ],
  appealSend: ['提交申诉', 'Send the appeal'],
  decideTitle: ['给出结论', 'Decide'],
  decideUphold: ['申诉成立，按下面更正', 'Upheld, with these corrections'],
  decideRefuse: ['申诉不成立', 'Refused'],
  decideWhy: ['理由', 'Reason'],
  decideHint: ['公布以后大家都看得到。', 'Everybody reads it after publication.'],
  decidePutRight: [
    '这一行在公布后更正过。申诉说的就是那处的，选“申诉成立”，不用再改数。',
    'This row was corrected after publication. If that is what the appeal was about, uphold it and change nothing more.',
  ],
  countsHint: ['只改不对的数，其余不动。', 'Change only what is wrong.'],
  decideSend: ['提交结论', 'Send the decision'],
  correctTitle: ['更正这一行', 'Correct this row'],
  correctSend: ['提交更正', 'Send the correction'],
  doneAppeal: ['申诉已提交。', 'The appeal was sent.'],
  doneDecide: ['结论已记下。', 'The decision is recorded.'],
  doneCorrect: ['更正已记下。', 'The correction is recorded.'],

  deskTitle: ['红黑榜', 'Red-black lists'],
  deskLead: [
    '季度结束后定榜，先给榜上企业看，再公示。有申诉的，等结论再公示，最多等五个工作日；到期没有结论的那一行暂不评。',
    'A quarter is frozen when it is over, shown to who is on it, then published. An appeal is waited for, for five working days at most; a row without a decision then gets no mark.',
  ],
  deskCommunity: ['社区', 'Community'],
  show: ['查看', 'Show'],
  freezeTitle: ['定一份新的榜单', 'Freeze a list'],
  freezeQuarter: ['哪个季度', 'Quarter'],
  freezeHint: [
    '先请社区录入本季度三个月的 12345 工单或件数。办理结果、12345 件数和核实住户数都按此刻的算，定了就不能重来；以后只能更正，每次都留下理由。',
    'First have the hotline’s tickets, or their number, of the quarter’s three months brought in. Results, tickets and verified households are those of this moment, once and for all; later there are only corrections, each with its reason.',
  ],
  freezeWithout: [
    '没有录入的月份确实没有 12345 工单。这句话会写在榜上。',
    'In the months that are missing there was no ticket of the hotline 12345. The list will say so.',
  ],
  withoutHotlineLine: [
    '定榜时，榜上的小区有的月份没有录入 12345 件数，定榜的管理员说明当月没有工单。',
    'When it was frozen no tickets of the hotline 12345 were on record for some month in a compound on the list; the administrator who froze it said that there were none.',
  ],
  freezeSend: ['定榜', 'Freeze'],
  doneFreeze: ['榜单已定，现在是预公布期。', 'The list is frozen and in preview now.'],
  allFrozen: ['最近四个季度都定过榜了。', 'The lists of the last four quarters are all frozen.'],
  deskNone: ['还没有榜单。', 'There are no lists yet.'],
  bodyLists: [(name: string) => `${name} 在榜上`, (name: string) => `Lists with ${name}`],
  publicPage: ['公开页面', 'Public page'],
  nextPage: ['更早的', 'Older ones'],
  back: [(name: string) => `${name}的全部榜单`, (name: string) => `All lists of ${name}`],
} as const
