// The browser gets these instead of shared/kernel/money.ts, which brings the schema library with it. A test compares the two.

/** `8.60` for 860 fen, with thousands separated: `12,345.60`. Digits and sign only. */
export function yuan(fen: number): string {
  const absolute = Math.abs(fen)
  const whole = String(Math.floor(absolute / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '−' : ''}${whole}.${String(absolute % 100).padStart(2, '0')}`
}

/** `¥8.60`; a negative amount has its sign in front: `−¥8.60`. */
export function yuanSign(fen: number): string {
  return fen < 0 ? `−¥${yuan(-fen)}` : `¥${yuan(fen)}`
}

/**
 * An exact accrual to the fund, given in 1/10,000 fen, without any rounding: 172,000 is `¥0.1720`. At least four decimal
 * places are shown and as many more as it takes (six at most, since the unit is one millionth of a yuan).
 */
export function exactYuan(e4Fen: number): string {
  const absolute = Math.abs(e4Fen)
  const whole = Math.floor(absolute / 1_000_000)
  const decimals = String(absolute % 1_000_000)
    .padStart(6, '0')
    .replace(/0{1,2}$/, '')
  return `${e4Fen < 0 ? '−' : ''}¥${whole}.${decimals}`
}

/** Basis points as people read them: 200 is `2`, 150 is `1.5`. */
export function percent(bps: number): string {
  return String(bps / 100)
}

/** What somebody typed as an amount of yuan (`8.6`, `8.60`, `￥8`), in fen; undefined when it is not one. */
export function fenFromText(text: string): number | undefined {
  const plain = text.normalize('NFKC').trim().replace(/^¥/, '').replace('。', '.')
  // Ten times too much is put down by whoever reads `25,8` as 258: a comma sets thousands apart, or it is no amount.
  const match = /^(\d{1,8}|\d{1,3},\d{3}|\d{1,2},\d{3},\d{3})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!match?.[1]) return undefined
  return Number(match[1].replaceAll(',', '')) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** Fen as an input's value: `8.60`, without separators, so that it can be sent back as it is. */
export function yuanInput(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}
