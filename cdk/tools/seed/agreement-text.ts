import type { PairingSeed } from './types.ts'

type Row = NonNullable<PairingSeed['agreement']>
type Facts = Omit<Row, 'text' | 'signedBy' | 'signedDay'> & {
  readonly communityName: string
  readonly villageName: string
  readonly signedDay: string
  readonly signedBy: NonNullable<Row['signedBy']>
}

/** Written of the facts that stand beside it, so that the two never say different things. Nobody has signed it: it says so. */
export function agreementText(facts: Facts): string {
  const { signedBy, signedDay, fromDay, toDay, purposes, communityName } = facts
  const { donor, charity } = signedBy
  return [
    `捐赠协议（示例文本，没有人签署过，编号 ${facts.agreementId}，第 ${facts.version} 版）`,
    '',
    `甲方（捐赠人）：${donor.organisation}`,
    `乙方（慈善组织）：${charity.organisation}`,
    '',
    `${facts.villageName}与${communityName}结对共建。甲乙双方依照《中华人民共和国民法典》《中华人民共和国慈善法》，订立本协议。`,
    '',
    `第一条　捐赠财产　甲方向${communityName}各小区销售农产品，每笔成交捐出货款净额的 ${facts.rateBps / 100}%。货款净额，是商品的成交款减去因取消、缺货、短斤少两和售后退回的款项；不含配送等其他费用。`,
    '第二条　捐赠人　捐赠人是甲方。甲方不因捐赠提高价格；居民是购买人，不承担捐赠义务，双方不向居民募捐。',
    '第三条　计算　按甲方的成交逐笔累计，满一分记一分，不满一分的余数留到以后，不作四舍五入。发生退款的，按该笔成交的比例冲回；已经划转的，从以后的捐赠中扣回。',
    `第四条　用途　捐赠款计入各小区在社区慈善基金中的份额，只用于${purposes.join('、')}。甲方不得指定利害关系人作为受益人。`,
    '第五条　交付　售后期满的捐赠款，由甲方分批划转到乙方账户；乙方确认到账，并开具捐赠票据。',
    '第六条　公开　本协议全文、每笔捐赠和每笔支出向社会公开，接受查询和监督。',
    `第七条　期限　自 ${fromDay} 起至 ${toDay} 止。期限以外的成交不计捐赠，单独列出。变更条款须另签新版本，已经发生的捐赠仍按原版本执行。`,
    '',
    `甲方签署：${donor.signatory}`,
    `乙方签署：${charity.signatory}`,
    `签署日期：${signedDay}`,
  ].join('\n')
}
