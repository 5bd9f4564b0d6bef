import { describe, expect, it } from 'vitest'
import { readSettings } from '#web/lib/server/settings.ts'
import { isWeChat } from '#web/lib/server/wechat.ts'

describe("WeChat's own browser", () => {
  it('cannot pay, unless the stack says that the provider’s page works there', () => {
    const environment = {
      ...{ API_BASE_URL: 'https://api.example', OIDC_ISSUER: 'https://id.example' },
      ...{ OIDC_CLIENT_ID: 'shop', SESSIONS_TABLE: 'sessions' },
    }
    expect(readSettings(environment).paysInWeChat).toBe(false)
    expect(readSettings({ ...environment, PAY_IN_WECHAT: 'no' }).paysInWeChat).toBe(false)
    expect(readSettings({ ...environment, PAY_IN_WECHAT: 'yes' }).paysInWeChat).toBe(true)
  })

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
