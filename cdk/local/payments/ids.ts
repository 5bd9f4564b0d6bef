import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const timeLength = 8
const randomLength = 16
const poolBytes = 8192
let pool = randomBytes(poolBytes)
let used = 0
let timeMs = 0
let timeText = ''

function base62(value: number): string {
  let rest = value
  let text = ''
  for (let place = 0; place < timeLength; place += 1) {
    text = (alphabet[rest % 62] ?? '') + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/**
 * A random id such as `pi_…`: the time, so that new rows land beside each other in the file's indexes, then 16 random letters and
 * digits (95 bits).
 */
export function newId(prefix: string): string {
  const now = Date.now()
  if (now !== timeMs) {
    timeMs = now
    timeText = base62(now)
  }
  let id = prefix + timeText
  for (let length = 0; length < randomLength;) {
    if (used === poolBytes) {
      pool = randomBytes(poolBytes)
      used = 0
    }
    const letter = alphabet[(pool[used] ?? 0) & 63] // 62 of 64 values are letters; the others are drawn again
    used += 1
    if (letter === undefined) continue
    id += letter
    length += 1
  }
  return id
}
