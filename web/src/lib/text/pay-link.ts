/** A pay-for-me link, for those who make it, for those who pay, and for the one browser that cannot pay. */
export const payLinkWords = {
  ask: ['让家人代付', 'Let family pay'],
  linkMade: ['看代付链接', 'See the pay-for-me link'],
  title: ['让家人代付', 'Pay-for-me link'],
  backToOrder: ['回到订单', 'Back to the order'],
  lead: [
    '做一个链接，发给孩子或别人。对方点开就能付，不用登录，看不到您的房号、姓名、电话和取货码。',
    'Make a link and send it to your child or somebody else. They can pay at once without signing in, and see no room, name, phone or pick-up code.',
  ],
  make: ['做代付链接', 'Make the link'],
  makeNew: ['重新做一个', 'Make a new one'],
  makeNewDetail: ['以前发出去的会失效。', 'The one you sent before stops working.'],
  alsoLonger: [
    (until: string) => `对方可能要晚点才付：把菜留到 ${until}`,
    (until: string) => `They may pay later: hold the goods until ${until}`,
  ],
  longerRule: [
    '每户同时只有一单能多留，每单一次，最多两小时，不超过团购截止。',
    'One unpaid order of a household at a time, once for each, two hours at most and never past the closing.',
  ],
  longerNow: [(until: string) => `多留到 ${until}`, (until: string) => `Hold until ${until}`],
  heldLonger: ['已经多留过了，不能再延长。', 'It was lengthened already and cannot be again.'],
  notLonger: ['代付链接做好了，但没能多留：', 'The link is ready, but the goods are not held longer: '],
  heldUntil: [(when: string) => `菜留到 ${when}`, (when: string) => `Goods are held until ${when}`],
  ready: ['代付链接做好了', 'The link is ready'],
  readyHint: [
    '复制下面的文字发到微信，或让对方扫二维码。谁有这个链接谁就能付，只能付一次。',
    'Send the text below, or let them scan the code. Whoever has the link can pay; it is paid once.',
  ],
  shareLabel: ['发给家人的文字', 'Text to send'],
  share: [
    (sum: string, when: string, url: string) =>
      `帮我付一下买菜的钱：${sum}，菜给留到${when}。点开就能付，不用登录：\n${url}`,
    (sum: string, when: string, url: string) =>
      `Please pay for my vegetables: ${sum}, held until ${when}. Open and pay, no sign-in:\n${url}`,
  ],
  qrAlt: ['代付二维码', 'Pay-for-me QR code'],
  qrHint: ['对方用支付宝或浏览器扫；长按图片可以保存。', 'Scan it with Alipay or a browser; press long to save it.'],
  saveQr: ['保存二维码图片', 'Save the QR code'],
  elsewhere: [
    (when: string) => `${when} 做过一个代付链接，还有效。为了安全，只在做的那台手机上显示；找不到了就重新做一个。`,
    (when: string) =>
      `A link was made ${when} and is still good. It is shown only where it was made; if you have lost it, make a new one.`,
  ],
  withdraw: ['收回链接', 'Withdraw the link'],
  closePage: ['再试一次关掉付款页', 'Try again to close the payment page'],
  withdrawAsk: ['要收回代付链接吗？', 'Withdraw the link?'],
  withdrawDetail: [
    '收回后谁也不能再用它付款，已经打开的付款页也会关掉。订单还在，您可以自己付或重新做一个。',
    'Nobody can pay by it any more, and a payment page that is open is closed. The order stays.',
  ],
  withdrawn: ['链接已收回，谁也不能再用它付款。', 'The link is withdrawn; nobody can pay by it any more.'],
  refundsGoBack: [
    '这一单做过代付链接。如果是别人付的，以后退款会原路退回付款人的账户。',
    'A pay-for-me link was made for this order. If somebody else paid, refunds go back to them.',
  ],
  notPayable: ['这一单现在不用付款，做不了代付链接。', 'This order is not waiting for payment.'],

  payFor: ['帮人付一单菜', 'Pay for somebody’s vegetables'],
  payForLead: ['有人请您代付。付好后由对方去自提点取菜。', 'Somebody asks you to pay. They collect the goods.'],
  payNow: [(sum: string) => `付款 ${sum}`, (sum: string) => `Pay ${sum}`],
  payAnyway: [(sum: string) => `仍在这里付 ${sum}`, (sum: string) => `Pay ${sum} here anyway`],
  payForRefund: [
    '万一缺货、没成团或要退款，钱会原路退回您付款的账户。',
    'If goods are short, the group buy fails or a refund is due, the money goes back to you.',
  ],
  seller: [
    (coop: string, village: string) => `${coop} · ${village}`,
    (coop: string, village: string) => `${coop} · ${village}`,
  ],
  lastCall: [
    (when: string) => `菜留到 ${when}。到时间没付，菜就放回去，链接也失效。`,
    (when: string) => `Goods are held until ${when}. Unpaid by then, they go back and the link ends.`,
  ],
  paidTitle: ['已经付好了，谢谢！', 'It is paid. Thank you!'],
  paidBody: [
    '不用再付。对方的订单已经更新。需要退款时，钱会原路退回付款的账户。',
    'Nothing more to pay. If a refund is due, it goes back to the account that paid.',
  ],
  checkingTitle: ['正在和支付平台核对', 'Checking with the payment provider'],
  checkingBody: [
    '请稍等，本页会自动更新。付了的钱不会丢：没付成的订单，钱会自动退回。',
    'This page updates by itself. No money is lost: what pays no order goes back automatically.',
  ],
  endedTitle: ['这个代付链接已经失效', 'This link is no longer good'],
  endedBody: [
    '可能是时间过了、订单取消了，或者对方收回了。需要的话，请对方重新发一个。',
    'It ran out of time, the order was cancelled, or it was withdrawn. Please ask for a new one.',
  ],
  unknownTitle: ['没有这个代付链接', 'There is no such link'],
  unknownBody: ['请检查链接是不是复制完整了，或请对方重新发一个。', 'Please check that the link was copied whole.'],
  justPaid: ['如果您刚刚付了款，请稍等几秒，本页会自动更新。', 'If you have just paid, please wait a few seconds.'],

  backTitle: ['可以关掉这一页了', 'You may close this page'],
  backBody: [
    '付款结果以订单和代付链接上显示的为准，一般几秒钟就会更新。',
    'The order and the pay-for-me link show whether it is paid, usually within seconds.',
  ],
  backBuyer: ['我是下单的人：登录看订单', 'I ordered it: sign in and look'],
} as const

export const weChatWords = {
  weChatPays: ['可以直接在微信里付款。', 'You can pay right here in WeChat.'],
  weChatTitle: [
    '微信里打不开付款页，下面三种办法任选一种',
    'The payment page does not work inside WeChat. Three ways:',
  ],
  weChatOwn: ['您正在微信里看，付款页在微信里打不开。', 'You are in WeChat, where the payment page does not work.'],
  byLink: ['发代付链接', 'Send a pay-for-me link'],
  byLinkBody: ['做一个链接发给孩子或家人，让对方付。', 'Make a link and let your family pay.'],
  byLinkForward: ['把这个聊天里的链接转给能付的人，谁付都一样。', 'Pass the link on to somebody who can pay.'],
  byQr: ['存二维码，用支付宝扫', 'Save the QR code and scan it with Alipay'],
  byQrBody: [
    '长按二维码，选“保存图片”；打开支付宝，点“扫一扫”，从相册里选这张图。',
    'Press the code long and save the picture; in Alipay choose Scan, then the picture from your album.',
  ],
  byQrMake: ['先做代付链接，就有二维码可以存。', 'Make the link first; it comes with a QR code.'],
  byBrowser: ['在浏览器里打开', 'Open in a browser'],
  byBrowserBody: [
    '点右上角的“···”，选“在浏览器打开”，再点付款。',
    'Tap “···” at the top right, choose “Open in browser”, then pay.',
  ],
  byBrowserSignIn: ['在浏览器里要再登录一次。', 'You will have to sign in again there.'],
} as const
