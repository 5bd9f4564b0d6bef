/** 送上门: households that cannot come, and who brings it to them. */
export const doorWords = {
  title: ['送上门', 'To the door'],
  lead: [
    '行动不便的住户，由志愿者送到家门口。分拣单上会标出来，还能按志愿者打印。',
    'For households that cannot come: a volunteer brings the goods. The sorting sheet marks them, and prints by volunteer.',
  ],
  privacy: [
    '只登记房号和志愿者，不写原因。不用送了就删掉。',
    'Only the room and the volunteer, never why. Delete it when it is not needed any more.',
  ],
  add: ['登记一户', 'Register a household'],
  volunteer: ['志愿者的称呼', 'The volunteer’s name'],
  volunteerHint: ['住户认得的称呼，例如 王姐', 'As the household knows them, for example 王姐'],
  consent: ['住户本人同意由这位志愿者送上门', 'The household agrees that this volunteer comes to the door'],
  save: ['登记', 'Register'],
  saved: [
    (label: string, name: string) => `${label}：由 ${name} 送上门`,
    (label: string, name: string) => `${label}: ${name}`,
  ],
  list: ['已登记的', 'Registered'],
  none: ['还没有登记', 'None yet'],
  by: [(name: string) => `${name} 送`, (name: string) => `by ${name}`],
  end: ['不用送了', 'End'],
  endAsk: ['不再送上门？', 'End it?'],
  endDetail: ['会删掉这一条登记。', 'The registration is deleted.'],
  ended: ['已删掉。', 'Deleted.'],
} as const
