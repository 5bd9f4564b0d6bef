import { describe, expect, it } from 'vitest'
import { isWeChat } from '#web/lib/server/wechat.ts'

describe("WeChat's own browser", () => {
  it.each([
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.54(0x18003630) NetType/WIFI Language/zh_CN',
    'Mozilla/5.0 (Linux; Android 14; K) Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49.2600 WeChat/arm64 NetType/4G',
    'something micromessenger/7',
  ])('is known by its name: %s', (userAgent) => expect(isWeChat(userAgent)).toBe(true))

  it.each([
    null,
    '',
    'Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AlipayClient/10.6.0',
    'NotMicroMessenger/8',
  ])('is no other: %s', (userAgent) => expect(isWeChat(userAgent)).toBe(false))
})
