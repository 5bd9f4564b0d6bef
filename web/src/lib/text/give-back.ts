export const giveBackWords = {
  title: ['改数量、退掉', 'Change or give back'],
  lead: [(when: string) => `${when} 截止前都可以退。`, (when: string) => `Possible until ${when}.`],
  howMany: ['退几份？', 'How many back?'],
  has: [
    (count: number, unit: string) => `现有 ${count} 份，每份 ${unit}`,
    (count: number, unit: string) => `${count} portions of ${unit}`,
  ],
  portionsOf: [(name: string) => `${name}退几份`, (name: string) => `Portions of ${name} to give back`],
  next: ['下一步：看退多少钱', 'Next: see what comes back'],
  all: ['全部退掉', 'Give everything back'],
  wantMore: ['想多要几份？', 'Want more?'],
  wantMoreBody: ['直接再下一单就行，会和这一单一起取货。', 'Simply order again: both orders are picked up together.'],
  goShop: ['去加菜', 'Order more'],
  confirmTitle: ['确认要退', 'Please confirm'],
  comesBack: ['退给您', 'You get back'],
  comesBackHow: [
    '退到付款时用的账户（支付宝、微信或银行卡），一般 1–3 个工作日到账。',
    'To the account you paid with (Alipay, WeChat or card), usually within 1–3 working days.',
  ],
  comesBackInCash: ['到社区服务点领现金，凭取货码。', 'In cash at the community desk, with your code.'],
  item: [
    (name: string, count: number) => `${name} 退 ${count} 份`,
    (name: string, count: number) => `${name}: ${count} back`,
  ],
  keeps: [
    (count: number) => `还留 ${count} 份，照常取货`,
    (count: number) => `${count} kept, to be picked up as planned`,
  ],
  keepsNone: ['这一样全部退掉', 'nothing kept of it'],
  final: [
    '退掉的马上放回去，别人可以买。退了又想要，要重新下单，还有货才买得到。',
    'What you give back can be bought by others at once. To have it after all you would have to order again, if there is any left.',
  ],
  yes: [(amount: string) => `确认退掉，退 ${amount}`, (amount: string) => `Give back and get ${amount}`],
  no: ['不退了，回到订单', 'Keep it, back to the order'],
  other: ['改一下份数', 'Change the numbers'],
  closedTitle: ['现在不能退了', 'This cannot be given back any more'],
  closedBody: [
    '团购已经截止，村里开始备货；或者这一单已经全部退掉了。收到的菜有坏的、少的，在订单里申请售后，社区工作人员处理后按行退款。',
    'The group buy has closed and the village prepares the goods, or everything was given back already. If something is bad or missing, claim it on your order: your community worker decides and it is refunded line by line.',
  ],
  back: ['回到订单', 'Back to the order'],
} as const
