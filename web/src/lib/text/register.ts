/** The district's register: who works where, and until when. */
export const registerWords = {
  register: ['名册：单位、人员、网格', 'Register: bodies, people, grids'],
  lead: [
    '传一张表，一次登记多行。同一行再传一次不会重复；有问题的行单独列出来，别的行照常登记。',
    'One file registers many rows. The same row again changes nothing; a row that is wrong is listed, and the others come in.',
  ],
  howToEnd: [
    '要让一个人卸任，把他那一行的“止”填成昨天或以前（马上生效就写上时间，例如 2026-11-28 09:00）；代理人单独写一行，写清起止。',
    'To end a role, send its row with an end that is past (a day ends at midnight: for at once, write the time); who stands in for somebody is a row of their own, with a beginning and an end.',
  ],
  templates: ['空表', 'Blank tables'],
  sheet_bodies: ['责任单位', 'Bodies'],
  sheet_people: ['人员和任期', 'People and their terms'],
  sheet_grids: ['网格', 'Grids'],
  sheet_posts: ['网格员', 'Workers of grids'],
  about_bodies: [
    '类别：党支部、业委会、物业企业、部门、村工程队、其他。社区编号不填就是全区的。',
    'Kinds: 党支部, 业委会, 物业企业, 部门, 村工程队, 其他. Without a community it serves the whole district.',
  ],
  about_people: [
    '角色：社区工作者、管委会委员、监督员、慈善组织、合作社、责任单位、楼长、管理员。范围写社区、合作社、单位或小区（楼长）的编号，慈善组织和管理员写区的编号；“止”写到哪天就到那天结束。',
    'Roles: 社区工作者, 管委会委员, 监督员, 慈善组织, 合作社, 责任单位, 楼长, 管理员. The scope is the id of the community, co-op, body or (楼长) compound; of the charity and administrators the district’s. A term includes its last day.',
  ],
  about_grids: [
    '小区编号写全：没写的小区就不在这个网格里了，用顿号或空格分开。',
    'All compounds of the grid: one that is left out is in it no more. Separate them by 、 or spaces.',
  ],
  about_posts: ['先登记社区工作者，再登记他是哪个网格的。', 'Only who works in the community can be posted.'],
  fileHint: [
    '最多 1000 行、1 MB。是哪张表，看表头。',
    'Up to 1,000 rows and 1 MB. Its head row says which table it is.',
  ],
  send: ['登记', 'Register'],
  noRows: ['文件里没有要登记的行。', 'There is no row in the file.'],
  unknownSheet: [
    '看表头认不出是哪张表，请用下面的空表。',
    'The head row is none of these tables: please use a blank one.',
  ],
  done: [
    (made: number, changed: number, same: number) => `新登记 ${made} 行，更改 ${changed} 行，原来就有 ${same} 行。`,
    (made: number, changed: number, same: number) => `${made} new, ${changed} changed, ${same} as they were.`,
  ],
  faults: [(count: number) => `有 ${count} 处没有登记`, (count: number) => `${count} were not registered`],
  forAdmins: ['这里由管理员登记。', 'For administrators.'],
  // What the API says of a row.
  code_INVALID: ['太长、太短，或者写法不对', 'Too long, too short, or not written right'],
  code_UNKNOWN_PARENT: ['没有这个编号', 'There is no such id'],
  code_PARENT_CHANGED: ['有人刚刚改过，请再传一次', 'It was just changed: please send it again'],
  code_ALREADY_MEMBER_ELSEWHERE: ['已经是别家的住户', 'Lives elsewhere already'],
  code_OWN_ROLE: ['不能让自己卸任', 'Nobody ends their own role'],
  code_UNKNOWN_MEMBERSHIP: ['没有登记过这个角色', 'This role was never given'],
  code_NOT_A_WORKER: ['还不是这个社区的工作者', 'Does not work in this community yet'],
  code_NOT_VERIFIED_THERE: ['楼长要是这栋楼里核实过的住户', 'A leader is a verified resident of the building'],
  code_UNKNOWN_BUILDING: ['没有这栋楼', 'There is no such building'],
  code_TOO_MANY_LEADERS: ['这栋楼的楼长满了', 'The building has as many leaders as it may'],
  code_COMPOUND_IN_ANOTHER_GRID: ['这个小区在别的网格里', 'The compound is in another grid'],
  code_TOO_MANY_GRIDS: ['这个社区的网格满了', 'The community has as many grids as it may'],
  code_TOO_MANY_POSTS: ['这个网格的网格员满了', 'The grid has as many workers as it may'],
  code_UNKNOWN_GRID: ['没有这个网格', 'There is no such grid'],
  code_UNKNOWN_POST: ['不是这个网格的网格员', 'Is not posted to this grid'],
  code_other: ['没有登记上，请检查这一行', 'Not registered: please check this row'],
} as const
