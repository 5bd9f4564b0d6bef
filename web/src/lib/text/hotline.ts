/** Bringing in tickets of the citizens' hotline 12345. */
export const hotlineWords = {
  hotline: ['导入 12345 工单', 'Bring in 12345 tickets'],
  hotlineLead: [
    '一行一张工单。同一张工单再传一次不会重复；有问题的行单独列出来，别的行照常导入。',
    'One ticket a row. The same ticket again is no second one; a row that is wrong is listed, and the others come in.',
  ],
  toBoard: ['回到诉求台', 'Back to the desk'],
  template: ['下载空表（CSV）', 'Blank table (CSV)'],
  fileHint: ['最多 1000 行、1 MB。', 'Up to 1,000 rows and 1 MB.'],
  send: ['导入', 'Bring in'],
  done: [
    (made: number, same: number) => `新导入 ${made} 张，已有 ${same} 张。`,
    (made: number, same: number) => `${made} brought in, ${same} were there already.`,
  ],
  noRows: ['文件里没有工单。', 'There is no ticket in the file.'],
  faults: [(count: number) => `有 ${count} 处没有导入`, (count: number) => `${count} were not brought in`],
  changed: ['这张工单以前导入过，内容和这次不一样', 'This ticket came in before, in other words'],
} as const
