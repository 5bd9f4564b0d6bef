import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** A ledger's file as it is checked: its lines, byte for byte, and the digest they are chained by. */
const LINE_MAX = 64 * 1024
/** Stands for bytes that are no line at all (not UTF-8, endless): it cannot be JSON, so it is reported as such. */
const NOT_A_LINE = '\ufffd'

export const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** Lines without their line feed, exactly as they are: nothing is trimmed or repaired. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  try {
    for await (const chunk of createReadStream(path)) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
      if (rest.length > LINE_MAX) {
        yield NOT_A_LINE
        return
      }
    }
    rest += decoder.decode()
    if (rest !== '') yield rest
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    yield NOT_A_LINE
  }
}
