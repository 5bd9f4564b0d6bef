/** What stands on a fund's page before anybody checks. */
export const fundVerifyWords = {
  title: ['自己核对账本', 'Check the ledger yourself'],
  lead: [
    '按一下按钮，您的手机（或电脑）会把整本账取来，从第一条起重新算一遍：有没有哪条被改过，2 % 算得对不对，各处的钱加起来是不是本页上的数。全在您自己的手机上算，不用听谁说。',
    'Your own device fetches the whole ledger and computes it anew from the first entry: whether any was changed, whether the 2 % is right, and whether everything adds up to the figures on this page.',
  ],
  upTo: ['账本记到', 'Ledger up to'],
  entryNumber: [(seq: number) => `第 ${seq} 条`, (seq: number) => `entry ${seq}`],
  root: ['账本指纹', 'Fingerprint'],
  rootHint: [
    '由整本账算出来的一串字符：账里改动一个字，它就全变了。',
    'Computed from the whole ledger: change one character in it and this is another.',
  ],
  start: ['自己核对账本', 'Check the ledger'],
  unable: [
    '这个浏览器不能核对。请用下面的“下载与核对”，在电脑上核对。',
    'This browser cannot do it. Please download the ledger below and check it on a computer.',
  ],
  withoutScript: [
    '这个按钮要用浏览器的脚本。没有脚本时，请用下面的“下载与核对”。',
    'This button needs scripts. Without them, please download the ledger below.',
  ],
  notLoaded: [
    '没有取到核对程序。请看看网络，再按一次。',
    'The check could not be loaded. Please look at the connection and try again.',
  ],
} as const
