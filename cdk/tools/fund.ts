import { exportFunds } from './fund/export.ts'
import { openOperator } from './fund/operator.ts'
import { reconcileFunds } from './fund/reconcile.ts'
import { redrive } from './fund/redrive.ts'
import { readStatement } from './fund/statement.ts'
import { verifyFunds } from './fund/verify.ts'
import { readFlags, runTool, Usage } from './result.ts'

/**
 * `npm run fund -- COMMAND`: what an operator does to charity funds, over the API of the local system or of a deployment.
 * Whatever a token may see is all that is seen: everybody a fund up to the last finished day, its workers and
 * administrators live.
 */
const USAGE = `usage: npm run fund -- COMMAND (--fund ID | --all) [--url U] [--token T] [--data DIR]
  export --format jsonl|csv --out FILE    the ledger as one file; with --all, --out is a folder and each fund a file in it
  verify                                  exports, replays every entry and compares with what the fund's page shows
  reconcile                               finds what is missing in the ledger and posts it; exit 1 when something is wrong
  statement --period 2026-10|2026-Q3|2026 [--format json]
  redrive                                 posts what the stream gave up on (by reconcile, all funds unless --fund) and clears the
                                          pointers to it: of the local system itself, of a deployment by a command it prints
Without --url: the local system, as admin-1. With --url and without --token: what everybody may see.`

const options = {
  fund: { type: 'string' },
  all: { type: 'boolean' },
  url: { type: 'string' },
  token: { type: 'string' },
  data: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  period: { type: 'string' },
} as const

type Values = ReturnType<typeof readFlags<typeof options>>['values']
type Flag = keyof typeof options

const everywhere: readonly Flag[] = ['fund', 'all', 'url', 'token', 'data']
const commands = {
  export: { flags: ['format', 'out'], run: exportFunds },
  verify: { flags: [], run: verifyFunds },
  reconcile: { flags: [], run: reconcileFunds },
  statement: { flags: ['period', 'format'], run: readStatement },
  redrive: { flags: [], run: redrive },
} as const satisfies Record<string, { flags: readonly Flag[]; run: unknown }>

function commandOf(words: readonly string[], values: Values) {
  const [name = '', ...more] = words
  if (!Object.hasOwn(commands, name) || more.length > 0) throw new Usage(USAGE)
  const command = commands[name as keyof typeof commands]
  const known: readonly string[] = [...everywhere, ...command.flags]
  const stray = Object.keys(values).find((flag) => !known.includes(flag))
  if (stray !== undefined) throw new Usage(`--${stray} is not a flag of ${name}`)
  return command
}

await runTool(async () => {
  const { values, positionals } = readFlags(options, 'any')
  const { run } = commandOf(positionals, values)
  return run(openOperator(values), values)
})
