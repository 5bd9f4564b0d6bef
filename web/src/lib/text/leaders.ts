/** 楼长: neighbours who order for those of their building who cannot. */
export const leaderWords = {
  title: ['楼长', 'Building leaders'],
  lead: [
    '楼长是住在这栋楼里的邻居，可以替本楼不用手机的住户下单、发代付链接，也可以核实谁住在本楼。看不到别人的订单和电话，也不收钱。',
    'A leader lives in the building, orders for its households without a phone, sends them pay-for-me links, and confirms who lives in the building. They see nobody else’s orders or numbers and take no money.',
  ],
  list: ['现在的楼长', 'Leaders now'],
  none: ['还没有楼长。', 'None yet.'],
  since: [(when: string) => `${when} 起`, (when: string) => `since ${when}`],
  end: ['结束任命', 'End'],
  endAsk: [
    (name: string, building: string) => `${name} 不再当${building}的楼长？`,
    (name: string, building: string) => `${name} leads ${building} no more?`,
  ],
  endDetail: [
    '马上生效：不能再替邻居下单，以前代下的单也看不到了。那些订单照常有效。',
    'At once: they order for nobody any more and no longer see what they ordered. Those orders stay as they are.',
  ],
  ended: [
    (name: string, building: string) => `${name} 不再是${building}的楼长。`,
    (name: string, building: string) => `${name} leads ${building} no more.`,
  ],
  appoint: ['任命楼长', 'Appoint a leader'],
  which: ['哪栋楼', 'Which building'],
  building: ['楼号', 'Building'],
  pick: ['请选择', 'Please choose'],
  goOn: ['看这栋楼的住户', 'Show its residents'],
  who: [(building: string) => `${building}里核实过的住户`, (building: string) => `Confirmed residents of ${building}`],
  nobody: [
    (building: string) => `${building}还没有可以任命的住户：要先登记，再由您核实。`,
    (building: string) => `Nobody in ${building} can be appointed yet: they register first, and you confirm them.`,
  ],
  toHouseholds: ['去核实住户', 'Confirm households'],
  full: [
    (building: string, most: number) => `${building}已经有 ${most} 位楼长，要再任命请先结束一位。`,
    (building: string, most: number) => `${building} has ${most} leaders. End one before you appoint another.`,
  ],
  registered: [(when: string) => `${when} 登记`, (when: string) => `registered ${when}`],
  knownAs: ['邻居怎么称呼', 'Known as'],
  knownAsHint: [
    '邻居认得的称呼，例如 李楼长。他们代下的单上会写着它。',
    'As neighbours know them, for example 李楼长. It stands on what they order for others.',
  ],
  chooseWho: ['请选一位住户', 'Please choose a resident'],
  save: ['任命', 'Appoint'],
  done: [
    (name: string, building: string) => `${name} 现在是${building}的楼长，可以在“帮邻居下单”里替邻居下单了。`,
    (name: string, building: string) => `${name} leads ${building} now and can order for neighbours.`,
  ],
  confirmTitle: ['核实邻居', 'Confirm neighbours'],
  confirmLead: [
    '邻居登记了住在您这栋楼。当面看：人认得、确实住这一户，再看他手机上的登记码，填进来核实。只听说没见到人，不要核实。',
    'These neighbours say that they live in your building. Meet them: if you know that they live there, type the code on their phone. Confirm nobody whom you have not seen.',
  ],
  claimCode: ['邻居的登记码', 'The neighbour’s code'],
  claimCodeHint: ['四个数字，在他手机“登记住户”页上', 'four digits, on the page “my household” of their phone'],
  confirmOthers: [
    '您自己家的人、已有人核实过的户再添人、退回过的登记，都由社区工作人员核实，不列在这里。',
    'Your own household, people who join one that somebody is confirmed in, and claims that were turned down are for the community worker and not listed here.',
  ],
  backToNeighbours: ['回到帮邻居下单', 'Back to ordering for neighbours'],
} as const
