import type * as z from 'zod'

/**
 * Text that everybody reads for as long as the ledger is kept. What belongs to a person's private life must not get in, nor
 * what is not seen or turns the direction of reading.
 */
const PLAIN = /^[^<>\p{Cc}\p{Cf}]*$/u
const PLAIN_LINES = /^(?:[^<>\p{Cc}\p{Cf}]|\n)*$/u
const NOT_PLAIN = '只能是纯文本，不能有 < > 和看不见的字符'
const NOT_PUBLIC = '这里会公开，不能有手机号或身份证号'

/** What somebody types between the digits of one number. */
const BETWEEN = String.raw`[\s\p{P}\p{S}\p{Z}]{0,3}`
const some = (what: string, count: number) => Array.from({ length: count }, () => what)
/** A number that stands alone: a date or a sum beside it hides it no more than its own blanks and dashes do. */
const numberOf = (...digits: readonly string[]) => new RegExp(String.raw`(?<!\d)${digits.join(BETWEEN)}(?!\d)`, 'u')

/** Of a person; offices and organisations have fixed lines, which may be told. */
const MOBILE_NUMBER = numberOf('(?:(?:00)?86)?', '1', '[3-9]', ...some(String.raw`\d`, 9))
const IDENTITY_NUMBER = numberOf(
  ...['[1-9]', ...some(String.raw`\d`, 5)],
  ...['(?:1[89]|20)', ...some(String.raw`\d`, 2)],
  ...['(?:0[1-9]|1[0-2])', '(?:0[1-9]|[12][0-9]|3[01])', ...some(String.raw`\d`, 3), String.raw`[\dXx]`],
)

/** Digits of the shorter of the two. The patterns take a tenth of a second to build: most texts never need them. */
const DIGITS_MIN = 11

function mayBePublic(text: string): boolean {
  const plain = text.normalize('NFKC')
  if (plain.replaceAll(/\D/g, '').length < DIGITS_MIN) return true
  return !MOBILE_NUMBER.test(plain) && !IDENTITY_NUMBER.test(plain)
}

export function publicLine(text: z.ZodString): z.ZodString {
  return text.regex(PLAIN, NOT_PLAIN).refine(mayBePublic, NOT_PUBLIC)
}

export function publicLines(text: z.ZodString): z.ZodString {
  return text.regex(PLAIN_LINES, NOT_PLAIN).refine(mayBePublic, NOT_PUBLIC)
}

/** Words of somebody else's system as one public line, cut to a length; nothing when a person's number is in them. */
export function asPublicLine(text: string, max: number): string | undefined {
  const line = text
    .replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replaceAll(/[<>]/g, '')
    .trim()
  // Looked at whole: what is cut off might end a number.
  if (line === '' || !mayBePublic(line)) return undefined
  return [...line].slice(0, max).join('').trim()
}
