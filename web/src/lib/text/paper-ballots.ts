/** 纸质票: households' votes that came in on paper, entered by two persons. */
export const paperWords = {
  enter: ['录入纸质票', 'Enter paper ballots'],
  lead: [
    '一张票由两个人各看着纸票录一遍，两遍一样才计入；录之前不要互相问。不能录自己家的，两个人也不能是一家人。',
    'Two persons enter each ballot, each from the paper; it counts once both say the same. Do not ask each other. Nobody enters their own household’s, and the two are of two households.',
  ],
  online: [
    '住户自己在网上投的票优先：先投的，纸质票录不进；后投的，会替换纸质票。',
    'A household’s own vote online comes first: paper is not taken after it, and it takes the place of paper.',
  ],
  building: ['楼号', 'Building'],
  unit: ['单元', 'Unit'],
  room: ['房号', 'Room'],
  numbers: ['只写号码，例如 3、2、501', 'Numbers only, such as 3, 2, 501'],
  choice: ['票上选的是（按下就录入）', 'The paper says (one press enters it)'],
  state_waiting: ['已录第一遍，等另一位录第二遍', 'Entered once; waits for another person'],
  state_differs: ['两遍录得不一样，还没有计入', 'The two entries differ; it does not count'],
  state_counted: ['两遍一样，已经计入', 'Both entries are the same; it counts'],
  next_waiting: ['录错了，再录一遍就是更正。', 'If it was wrong, enter it again.'],
  next_differs: [
    '请两位都再看一眼纸票。谁录错了，谁再录一遍；截止前都可以改。',
    'Both look at the paper again; whoever was wrong enters it again, until it closes.',
  ],
  stub: [
    '请把这张凭证抄在票根上，交给住户：投票结束后可以凭它查这一票有没有计入。',
    'Write this receipt on the stub for the household: it shows after closing whether the vote was counted.',
  ],
  waiting: [(count: number) => `还差第二遍的纸质票（${count} 张）`, (count: number) => `Not ballots yet (${count})`],
  waitingLead: ['到截止还没有两遍一样的，不计票。', 'What two have not entered alike by closing does not count.'],
  waitingShort: [
    (count: number) => `${count} 张纸质票还差第二遍`,
    (count: number) => `${count} papers to be entered again`,
  ],
  onlyFirst: [(count: number) => `先列 ${count} 张。`, (count: number) => `The first ${count}.`],
  firstBy: [(who: string) => `${who}录了第一遍`, (who: string) => `first by ${who}`],
  mine: ['您录过', 'you have entered it'],
  differs: ['两遍不一样', 'entries differ'],
  counted: [
    (ballots: number) => `其中 ${ballots} 户是纸质票，由两个人录入`,
    (ballots: number) => `${ballots} of them on paper, entered by two persons`,
  ],
  unpaired: [
    (papers: number) => `另有 ${papers} 张纸质票没有两个人录成一样，不计`,
    (papers: number) => `${papers} papers were not entered alike by two and do not count`,
  ],
  myPaper: [
    '您家的纸质票已经录入计票。如果您家没有交过纸质票，或者想改，在这里投一次就会替换它。',
    'Your household’s vote came in on paper. If none was handed in, or to change it, vote here: that takes its place.',
  ],
  myPaperOver: [
    '这次表决计入了您家的一张纸质票。您家没有交过的话，请告诉监督员。',
    'Your household’s vote came in on paper. If none was handed in, tell the supervisor.',
  ],
} as const
