import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const poolBytes = 8192
let pool = randomBytes(poolBytes)
let used = 0

/** A random id such as `pi_3f…`: 24 letters and digits, about 140 bits. */
export function newId(prefix: string): string {
  let id = prefix
  for (let length = 0; length < 24;) {
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
