/** Grids 网格: who of the community is there for which compounds. */
export const gridWords = {
  myGrid: ['我的网格', 'My grid'],
  wholeCommunity: ['整个社区', 'Whole community'],
  gridViews: ['看哪些小区', 'Which compounds'],
  ofGrid: [(names: string) => `先看您的网格：${names}`, (names: string) => `Your grid first: ${names}`],
  gridComma: ['、', ', '],
  yourGridWorker: [(name: string) => `您的网格员：${name}`, (name: string) => `Your grid worker: ${name}`],
  gridWorkerHere: [(name: string) => `本小区网格员：${name}`, (name: string) => `Grid worker here: ${name}`],
  unposted: ['有网格现在没有网格员', 'Nobody is posted to some grids now'],
  unpostedGrid: [
    (grid: string, compounds: string) => `${grid}：${compounds}`,
    (grid: string, compounds: string) => `${grid}: ${compounds}`,
  ],
  unpostedNone: ['还没有小区', 'no compounds yet'],
  noneInGrid: ['您的网格里没有等人办的事。', 'Nothing waits in your grid.'],
} as const
