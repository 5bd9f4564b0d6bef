import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OwnersRow } from '#shared/contracts/governance-owners.ts'
import { ownersTable } from '#shared/domain/governance/owners-sheet.ts'

/** Goal: whoever has the paper comes to the published hash on their own machine. */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
type Vector = {
  readonly name: string
  readonly item: number
  readonly rows: readonly (readonly [string, number, string, OwnersRow['choice']])[]
  readonly vote?: object
  readonly passed?: boolean
  readonly code?: string
  readonly hash?: string
}
const path = '../../shared/domain/governance/owners-count-vectors.json'
const vectors = JSON.parse(readFileSync(here(path), 'utf8')) as Vector[]
let scratch = ''
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'xianglai-owners-'))
})
afterAll(() => rmSync(scratch, { recursive: true }))

function run(...args: string[]) {
  const tool = here('../../cdk/tools/verify.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' })
  return { status, told: stdout === '' ? undefined : (JSON.parse(stdout) as object), said: stderr }
}

function listOf({ rows }: Vector, separator = ','): string {
  const table = ownersTable(rows.map(([unit, areaCm, owner, choice]) => ({ unit, areaCm, owner, choice })))
  const file = join(scratch, 'list.csv')
  writeFileSync(file, table.map((line) => `${line.join(separator)}\r\n`).join(''))
  return file
}

const vector = (start: string): Vector => {
  const found = vectors.find(({ name }) => name.startsWith(start))
  if (found === undefined) throw new Error(`no vector: ${start}`)
  return found
}

describe('npm run verify -- --owners', () => {
  it.each([
    ['names are one however they are typed', ','],
    ['no. 8: three quarters of the heads', '\t'],
  ])('counts a list again and comes to its hash: %s', (start, separator) => {
    const { item, vote, passed, code = '', hash = '', ...of } = vector(start)
    const file = listOf({ item, ...of }, separator)
    const { status, told, said } = run('--owners', file, '--item', `${item}`, '--code', code, '--hash', hash)
    expect(told).toEqual({ ok: true, units: of.rows.length, ...vote, quorate: true, passed, hash, hashOk: true })
    expect(status).toBe(0)
    expect(said).toContain(passed === true ? '结果：通过' : '结果：没有通过')
  })

  it('says that a list is another one, what is wrong with it, and how it is called', () => {
    const { item, code = '', hash = '', ...of } = vector('no. 8: three quarters of the heads')
    const changed = {
      item,
      ...of,
      rows: of.rows.map(([unit, area, owner], n) => [unit, area, owner, n === 3 ? 'yes' : 'no'] as const),
    }
    const other = run('--owners', listOf(changed), '--item', '8', '--code', code, '--hash', hash)
    expect(other).toMatchObject({ status: 1, told: { ok: false, hashOk: false } })
    const wrong = run('--owners', listOf(vector('co-owners of a unit say two things')), '--item', '5')
    expect(wrong).toMatchObject({ status: 1, told: { ok: false, faults: 1 } })
    expect(wrong.said).toContain('第 3 行 房号 和第 2 行是同一套房，意见却不一样')
    expect(run('--owners', listOf(changed)).status).toBe(2)
  })
})
