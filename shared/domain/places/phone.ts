import { assert } from '#shared/kernel/assert.ts'

const HIDDEN_MIN = 4
const HEAD_MAX = 3
const TAIL_MAX = 4

/**
 * `13812340000` → `138****0000`. At least four digits stay hidden, whatever the length; there are always four stars, so that
 * the length stays hidden too.
 */
export function maskPhone(phone: string): string {
  assert(/^\d{7,15}$/.test(phone), 'a phone number has 7 to 15 digits')
  const shown = phone.length - HIDDEN_MIN
  const tail = Math.min(TAIL_MAX, Math.ceil(shown / 2))
  const head = Math.min(HEAD_MAX, shown - tail)
  return `${phone.slice(0, head)}****${phone.slice(-tail)}`
}
