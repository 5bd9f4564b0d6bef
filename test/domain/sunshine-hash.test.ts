import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { snapshotSchema } from '#shared/contracts/sunshine.ts'
import { exportText, sha256Of } from '#functions/sunshine/publication.ts'

/** `sunshine-vector.jsonl` lets anybody check their own reckoning; it was printed once and is never printed anew. */
const file = readFileSync(new URL('../../shared/domain/sunshine/sunshine-vector.jsonl', import.meta.url), 'utf8')
const lines = file.trimEnd().split('\n')

it('a publication is printed, and hashed, as it was when the vector was made', () => {
  const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const { kind: _kind, format, ...head } = parsed[0] ?? {}
  const entries = parsed.filter(({ kind }) => kind === 'entry').map(({ kind: _each, ...entry }) => entry)
  const snapshot = snapshotSchema.parse({ ...head, entries })
  const frozen = `${lines.slice(0, -1).join('\n')}\n`
  const sha256 = createHash('sha256').update(frozen, 'utf8').digest('hex')
  expect(format).toBe('xianglai-sunshine-1')
  expect(sha256).toBe('1268d40e9b42505743b2a8569fb70446059337b6e3c6dfafcaadf6b36e3b44a4')
  expect(sha256Of(snapshot)).toBe(sha256)
  expect(exportText(snapshot, sha256)).toBe(file)
})

it('one character more, and it is another', () => {
  const changed = file.replace('八月', '九月').split('\n').slice(0, -2).join('\n')
  expect(createHash('sha256').update(`${changed}\n`, 'utf8').digest('hex')).not.toBe(
    '1268d40e9b42505743b2a8569fb70446059337b6e3c6dfafcaadf6b36e3b44a4',
  )
})
