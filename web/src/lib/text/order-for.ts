/** A worker or a building leader orders for a household: whoever has no phone, or does not get on with one. */
export const orderForWords = {
  title: ['代下单', 'Order for a household'],
  lead: [
    '替不用手机的住户下单。先填房号，再选菜；限购和自己下单一样。钱由住户或家人付：下单后做代付链接发给他们。',
    'For residents without a phone. First the room, then the goods; limits are as for their own orders. They or their family pay: you make a pay-for-me link after ordering.',
  ],
  which: ['哪一户', 'Which household'],
  pick: ['请选择', 'Please choose'],
  goOn: ['选菜', 'Choose goods'],
  another: ['换一户', 'Another household'],
  forWhom: [(room: string) => `替 ${room} 下单`, (room: string) => `For ${room}`],
  placerName: ['您的称呼', 'Your name'],
  placerHint: [
    '住户和工作人员会看到“由谁代下”，例如 王姐、李楼长。',
    'The household and the workers see who placed it, for example 王姐.',
  ],
  nothingOpen: ['这个小区现在没有可以下单的团购。', 'Nothing is open for this compound right now.'],
  chooseSome: ['请至少选一样', 'Please choose something'],
  place: ['下单', 'Place the order'],
  placeSum: [(sum: string) => `下单 ${sum}`, (sum: string) => `Place the order: ${sum}`],
  hold: [
    '下单后菜给留 15 分钟，做代付链接时可以多留。',
    'The goods are held for 15 minutes; with a pay-for-me link they can be held longer.',
  ],
  recent: ['代下的订单', 'Orders placed for households'],
  none: ['还没有代下过单。', 'None yet.'],
  mine: ['我下的', 'mine'],
  by: [(name: string) => `${name} 代下`, (name: string) => `placed by ${name}`],
  placedFor: [(room: string) => `您替 ${room} 下的单`, (room: string) => `You placed this for ${room}`],
  placedForBody: [
    '住户登记并核实后，会在“我的订单”里看到它，也能自己取消。钱请让住户或家人付。',
    'Once the household is registered and confirmed, they see it among their orders and can cancel it. Let them or their family pay.',
  ],
  placedByYours: [
    (name: string, of: string) => `${of}的 ${name} 替您家下的单`,
    (name: string, of: string) => `Placed for your household by ${name} (${of})`,
  ],
  placedByYoursBody: [
    '和您自己下的一样：可以付款、取消，截止前可以改。',
    'As if you had placed it: you can pay, cancel, and change it until the closing.',
  ],
  placedBy: [
    (name: string, of: string) => `由 ${name}（${of}）代下`,
    (name: string, of: string) => `placed by ${name} (${of})`,
  ],
  back: ['回到代下单', 'Back to ordering for households'],
  leaderTitle: ['帮邻居下单', 'Order for a neighbour'],
  leaderLead: [
    (building: string) =>
      `替${building}不用手机的邻居下单：先填房号，再选菜，限购和自己下单一样。钱由邻居或家人付：下单后做代付链接发给他们，或到社区服务点付现金。`,
    (building: string) =>
      `For neighbours of ${building} without a phone. First the room, then the goods; limits are as for their own orders. They or their family pay: by a pay-for-me link, or in cash at the desk.`,
  ],
  leaderOf: [(building: string) => `${building}楼长`, (building: string) => `building leader of ${building}`],
  recordedAs: [
    (name: string, of: string) => `邻居和工作人员会看到：由 ${name}（${of}）代下。`,
    (name: string, of: string) => `The household and the workers see: placed by ${name} (${of}).`,
  ],
  recentMine: ['我替邻居下的订单', 'Orders I placed for neighbours'],
  leaderHome: ['回到买菜', 'Back to the shop'],
  leaderBack: ['回到帮邻居下单', 'Back to ordering for neighbours'],
  notLeading: [
    '您现在不是楼长，不能替邻居下单。以前替邻居下的单，请他们自己或社区工作人员处理。',
    'You lead no building now and cannot order for neighbours. What you ordered before, they or the workers see to.',
  ],
} as const

/** The large-print slip to take along. */
export const slipWords = {
  slip: ['打印取菜单（大字）', 'Print the slip (large)'],
  title: ['取菜单', 'Pick-up slip'],
  sizeA4: ['A4 纸', 'A4'],
  sizeA5: ['A5 纸', 'A5'],
  views: ['纸张', 'Paper'],
  notPaid: ['付款后才有取货码，付好再打印。', 'There is a code once it is paid; print it then.'],
  notNow: ['这一单没有可以取的菜。', 'Nothing of this order is to be picked up.'],
  code: ['取货码', 'Code'],
  qrAlt: ['取货二维码', 'Pick-up QR code'],
  goods: ['取什么', 'What'],
  where: ['在哪取', 'Where'],
  when: ['什么时候取', 'When'],
  sum: [(amount: string) => `已付 ${amount}`, (amount: string) => `Paid ${amount}`],
  sumBack: [(amount: string) => `（退了 ${amount}）`, (amount: string) => ` (${amount} refunded)`],
  nobody: ['没空来取？', 'Cannot come?'],
  nobodyBody: [
    '家人、邻居、志愿者都能拿这张单子代取，报取货码就行。',
    'Family, a neighbour or a volunteer can take this slip and say the code.',
  ],
  nobodyCall: [
    (contact: string) => `过了时间还没取，请找：${contact}`,
    (contact: string) => `If it is past the time, ask: ${contact}`,
  ],
  portions: [(count: number) => `${count} 份`, (count: number) => `× ${count}`],
  backToOrder: ['回到订单', 'Back to the order'],
} as const
