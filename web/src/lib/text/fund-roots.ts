export const fundRootWords = {
  title: ['每天的账本指纹', 'Fingerprints of the days'],
  back: ['← 小区慈善基金', '← Compound funds'],
  lead: [
    '每天夜里，把全区各小区慈善基金的账算成一串字符，叫“当天的账本指纹”，公布在这里。公布以后不能改。',
    'Each night, the ledgers of all funds are computed into one string, the day’s fingerprint, which is published here and cannot be changed afterwards.',
  ],
  whatFor: ['有什么用', 'What it is for'],
  why: [
    '以后谁要是改了任何一个小区以前的哪怕一分钱，从那天起的指纹就都变了。您手里留着一个旧指纹，就能看出来。',
    'Should anybody later change a single fen of any fund’s past, every fingerprint from that day on becomes another. With an old one in your hand, you see it.',
  ],
  howTitle: ['怎么留，怎么比', 'How to keep one and compare'],
  how1: [
    '留一个就行：把最上面一行抄下来、拍照、打印，或者发给家里人。指纹很长，留前 16 个字符也够。',
    'Keep one: copy the topmost line, photograph or print it, or send it to somebody. It is long; its first 16 characters will do.',
  ],
  how2: [
    '过些日子再来，在下面填上那天的日期和您留的指纹，看还一样不一样。',
    'Come back some day, enter that day and what you kept, and see whether it is still the same.',
  ],
  how3: [
    '每个指纹都接着前一天的算，所以留住最新的一个，就等于留住了以前的所有天。',
    'Each fingerprint is computed on the one before, so the newest one keeps all the days before it.',
  ],
  compareTitle: ['比一比我留的指纹', 'Compare mine'],
  day: ['日期', 'Day'],
  mine: ['我留的指纹', 'The fingerprint that I kept'],
  mineHint: ['前 16 个字符就够，大小写都行', 'the first 16 characters will do, in either case'],
  compare: ['比一比', 'Compare'],
  same: [
    (day: string) => `一样。${day} 的指纹没有变过。`,
    (day: string) => `The same: that of ${day} has not changed.`,
  ],
  other: [
    (day: string) => `不一样！${day} 现在的指纹和您留的不同。请先看看有没有抄错；没有抄错的话，请告诉社区和慈善组织。`,
    (day: string) =>
      `Not the same! That of ${day} is another now. Please look whether it was copied wrongly; if not, tell the community and the charity.`,
  ],
  tooShort: [
    '请填日期，指纹至少填 16 个字符（只有 0–9 和 a–f）。',
    'Please enter the day and at least 16 characters (only 0–9 and a–f).',
  ],
  none: [(day: string) => `没有公布过 ${day} 的指纹。`, (day: string) => `None was published for ${day}.`],
  unreachable: ['现在查不到，请过一会儿再试。', 'It cannot be looked up now; please try again in a while.'],
  listTitle: ['已公布的指纹', 'Published fingerprints'],
  empty: ['还没有公布过。每天夜里公布前一天的。', 'None yet. Each night that of the day before is published.'],
  fundCount: [(count: number) => `${count} 个小区的基金`, (count: number) => `${count} funds`],
  file: ['清单（供核对）', 'List (for checking)'],
  older: ['更早的', 'Older'],
} as const
