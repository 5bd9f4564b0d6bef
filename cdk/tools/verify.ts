import { readFile, stat } from 'node:fs/promises'
import { getDayRoot } from '#shared/contracts/fund-days.ts'
import { rootOfDay } from '#shared/domain/fund/day-root.ts'
import { finishVerification, startVerification, verifyLine, type Verified } from '#shared/domain/fund/verify-ledger.ts'
import { yuan } from '#shared/kernel/money.ts'
import { linesOf, sha256 } from './ledger-file.ts'
import { callerPath, readFlags, runTool, say, Usage } from './result.ts'
import { ownersFlags, verifyOwners } from './verify-owners.ts'
import { verifyVotes } from './verify-votes.ts'

/**
 * `npm run verify -- FILE…`: checks exported ledgers without a server. Several files are the pages of one export, in
 * order, or ledgers of several funds: what follows a head line is another ledger.
 * `--day-root FILE` is what was kept of `GET /api/fund-roots/{day}`: it must be the root of its own list, and each ledger must
 * have the entry that the list names for its fund.
 * `--owners LIST.csv` counts an owners' vote again instead (`verify-owners.ts`).
 * `--root SEQ:HASH` checks a day's published root too: a chain alone does not show that its tail was cut off.
 * `--votes FILE` counts a proposal's votes again (`verify-votes.ts`).
 */
const USAGE = `用法：npm run verify -- FILE.jsonl…  [--root 序号:哈希] [--day-root 日根.json]
      npm run verify -- --votes votes.jsonl  [--receipt 选票凭证]`

type Ledger = { readonly files: string[]; readonly state: ReturnType<typeof startVerification> }

async function verify() {
  const flags = { root: { type: 'string' }, 'day-root': { type: 'string' } } as const
  const ofVotes = { votes: { type: 'string' }, receipt: { type: 'string' } } as const
  const { positionals, values } = readFlags({ ...flags, ...ofVotes, ...ownersFlags }, 'any')
  if (values.owners !== undefined) return verifyOwners(values)
  const { votes, receipt, root, 'day-root': dayRoot } = values
  const ofLedger = {
    ...(root === undefined ? {} : { root }),
    ...(dayRoot === undefined ? {} : { 'day-root': dayRoot }),
  }
  const isLedger = positionals.length > 0
  if (votes === undefined ? !isLedger || receipt !== undefined : isLedger || Object.keys(ofLedger).length > 0)
    throw new Usage(USAGE)
  return votes === undefined ? verifyLedgers(positionals, ofLedger) : verifyVotes(votes, receipt)
}

async function verifyLedgers(
  positionals: readonly string[],
  values: { readonly root?: string; readonly 'day-root'?: string },
) {
  const root = values.root === undefined ? undefined : readRoot(values.root)
  const paths = positionals.map(callerPath)
  for (const path of paths) if (!(await isFile(path))) usage(`找不到文件：${path}`)
  const dayRoot = values['day-root'] === undefined ? undefined : await readDayRoot(callerPath(values['day-root']))
  const startedMs = performance.now()
  const ledgers = await readLedgers(paths, root, dayRoot)
  const results = ledgers.map(({ files, state }) => ({ files, state, verified: finishVerification(state) }))
  for (const { files, verified } of results) tell(files, verified)
  const rootSeen = root === undefined || root.seen
  if (!rootSeen) say(`✗ 没有找到公布的日根：第 ${root?.seq} 条的哈希不是 ${root?.hash}`)
  const dayRootOk = dayRoot === undefined || tellDayRoot(dayRoot, ledgers)
  const ok = rootSeen && dayRootOk && results.every(({ verified }) => verified.ok)
  say(ok ? '全部核对无误。' : '核对失败：以上文件与规则不符。')
  return {
    ok,
    ledgers: results.map(({ files, verified }) => summary(files, verified)),
    ...(root === undefined ? {} : { rootSeen }),
    ...(dayRoot === undefined ? {} : { dayRootOk }),
    ms: Math.round(performance.now() - startedMs),
    cpuMs: Math.round(process.cpuUsage().user / 1_000),
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

function usage(text: string): never {
  throw new Usage(text)
}

type Root = { readonly seq: number; readonly hash: string; seen: boolean }

function readRoot(text: string): Root {
  const [, seq, hash] = /^(\d{1,12}):([0-9a-f]{64})$/.exec(text) ?? usage(`--root ${text} 不是「序号:哈希」`)
  return { seq: Number(seq), hash: String(hash), seen: false }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type KeptRoot = {
  readonly day: string
  /** The root is that of its own list. */
  readonly fits: boolean
  /** `seq:hash` by fund. */
  readonly standings: ReadonlyMap<string, string>
  readonly seen: Set<string>
}

async function readDayRoot(path: string): Promise<KeptRoot> {
  if (!(await isFile(path))) usage(`找不到文件：${path}`)
  const kept = getDayRoot.output.safeParse(jsonOf(await readFile(path, 'utf8')))
  if (!kept.success) return usage(`${path} 不是日根文件`)
  const { day, funds, prevRoot, root } = kept.data
  return {
    day,
    fits: rootOfDay(day, funds, prevRoot, sha256).root === root,
    standings: new Map(funds.map(({ fundId, seq, hash }) => [fundId, `${seq}:${hash}`])),
    seen: new Set(),
  }
}

/** A ledger whose fund had no entry by that day is not in the list, and has nothing to show. */
function tellDayRoot({ day, fits, standings, seen }: KeptRoot, ledgers: readonly Ledger[]): boolean {
  if (!fits) say(`✗ ${day} 的日根与它自己的清单不符`)
  const funds = ledgers.flatMap(({ state }) => state.book?.fundId ?? [])
  const missing = funds.filter((fundId) => standings.has(fundId) && !seen.has(fundId))
  for (const fundId of missing) say(`✗ 基金 ${fundId}：账本里没有 ${day} 日根写的那一条（${standings.get(fundId)}）`)
  return fits && missing.length === 0
}

async function readLedgers(
  paths: readonly string[],
  root: Root | undefined,
  dayRoot: KeptRoot | undefined,
): Promise<Ledger[]> {
  const ledgers: Ledger[] = []
  for (const path of paths) {
    let first = true
    for await (const line of linesOf(path)) {
      // The pages of one export are one ledger; after its head line the next file begins another.
      if (first && (ledgers.length === 0 || ledgers.at(-1)?.state.head !== undefined)) {
        ledgers.push({ files: [], state: startVerification(sha256) })
      }
      const ledger = ledgers.at(-1)
      if (ledger === undefined) break
      if (first) ledger.files.push(path)
      first = false
      verifyLine(ledger.state, line)
      const { book } = ledger.state
      if (root !== undefined && book?.seq === root.seq && book.hash === root.hash) root.seen = true
      if (book !== undefined && dayRoot?.standings.get(book.fundId) === `${book.seq}:${book.hash}`) {
        dayRoot.seen.add(book.fundId)
      }
    }
    if (first) ledgers.push({ files: [path], state: startVerification(sha256) })
  }
  return ledgers
}

const words: Readonly<Record<string, string>> = {
  FORMAT: '格式不符',
  FUND: '不是同一个基金',
  CHAIN: '序号或哈希链断开',
  HASH: '哈希与内容不符',
  EVENT: '事件不可能发生',
  FIELD: '字段与规则不符',
  HEAD: '末行与明细不符',
  END: '文件不完整',
}

function tell(files: readonly string[], verified: Verified): void {
  const { head } = verified
  const name = files.join('、')
  if (verified.ok && head !== undefined) {
    const { balances } = head
    say(
      `✓ ${name}：基金 ${head.fundId}，${head.seq} 条，累计计入 ${yuan(0 - balances.sales)} 元（售后期内 ${yuan(balances.pending)}，可用 ${yuan(balances.available)}）`,
    )
    return
  }
  say(`✗ ${name}：${verified.problemCount} 处不符`)
  for (const { line, code, what } of verified.problems) say(`  第 ${line} 行 ${words[code] ?? code}：${what}`)
}

function summary(files: readonly string[], { ok, problemCount, problems, head }: Verified) {
  return {
    ok,
    files,
    ...(head === undefined
      ? {}
      : {
          fundId: head.fundId,
          seq: head.seq,
          hash: head.hash,
          salesFen: head.totals.salesFen,
          reversedFen: head.totals.reversedFen,
          postedFen: 0 - head.balances.sales,
          carry: head.donors.reduce((sum, donor) => sum + (donor.accruedE4Fen % 10_000), 0),
        }),
    problemCount,
    problems: problems.slice(0, 10),
  }
}

await runTool(verify)
