/** Photos of a project's receipts and of what was done: who sees them, and who says that everybody may. */
export const projectPhotoWords = {
  handIn: [
    (max: number) => `票据和完工的照片（可不传，最多 ${max} 张）`,
    (max: number) => `Photos of the receipts and the work (optional, up to ${max})`,
  ],
  handInHint: [
    '每张最多 4 MB。先只有办事和监督的人看得到；没有参与施工的社工或监督员逐张看过，才向大家公开。',
    'Up to 4 MB each. Only those who oversee it see them at first; a worker or the supervisor who did not do the work looks at each before it is public.',
  ],
  handInAidHint: [
    '每张最多 4 MB。困难帮扶的照片只有办事和监督的人看得到，一律不公开。',
    'Up to 4 MB each. Of aid to a household they are for those who oversee it alone, and never public.',
  ],
  shown: ['票据和完工照片', 'Photos of the receipts and the work'],
  photo: [(n: number) => `票据或完工照片 ${n}`, (n: number) => `Photo ${n} of the receipts or the work`],
  photoOf: [
    (title: string, n: number) => `“${title}”的票据或完工照片 ${n}`,
    (title: string, n: number) => `Photo ${n} of the receipts or the work of “${title}”`,
  ],
  desk: ['票据照片：看过再公开', 'Photos: look, then show'],
  deskAid: ['票据照片（不公开）', 'Photos (not public)'],
  deskLead: [
    '姓名、证件号、电话、银行账号、人脸，一样都不能露。露了就先盖住，再换上盖住后的照片。',
    'No name, number, account or face. Cover what shows, and put up the covered copy.',
  ],
  deskAidLead: [
    '困难帮扶的照片只有办事和监督的人看得到，不要外传。',
    'Of aid to a household: for those who oversee it alone. Keep them to yourself.',
  ],
  deskOthers: [
    '要请没有参与施工的社工或监督员看过以后公开。',
    'A worker or the supervisor who did not do the work looks at them first.',
  ],
  deskWaits: [
    (count: number) => `有 ${count} 张票据照片等您看过再公开`,
    (count: number) => `${count} photos wait for you to look at`,
  ],
  ofMilestone: [(n: number) => `第 ${n} 期`, (n: number) => `Milestone ${n}`],
  nth: [(n: number) => `照片 ${n}`, (n: number) => `Photo ${n}`],
  coveredOf: [(n: number) => `照片 ${n}：大家看到的`, (n: number) => `Photo ${n} as everybody sees it`],
  state_waiting: ['还没有公开', 'not public'],
  state_public: ['大家都看得到', 'public'],
  state_covered: ['大家看到的是盖住后的这一张', 'public as the covered copy'],
  state_withheld: ['已撤下，大家看不到', 'taken off the page'],
  coveredField: ['盖住后的照片（不用盖就不传）', 'Covered copy (if anything has to be covered)'],
  coveredAgain: ['盖住后的照片', 'Covered copy'],
  coveredHint: [
    '用手机相册的“编辑、涂鸦”盖住，再从这里传。原来那张仍然只有办事和监督的人看得到。',
    'Draw over it with your phone’s photo editor and send it here. The original stays with those who oversee it.',
  ],
  coveredMissing: ['请选一张盖住后的照片', 'Choose the covered copy'],
  looked: [
    '我放大看过：姓名、证件号、电话、银行账号、人脸都看不到',
    'I have looked closely: no name, number, account or face is to be seen',
  ],
  lookFirst: ['请先看清楚，再勾选', 'Look first, then tick'],
  show: ['公开这张照片', 'Show this photo'],
  showAsk: ['公开这张照片？', 'Show this photo?'],
  showDetail: ['大家马上能看到。', 'Everybody sees it at once.'],
  replace: ['换成盖住后的照片', 'Put a covered copy in its place'],
  withhold: ['撤下这张照片', 'Take it off the page'],
  withholdAsk: ['撤下这张照片？', 'Take this photo off the page?'],
  withholdDetail: [
    '大家马上看不到；原样的不能再公开，只能换一张盖住后的。',
    'Nobody sees it from now on; only a covered copy can take its place.',
  ],
  reason: ['为什么撤下（会公开）', 'Why (public)'],
  withheldFor_name: ['露出了姓名', 'it showed a name'],
  withheldFor_number: ['露出了证件号、电话或账号', 'it showed a number or an account'],
  withheldFor_face: ['露出了人脸', 'it showed a face'],
  withheldFor_wrong: ['不是这件事的照片', 'it was of something else'],
  withheldFor_other: ['其他原因', 'another reason'],
} as const
