export const groupChatWords = {
  chatTitle: ['复制到微信群', 'Text for the WeChat group'],
  chatHint: ['文字里没有姓名、房号和取货码。', 'It holds no name, no room and no code.'],
  chatOpening: ['开团通知', 'It is open'],
  chatArrival: [(point: string) => `到货通知 · ${point}`, (point: string) => `It has arrived · ${point}`],
  chatUncollected: ['没取的提醒', 'Still to be collected'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
} as const
