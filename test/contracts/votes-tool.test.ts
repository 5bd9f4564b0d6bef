import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

/** Goal: anybody counts a vote again with one command and nothing but the file. Method: the command itself, on files by hand. */
const scratch = mkdtempSync(join(tmpdir(), 'xianglai-votes-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const receipts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32))
const commitmentOf = (receipt: string) => createHash('sha256').update(`xianglai-vote-1 ${receipt}`).digest('hex')
const head = {
  v: 1,
  proposalId: '11111111-1111-4111-8111-111111111111',
  closesAt: '2026-11-16T01:00:00.000Z',
  costFen: 120_000,
  asking: { noticeDays: 7, voteDays: 7, householdsFromFen: 200_000, quorumBps: 3_000 },
  rules: [{ electorate: 'committee', electorsMin: 3, quorumBps: 0, moreThanBps: 5_000, of: 'electors' }],
  electors: { committee: 5 },
  paper: { ballots: 0, unpaired: 2 },
  tallies: { committee: { electors: 5, yes: 3, no: 1, abstain: 0, passed: true } },
}
const votes = receipts
  .map((receipt, at) => ({
    electorate: 'committee',
    choice: at === 3 ? 'no' : 'yes',
    commitment: commitmentOf(receipt),
  }))
  .sort((left, right) => (left.commitment < right.commitment ? -1 : 1))

function fileOf(name: string, lines: readonly unknown[]): string {
  const path = join(scratch, name)
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return path
}
function verify(...words: string[]) {
  const done = spawnSync(process.execPath, ['cdk/tools/verify.ts', ...words], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: scratch },
  })
  const last = done.stdout.trim().split('\n').at(-1) ?? ''
  return { status: done.status, said: done.stderr, all: done.stdout + done.stderr, told: last && JSON.parse(last) }
}

describe('npm run verify -- --votes', () => {
  it('says 0 and how it was counted, from a path beside the caller', () => {
    fileOf('votes.jsonl', [head, ...votes])
    const { status, said, told } = verify('--votes', 'votes.jsonl')
    expect({ status, told }).toEqual({
      status: 0,
      told: {
        ...{ ok: true, proposalId: head.proposalId, decided: true, problemCount: 0, problems: [] },
        electorates: [
          {
            ...{ electorate: 'committee', ballots: 4, electors: 5, yes: 3, no: 1, abstain: 0 },
            ...{ quorum: 0, yesNeeded: 3, passed: true, same: true },
          },
        ],
      },
    })
    expect(said).toContain('另有 2 张纸质票没有两人录成一样，不计')
    expect(said).toContain(
      '管委会：有权 5，收到 4 张；同意 3、反对 1、弃权 0；同意要 3 张以上（含）；通过，和公布的一样',
    )
  })

  it('says 1 of a changed choice, and in which line something else is wrong', () => {
    const [first, ...rest] = votes
    const path = fileOf('changed.jsonl', [head, { ...first, choice: first?.choice === 'yes' ? 'no' : 'yes' }, ...rest])
    expect(verify('--votes', path)).toMatchObject({ status: 1, told: { ok: false, problems: [{ code: 'TALLY' }] } })
    const doubled = verify('--votes', fileOf('doubled.jsonl', [head, first, first, ...rest.slice(1)]))
    expect(doubled).toMatchObject({ status: 1, told: { ok: false } })
    expect(doubled.said).toContain('第 3 行')
  })

  it('tells whoever has a receipt that it was counted and where, and not how they voted', () => {
    const path = fileOf('votes.jsonl', [head, ...votes])
    const [yes = '', , , no = ''] = receipts
    const answers = [yes, `${no.toUpperCase().match(/.{4}/g)?.join(' ')}`].map((typed) =>
      verify('--votes', path, '--receipt', typed),
    )
    for (const { status, told, all } of answers) {
      expect({ status, counted: told.receiptCounted }).toEqual({ status: 0, counted: 'committee' })
      // Nothing that is said of it differs by how it was cast, and nothing finds its line.
      expect(all).toBe(answers[0]?.all)
      for (const secret of [yes, no, commitmentOf(yes), commitmentOf(no)]) expect(all).not.toContain(secret)
    }
  })

  it('says 1 of a receipt whose vote was not counted', () => {
    const path = fileOf('votes.jsonl', [head, ...votes])
    const { status, told, said } = verify('--votes', path, '--receipt', 'e'.repeat(32))
    expect({ status, counted: told.receiptCounted, same: told.electorates[0].same }).toEqual({
      ...{ status: 1, counted: false, same: true },
    })
    expect(said).toContain('不在计票里')
  })

  it.each([
    ['a file that is not there', ['--votes', 'nowhere.jsonl']],
    ['a receipt that is none', ['--votes', 'votes.jsonl', '--receipt', 'abc']],
    ['a receipt without votes', ['--receipt', 'a'.repeat(32)]],
    ['a ledger beside it', ['--votes', 'votes.jsonl', 'ledger.jsonl']],
    ['a ledger’s root', ['--votes', 'votes.jsonl', '--root', `1:${'a'.repeat(64)}`]],
  ])('says 2 of %s', (_what, words) => {
    expect(verify(...words).status).toBe(2)
  })
})
