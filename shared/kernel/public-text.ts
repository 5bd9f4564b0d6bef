import type * as z from 'zod'

/**
 * Text that everybody reads for as long as the ledger is kept. What belongs to a person's private life must not get in, nor
 * what is not seen or turns the direction of reading.
 */
const MOBILE_NUMBER = /(?<!\p{Nd})1[3-9]\d{9}(?!\p{Nd})/u
const IDENTITY_NUMBER =
  /(?<!\p{Nd})[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\p{Nd}])/u

const PLAIN = /^[^<>\p{Cc}\p{Bidi_Control}]*$/u
const PLAIN_LINES = /^(?:[^<>\p{Cc}\p{Bidi_Control}]|\n)*$/u
const NOT_PLAIN = '只能是纯文本，不能有 < > 和看不见的字符'
const NOT_PUBLIC = '这里会公开，不能有手机号或身份证号'

function mayBePublic(text: string): boolean {
  const plain = text.normalize('NFKC').replaceAll(/[ -]/g, '')
  return !MOBILE_NUMBER.test(plain) && !IDENTITY_NUMBER.test(plain)
}

export function publicLine(text: z.ZodString): z.ZodString {
  return text.regex(PLAIN, NOT_PLAIN).refine(mayBePublic, NOT_PUBLIC)
}

export function publicLines(text: z.ZodString): z.ZodString {
  return text.regex(PLAIN_LINES, NOT_PLAIN).refine(mayBePublic, NOT_PUBLIC)
}
