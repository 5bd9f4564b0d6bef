import { OLD_KEY_HOURS } from '../../contracts/hooks.ts'
import { refused, type Refused } from '../../kernel/outcome.ts'
import { HOUR_MS, type Instant, plusMs } from '../../kernel/time.ts'

/** What signs: a secret that both sides know, and a pair of which the receiver needs the public half. */
export type SigningKey = {
  readonly secret: string
  readonly privateKey: string
  readonly publicKey: string
  readonly madeAt: Instant
  /** An old one signs along until then. */
  readonly endsAt?: Instant | undefined
}

/** Those that sign now, the newest first. */
export function keysInUse<K extends Pick<SigningKey, 'endsAt'>>(keys: readonly K[], now: Instant): readonly K[] {
  return keys.filter(({ endsAt }) => endsAt === undefined || endsAt > now)
}

export type Rotation = { readonly kind: 'rotated'; readonly keys: readonly SigningKey[] } | Refused<'KEYS_CHANGING'>

/**
 * A new key; the one it replaces signs along for a day, so that a receiver changes when it suits them. A third one at a time
 * would end one that somebody still relies on; a key that leaked ends at once, and with it all older ones.
 */
export function rotateKeys(
  keys: readonly SigningKey[],
  fresh: SigningKey,
  old: 'sign-along' | 'stop',
  now: Instant,
): Rotation {
  if (old === 'stop') return { kind: 'rotated', keys: [fresh] }
  const [current, ...older] = keysInUse(keys, now)
  if (older.length > 0) return refused('KEYS_CHANGING', '上一次更换的旧密钥还在用，请等它到期')
  const along = current === undefined ? [] : [{ ...current, endsAt: plusMs(now, OLD_KEY_HOURS * HOUR_MS) }]
  return { kind: 'rotated', keys: [fresh, ...along] }
}
