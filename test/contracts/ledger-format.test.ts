import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { firstPrevRoot, rootOfDay } from '#shared/domain/fund/day-root.ts'
import { ledgerHeadLine } from '#shared/domain/fund/head-line.ts'
import { verifyLedger } from '#shared/domain/fund/verify-ledger.ts'
import { goldenMovements, goldenStory } from './ledger-golden-story.ts'
import { history } from '../domain/fund-history.ts'
import { sale, sha256, StoryLedger } from '../domain/fund-story.ts'

const here = import.meta.dirname
const vectorsDir = join(here, 'ledger-vectors')
const scratch = mkdtempSync(join(tmpdir(), 'xianglai-ledger-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Expected = 'ok' | { line: number; code: string }
const expected = JSON.parse(readFileSync(join(vectorsDir, 'vectors.json'), 'utf8')) as Record<string, Expected>
const vectors = Object.entries(expected)
const textOf = (name: string) => readFileSync(join(vectorsDir, name), 'utf8')
const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
const fileOf = (name: string, text: string) => {
  const path = join(scratch, name)
  writeFileSync(path, text)
  return path
}

describe('the published vectors', () => {
  it('are all listed, and all listed are there', () => {
    const files = readdirSync(vectorsDir).filter((name) => name.endsWith('.jsonl'))
    expect(files.sort()).toEqual(Object.keys(expected).sort())
    for (const [name, what] of vectors) expect(name.startsWith('ok-')).toBe(what === 'ok')
  })

  it.each(vectors)('%s', (name, what) => {
    const verified = verifyLedger(linesOf(textOf(name)), sha256)
    const { line, code } = verified.problems[0] ?? {}
    expect(verified.ok ? 'ok' : { line, code }).toEqual(what)
  })

  it('the golden story is posted byte for byte as it was published', () => {
    expect(`${goldenStory().lines().join('\n')}\n`).toBe(textOf('ok-story.jsonl'))
    expect(`${goldenMovements().lines().join('\n')}\n`).toBe(textOf('ok-movements.jsonl'))
    expect(`${goldenStory(3).lines().join('\n')}\n`).toBe(textOf('ok-first-day.jsonl'))
  })

  it('the document shows the first line of the story as it is', () => {
    const document = readFileSync(join(here, '../../shared/domain/fund/LEDGER-FORMAT.md'), 'utf8')
    expect(document).toContain(linesOf(textOf('ok-story.jsonl'))[0])
  })

  it('no single changed character of a good file goes unseen', () => {
    const good = textOf('ok-story.jsonl').slice(0, -1)
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const other = String.fromCharCode(code)
        fc.pre(good[at] !== other)
        const changed = good.slice(0, at) + other + good.slice(at + 1)
        expect(verifyLedger(changed.split('\n'), sha256).ok).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

describe('npm run verify', () => {
  const verify = (...args: string[]) => {
    const run = spawnSync(process.execPath, [join(here, '../../cdk/tools/verify.ts'), ...args], { encoding: 'utf8' })
    const lines = run.stdout.trimEnd().split('\n')
    return {
      code: run.status,
      result: lines.at(-1) === '' ? undefined : JSON.parse(lines.at(-1) ?? ''),
      lines,
      told: run.stderr,
    }
  }
  const vector = (name: string) => join(vectorsDir, name)

  it('answers 0 and one JSON object for a good file, whatever its name', () => {
    const { code, result, lines, told } = verify(fileOf('whatever.txt', textOf('ok-story.jsonl')))
    expect([code, lines.length]).toEqual([0, 1])
    expect(result).toMatchObject({
      ok: true,
      ledgers: [{ ok: true, fundId: 'c-xinhua-01', seq: 17, postedFen: 29, carry: 2_489, problemCount: 0 }],
    })
    expect(told).toContain('全部核对无误')
  })

  it('answers 1 and names the line for a bad one', () => {
    const { code, result, told } = verify(vector('bad-one-fen-too-much.jsonl'))
    expect(code).toBe(1)
    expect(result).toMatchObject({ ok: false, ledgers: [{ problems: [{ line: 1, code: 'FIELD' }, { line: 18 }] }] })
    expect(told).toContain('第 1 行')
  })

  it('answers 1 for an empty file, for bytes that are not UTF-8, for a line without end', () => {
    expect(verify(vector('bad-empty-file.jsonl')).code).toBe(1)
    const latin = join(scratch, 'latin.jsonl')
    writeFileSync(latin, Buffer.from([0x7b, 0xff, 0xfe, 0x0a]))
    expect(verify(latin)).toMatchObject({ code: 1, result: { ok: false } })
    expect(verify(fileOf('endless.jsonl', 'x'.repeat(200_000)))).toMatchObject({ code: 1, result: { ok: false } })
  })

  it('answers 2 for no file, a missing file, an unknown flag, a root that is none', () => {
    expect(verify().code).toBe(2)
    expect(verify(join(scratch, 'nowhere.jsonl')).code).toBe(2)
    expect(verify(scratch).code).toBe(2)
    expect(verify('--strange', vector('ok-story.jsonl')).code).toBe(2)
    expect(verify('--root', '3', vector('ok-story.jsonl')).code).toBe(2)
  })

  it('takes the pages of one export, and several ledgers', () => {
    const lines = linesOf(textOf('ok-story.jsonl'))
    const one = fileOf('page-1.jsonl', `${lines.slice(0, 9).join('\n')}\n`)
    const two = fileOf('page-2.jsonl', `${lines.slice(9).join('\n')}\n`)
    expect(verify(one, two, vector('ok-empty.jsonl'))).toMatchObject({
      code: 0,
      result: { ledgers: [{ seq: 17, files: [one, two] }, { seq: 0 }] },
    })
    expect(verify(two, one).code).toBe(1)
    expect(verify(one).code).toBe(1)
  })

  it('checks a published root, which a file that was cut and closed anew cannot show', () => {
    const { seq, hash } = goldenStory().head
    const root = `${seq}:${hash}`
    expect(verify('--root', root, vector('ok-story.jsonl'))).toMatchObject({ code: 0, result: { rootSeen: true } })
    expect(verify('--root', root, vector('ok-first-day.jsonl'))).toMatchObject({ code: 1, result: { rootSeen: false } })
  })

  it('checks a ledger against the kept root of a day, and the root against its own list', () => {
    const { fundId, seq, hash } = goldenStory(3).head
    const made = rootOfDay('2026-11-23', [{ fundId, seq, hash }], firstPrevRoot(sha256), sha256)
    const kept = { v: 1, ...made, fundCount: 1, publishedAt: '2026-11-23T18:30:00.000Z' }
    const asked = (file: object, ledger: string) =>
      verify('--day-root', fileOf('root.json', JSON.stringify(file)), vector(ledger))
    // The ledger has grown since; the entry that was the last one then is still there.
    expect(asked(kept, 'ok-story.jsonl')).toMatchObject({ code: 0, result: { dayRootOk: true } })
    const other = { ...kept, funds: [{ fundId, seq, hash: sha256('other') }] }
    expect(asked(other, 'ok-story.jsonl')).toMatchObject({ code: 1, result: { dayRootOk: false } })
    const consistent = rootOfDay('2026-11-23', other.funds, made.prevRoot, sha256)
    expect(asked({ ...kept, ...consistent }, 'ok-story.jsonl')).toMatchObject({ code: 1, result: { ok: false } })
    expect(asked({ v: 1 }, 'ok-story.jsonl').code).toBe(2)
  })

  it('verifies 20,000 entries within a second or two', () => {
    const ledger = new StoryLedger()
    const lines: string[] = []
    for (let n = 0; n < 20_000; n += 100) {
      const { entries, head } = ledger.post(
        Array.from({ length: 100 }, (_none, at) => sale(`s${n + at}`, 860 + (n % 97))),
      )
      lines.push(...entries.map((entry) => canonicalJson(entry)))
      // What is posted already is not asked for again.
      ledger.sales.clear()
      ledger.entries.length = 0
      if (n + 100 >= 20_000) lines.push(ledgerHeadLine(head))
    }
    const { code, result } = verify(fileOf('long.jsonl', `${lines.join('\n')}\n`))
    process.stdout.write(`verify: 20,000 entries in ${result.ms} ms, ${result.cpuMs} ms of processor time\n`)
    expect(code).toBe(0)
    expect(result.ledgers[0].seq).toBe(20_000)
    // Processor time, because a busy machine stretches every other clock: 100,000 entries take a few seconds.
    expect(result.cpuMs).toBeLessThan(6_000)
  }, 60_000)
})

describe('a verifier written from the document alone', () => {
  const python = spawnSync('python3', ['--version'], { encoding: 'utf8' })
  const present = python.status === 0
  process.stdout.write(
    present ? `second verifier: run (${python.stdout.trim()})\n` : 'second verifier: not run (no python3)\n',
  )
  const second = (paths: readonly string[]) =>
    spawnSync('python3', [join(here, 'verify-ledger.py'), ...paths], { encoding: 'utf8' })
      .stdout.trimEnd()
      .split('\n')

  it.runIf(present)('agrees on every vector, and on the line at fault', () => {
    const said = second(vectors.map(([name]) => join(vectorsDir, name)))
    const wanted = vectors.map(([, what]) => (what === 'ok' ? /^ok / : new RegExp(`^line ${what.line}: `)))
    expect(said).toEqual(wanted.map((pattern) => expect.stringMatching(pattern)))
  })

  it.runIf(present)('passes what the ledger writes of any history', () => {
    const ledgers = fc.sample(history, 60).map((events, at) => {
      const ledger = new StoryLedger(events)
      for (const event of events) ledger.post([event])
      return { ledger, path: fileOf(`history-${at}.jsonl`, `${ledger.lines().join('\n')}\n`) }
    })
    const said = second(ledgers.map(({ path }) => path))
    expect(said).toEqual(ledgers.map(({ ledger: { head } }) => `ok ${head.fundId} ${head.seq} ${head.hash}`))
  })
})
