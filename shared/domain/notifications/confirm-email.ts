import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, MINUTE_MS, plusMs, type ShanghaiDay, shanghaiDay } from '../../kernel/time.ts'

export const EMAIL_CODE_MINUTES = 30
export const EMAIL_CODES_A_DAY = 5
export const EMAIL_CODE_TRIES = 5
/** A letter takes a moment; whoever is impatient is not sent another one at once. */
export const EMAIL_CODE_PAUSE_MS = MINUTE_MS

/** An address that somebody says is theirs, until they show it. */
export type EmailToConfirm = {
  readonly address: string
  readonly codeHash: string
  readonly sentAt: Instant
  readonly expiresAt: Instant
  readonly triesLeft: number
  /** How many codes were sent on the Shanghai day of the last one. */
  readonly day: ShanghaiDay
  readonly sentThatDay: number
}

export type CodeDecision =
  { readonly kind: 'send'; readonly pending: EmailToConfirm } | Refused<'CODE_JUST_SENT' | 'TOO_MANY_CODES'>

/** Asked for another address or the same one: the earlier code is void, and the day's count goes on. */
export function decideSendCode(
  before: EmailToConfirm | undefined,
  wanted: { readonly address: string; readonly codeHash: string },
  now: Instant,
): CodeDecision {
  const day = shanghaiDay(now)
  const sentToday = before?.day === day ? before.sentThatDay : 0
  if (before !== undefined && plusMs(before.sentAt, EMAIL_CODE_PAUSE_MS) > now) {
    return refused('CODE_JUST_SENT', '刚刚发过验证码，请等一分钟再试')
  }
  if (sentToday >= EMAIL_CODES_A_DAY) return refused('TOO_MANY_CODES', '今天发的验证码太多了，请明天再试')
  return {
    kind: 'send',
    pending: {
      ...wanted,
      sentAt: now,
      expiresAt: plusMs(now, EMAIL_CODE_MINUTES * MINUTE_MS),
      triesLeft: EMAIL_CODE_TRIES,
      day,
      sentThatDay: sentToday + 1,
    },
  }
}

export type ConfirmDecision =
  | { readonly kind: 'confirmed'; readonly address: string }
  /** One try less. */
  | { readonly kind: 'wrong' }
  | Refused<'CODE_EXPIRED'>

export function decideConfirm(pending: EmailToConfirm | undefined, codeHash: string, now: Instant): ConfirmDecision {
  if (pending === undefined || pending.triesLeft <= 0 || pending.expiresAt <= now) {
    return refused('CODE_EXPIRED', '验证码已失效，请重新获取')
  }
  return codeHash === pending.codeHash ? { kind: 'confirmed', address: pending.address } : { kind: 'wrong' }
}
