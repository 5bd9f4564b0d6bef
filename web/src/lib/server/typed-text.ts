import { fenFromText } from '#web/lib/format/money.ts'

/** What somebody typed into a form, by the names of its fields. */
export type Typed = Readonly<Record<string, string>>

/** What is sent to the API; a text that is no number goes as nothing, and the API names the field. */
export const count = (text: string | undefined) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : undefined)
export const fen = (text: string | undefined) => fenFromText(text ?? '')
/** A plain form ends its lines as the mail does. */
export const words = (text: string | undefined) => (text ?? '').replaceAll(/\r\n?/g, '\n').trim()
export const rows = (length: number) => Array.from({ length }, (_, at) => at + 1)
