import { percent, yuanSign } from '../format/money.ts'

type ShareWords = { readonly tenths: (count: number) => string; readonly ofHundred: (percent: string) => string }

/** A sum that a rule names: ¥2,000. */
export function ruleSum(fen: number): string {
  return yuanSign(fen).replace(/\.00$/, '')
}

/** A share of all that have to take part, as people say it: three in ten. */
export function shareText(bps: number, { tenths, ofHundred }: ShareWords): string {
  return bps % 1_000 === 0 ? tenths(bps / 1_000) : ofHundred(percent(bps))
}
