import { join } from 'node:path'
import type { FundView } from '#shared/contracts/fund.ts'
import { fundFigures } from '#shared/domain/fund/figures.ts'
import { emptyHead, type FundHead } from '#shared/domain/fund/head.ts'
import { finishVerification, startVerification, verifyLine } from '#shared/domain/fund/verify-ledger.ts'
import { headOf } from '#shared/domain/fund/book.ts'
import { linesOf, sha256 } from '../ledger-file.ts'
import { say, type Result } from '../result.ts'
import { download } from './download.ts'
import { fundsOf, type Flags, type Operator } from './operator.ts'
import { withScratch } from './scratch.ts'

type Checked = {
  readonly fundId: string
  readonly ok: boolean
  readonly seq: number
  readonly problems: readonly string[]
}

/** Replays the exports of funds and compares them with what the funds' pages show. */
export async function verifyFunds(operator: Operator, flags: Flags): Promise<Result> {
  const funds: Checked[] = []
  for (const fundId of await fundsOf(operator, flags)) {
    const checked = await withScratch(async (dir) => {
      const file = join(dir, `${fundId}.jsonl`)
      const { fund } = await download(operator, fundId, 'jsonl', file)
      return { view: fund.view, ...(await check(fund, fundId, file)) }
    })
    tell(checked)
    funds.push(checked)
  }
  return {
    funds,
    problemCount: funds.reduce((sum, fund) => sum + fund.problems.length, 0),
    ok: funds.every(({ ok }) => ok),
  }
}

/** The page was read before the export: it is compared where its last entry is, and what came since is replayed too. */
async function check(fund: FundView, fundId: string, file: string): Promise<Checked> {
  const state = startVerification(sha256, emptyHead(fundId, sha256))
  let differences: readonly string[] | undefined
  const look = () => {
    if (state.book?.seq === fund.seq) differences ??= differencesOf(fund, headOf(state.book))
  }
  look()
  for await (const line of linesOf(file)) {
    verifyLine(state, line)
    look()
  }
  const { problems, head } = finishVerification(state)
  const all = [
    ...problems.map(({ line, code, what }) => `line ${line} ${code}: ${what}`),
    ...(differences ?? [`the fund's page shows ${fund.seq} entries, and the export has no such entry`]),
  ]
  return { fundId, ok: all.length === 0, seq: head?.seq ?? 0, problems: all }
}

/** Everything of the page that follows from the entries alone. */
function differencesOf(fund: FundView, head: FundHead): string[] {
  const { seq, hash, balances, carryE4Fen, total, withoutAgreement } = fundFigures(
    head,
    [],
    fund.view,
    fund.asOfDay,
    fund.asOfDay,
  )
  const counted = { seq, hash, carryE4Fen, ...balances, ...total, unagreedFen: withoutAgreement.salesFen }
  const shown: Record<string, unknown> = {
    ...{ seq: fund.seq, hash: fund.hash, carryE4Fen: fund.carryE4Fen },
    ...{ ...fund.balances, ...fund.total, unagreedFen: fund.withoutAgreement.salesFen },
  }
  return Object.entries(counted)
    .filter(([name, value]) => shown[name] !== value)
    .map(([name, value]) => `the fund's page shows ${name} ${String(shown[name])}, and the entries make ${value}`)
}

function tell({ fundId, ok, seq, problems }: Checked): void {
  if (ok) say(`✓ fund ${fundId}: ${seq} entries`)
  else say(`✗ fund ${fundId}: ${problems.length} problems`)
  for (const problem of problems) say(`  ${problem}`)
}
