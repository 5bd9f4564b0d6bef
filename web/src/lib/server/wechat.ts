import type { RequestEvent } from '@sveltejs/kit'
import { settings } from './settings.ts'

/** Asked of the header and forgotten: nothing else is told of the browser, and nothing is kept or logged. */
export function isWeChat(userAgent: string | null): boolean {
  return /\bMicroMessenger\//i.test(userAgent ?? '')
}

export type WeChat = {
  /** The page is looked at in WeChat's own browser. */
  readonly inside: boolean
  /** The hosted payment page can be paid there. */
  readonly pays: boolean
}

export function weChatOf(event: Pick<RequestEvent, 'request'>): WeChat {
  return { inside: isWeChat(event.request.headers.get('user-agent')), pays: settings().paysInWeChat }
}
