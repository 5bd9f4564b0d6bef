export const timelineWords = {
  title: ['这一单的经过', 'What happened'],
  next: ['接下来', 'What comes next'],
  placed: ['下单，货给您留着', 'Ordered; the goods were held for you'],
  paid: [(amount: string) => `付款 ${amount}`, (amount: string) => `Paid ${amount}`],
  expired: ['没有付款，订单到时间取消，货放回去了', 'Not paid in time: the order ended and the goods went back'],
  takesPlace: [(title: string) => `「${title}」成团了`, (title: string) => `“${title}” takes place`],
  failed: [(title: string) => `「${title}」没有成团`, (title: string) => `“${title}” does not take place`],
  counted: [
    (portions: number, amount: string) => `截止时共 ${portions} 份、${amount}`,
    (portions: number, amount: string) => `${portions} portions, ${amount} at the closing`,
  ],
  rule_portions: [
    (minimum: string) => `要满 ${minimum} 份才成团`,
    (minimum: string) => `${minimum} portions were needed`,
  ],
  rule_households: [
    (minimum: string) => `要满 ${minimum} 户才成团`,
    (minimum: string) => `${minimum} households were needed`,
  ],
  rule_amount: [(minimum: string) => `要满 ${minimum} 才成团`, (minimum: string) => `${minimum} were needed`],
  back_refund: ['工作人员给您退款', 'Refunded by your community worker'],
  back_cancelled: ['您退掉了', 'You gave back'],
  'back_failed-group': ['没有成团，全部退给您', 'It did not take place: everything goes back to you'],
  back_shortage: ['货不够，少给的退给您', 'Fewer came than you ordered: the rest goes back to you'],
  back_weight: ['分量不足，差的退给您', 'Under weight: the difference goes back to you'],
  'back_price-step': [
    '大家买得多，降价了，差价退给您',
    'More was sold and the price fell: the difference goes back to you',
  ],
  back_claim: ['您申请的售后，退款给您', 'Refunded as you claimed'],
  back_dispute: ['支付争议，款已退', 'A disputed payment, paid back'],
  line: [(name: string, count: number) => `${name} ${count} 份`, (name: string, count: number) => `${name} ×${count}`],
  priceFell: [
    (name: string, paid: string, final: string) => `${name}：每份 ${paid}，最后 ${final}`,
    (name: string, paid: string, final: string) => `${name}: ${paid} paid, ${final} in the end`,
  ],
  short: [
    (name: string, ordered: number, missing: number) => `${name}：买了 ${ordered} 份，少来 ${missing} 份`,
    (name: string, ordered: number, missing: number) => `${name}: ${ordered} ordered, ${missing} did not come`,
  ],
  whyShort: [
    (ordered: number, good: number) => `这里一共订了 ${ordered} 份，到了 ${good} 份，`,
    (ordered: number, good: number) => `${ordered} were ordered here and ${good} came, `,
  ],
  whyFirstPaid: [
    (place: number, of: number) => `按付款先后分，您排第 ${place}（共 ${of} 单）`,
    (place: number, of: number) => `dealt out first paid, first served: yours was number ${place} of ${of}`,
  ],
  whyProRata: ['按各家订的多少同比例分', 'dealt out in proportion to what each had ordered'],
  whyWeight: [
    (paid: string, weighed: string) => `按 ${paid} 付的款，实称 ${weighed}`,
    (paid: string, weighed: string) => `paid for ${paid}, weighed ${weighed}`,
  ],
  state_decided: ['已经定了，正在提交给支付平台', 'decided; being sent to the payment provider'],
  state_asked: ['支付平台正在原路退回，一般 1–3 个工作日', 'on its way back, usually 1–3 working days'],
  state_succeeded: [(when: string) => `已原路退回 ${when}`, (when: string) => `paid back ${when}`],
  state_failed: [
    '原路退不回去。凭取货码到社区服务点领现金，或等工作人员用别的方式退给您',
    'It could not be paid back the same way: collect it in cash at the community desk with your code, or wait for your community to pay it another way',
  ],
  handedOut: [(who: string) => `取走了（${who}取）`, (who: string) => `Collected (${who})`],
  takenBack: ['上面这次取货撤销了', 'This hand-out was undone'],
  settled: [(coop: string) => `售后期已过，货款结给${coop}`, (coop: string) => `After-sales is over; ${coop} is paid`],
  nextCloses: [
    (title: string, when: string) => `「${title}」${when} 截止，之后马上知道成没成团；不成团全部退款`,
    (title: string, when: string) =>
      `“${title}” closes ${when}; then it is known whether it takes place. If not, all is refunded`,
  ],
  nextCounting: [
    (title: string) => `「${title}」已截止，正在算成没成团`,
    (title: string) => `“${title}” has closed and is being counted`,
  ],
  nextPickUp: [
    (when: string, where: string) => `${when} 到${where}取货`,
    (when: string, where: string) => `Pick up ${when}, ${where}`,
  ],
  nextArrived: [
    (where: string) => `菜已经到${where}，可以取了`,
    (where: string) => `The goods are at ${where}: please collect`,
  ],
} as const
