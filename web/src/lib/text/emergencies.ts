/** Emergencies 应急支出: signed by two, begun at once, ratified by the committee beside the work. */
export const emergencyWords = {
  emergency: ['应急', 'Emergency'],
  emergencyOne: ['报一件应急', 'Report an emergency'],
  emergencyTitle: ['应急支出', 'An emergency'],
  emergencyLead: [
    (below: string) =>
      `只用来马上止住危险，${below} 以下，一个小区一季度最多两笔。交上去就公开。两位委员签字后预留资金、可以开工；管委会事后追认，追认以前不付款，没有追认就一分不付。`,
    (below: string) =>
      `Only to stop a danger, below ${below}, two a quarter in a compound. It is public at once. When two of the committee have signed, money is set aside and the work begins; the committee ratifies it afterwards, and nothing is paid before it has.`,
  ],
  emergencyNot: [
    '改动共有部分、要业主表决的，不能走应急：先止住危险，其余走平常的提案。',
    'What changes common parts needs the owners: stop the danger this way, and propose the rest as usual.',
  ],
  dangerShown: ['危险', 'Danger'],
  danger: ['有什么危险', 'What is the danger'],
  dangerHint: ['不马上办会出什么事', 'What happens if nobody acts at once'],
  doer: ['请谁来修', 'Who does the work'],
  daysToDo: ['几天修好', 'Days it takes'],
  sendEmergency: ['交上去，请两位委员签字', 'Send it for two signatures'],
  usualWay: ['不急的事走平常的提案', 'If it can wait, propose it as usual'],
  signatures: [(count: number) => `已有 ${count} 位委员签字，要 2 位`, (count: number) => `${count} of 2 have signed`],
  signedWaits: ['两位委员已经签字，马上预留资金。', 'Two have signed; money is being set aside.'],
  mayBegin: ['资金已预留，可以开工。', 'Money is set aside; the work may begin.'],
  begun: ['正在抢修。', 'The work is under way.'],
  repaired: ['已经修好，等管委会追认。', 'The work is done; the committee is to ratify it.'],
  notPaidYet: ['管委会还没有追认，追认以前不付款。', 'Not ratified yet: nothing is paid before.'],
  ratified: ['管委会已追认。', 'Ratified by the committee.'],
  unratified: [
    '管委会没有追认：没有付款，预留的钱退回小区基金。',
    'Not ratified: nothing was paid, and the money goes back.',
  ],
  ratifiersMin: [
    (count: number) => `追认：能投票的委员不到 ${count} 位，不算通过`,
    (count: number) => `To ratify: with fewer than ${count} who may vote it does not pass`,
  ],
  upheldHere: ['有道理，请管委会表决时考虑', 'It is right: the committee weighs it'],
  upheldShown: ['有道理，由管委会表决时考虑', 'right; the committee weighs it'],
} as const
