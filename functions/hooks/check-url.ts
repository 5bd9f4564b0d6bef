import { refused } from '#shared/kernel/outcome.ts'
import type { BadUrl } from '#shared/kernel/outgoing-url.ts'
import { findTarget } from '#functions/platform/outgoing/target.ts'

const words: Readonly<Record<BadUrl, string>> = {
  'not-an-address': '请填完整的网址，例如 https://example.com/hooks',
  'not-https': '网址要以 https:// 开头',
  'bad-port': '端口只能是 443，或者 1024 以上',
  'with-password': '网址里不要写用户名和密码',
  'with-fragment': '网址里不要有 #',
}

/** Looks where it leads before it is saved, so that a mistake is told at once. It is looked at again before each request. */
export async function refuseUrl(url: string) {
  const found = await findTarget(url)
  switch (found.kind) {
    case 'target':
      return undefined
    case 'bad-url':
      return refused('HOOK_URL_REFUSED', words[found.why], { url: words[found.why] })
    case 'unknown-address': {
      const note = '找不到这个地址，请检查有没有写错'
      return refused('HOOK_ADDRESS_UNKNOWN', note, { url: note })
    }
    case 'refused-address': {
      const note = '只能发到公网地址，不能发到内部网络'
      return refused('HOOK_ADDRESS_REFUSED', note, { url: note })
    }
  }
}
