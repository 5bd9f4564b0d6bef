import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { javaVersion, startEngine } from '../local/engine.ts'
import { findBrowser } from './browser.ts'
import { build, bundleBytes } from './build.ts'
import { buildDir, root } from './paths.ts'
import { MissingHere, readFlags, runTool, say, Usage } from './result.ts'

/**
 * `npm test`: everything, stage by stage. A stage that fails does not hide the later ones; nothing is skipped
 * without a line that says so, and a test that skips itself counts as failed.
 */
type Outcome = { readonly passed: number; readonly failed: number; readonly note?: string }
type Stage = { readonly name: string; readonly run: () => Promise<Outcome> }

const reportsDir = join(buildDir, 'reports')
const OLDEST_JAVA = 17
const TAIL_LINES = 150

/** Runs a program with its output in a file; resolves with its exit code. */
function run(name: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const log = createWriteStream(join(reportsDir, `${name}.log`), { flags: 'a' })
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
    })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    child.once('error', reject)
    child.once('close', (code) => log.end(() => resolve(code ?? 1)))
  })
}

const bin = (name: string) => join(root, 'node_modules', '.bin', name)

/** A stage of programs that must all end well. */
function programs(name: string, commands: readonly (readonly [string, ...string[]])[]): Stage {
  return {
    name,
    run: async () => {
      let failed = 0
      for (const [program, ...args] of commands) if ((await run(name, bin(program), args)) !== 0) failed += 1
      return { passed: commands.length - failed, failed }
    },
  }
}

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
})

async function vitest(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const file = join(reportsDir, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  // Tests are hundreds of processes that load the same modules: Node compiles each of them once for all.
  const compiled = { NODE_COMPILE_CACHE: join(buildDir, 'compiled') }
  const code = await run(name, bin('vitest'), ['run', ...args, ...reporters], { ...compiled, ...env })
  if (!existsSync(file)) return { passed: 0, failed: 1, note: 'vitest left no report' }
  const report = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const skipped = report.numPendingTests + report.numTodoTests
  const failed = report.numFailedTests + skipped
  // A file that does not load, or an error outside any test, fails without a failed test.
  const unseen = failed === 0 && (code !== 0 || !report.success) ? Math.max(1, report.numFailedTestSuites) : 0
  return {
    passed: report.numPassedTests,
    failed: failed + unseen,
    ...(skipped > 0 ? { note: `${skipped} tests skip themselves` } : {}),
  }
}

const BUNDLE_BYTES_MAX = 500_000

async function buildStage(): Promise<Outcome> {
  await build()
  const large = Object.entries(bundleBytes()).filter(([, bytes]) => bytes > BUNDLE_BYTES_MAX)
  const note = large.map(([name, bytes]) => `${name} is ${bytes} bytes`).join(', ')
  return large.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, note }
}

/** The same integration tests on the real DynamoDB Local, wherever Java is. */
async function engine2(): Promise<Outcome> {
  if (javaVersion() < OLDEST_JAVA) {
    process.stdout.write('engine 2: not run (no Java)\n')
    if (process.env['REQUIRE_ENGINE_2'] !== '1') return { passed: 0, failed: 0, note: `no Java ${OLDEST_JAVA}` }
    return { passed: 0, failed: 1, note: 'REQUIRE_ENGINE_2=1: run `apt-get install -y default-jre-headless`' }
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'xianglai-engine-2-'))
  const engine = await startEngine({ dataDir, kind: 'dynamodb-local', apartByAccessKey: true, log: () => undefined })
  try {
    return await vitest('engine-2', ['--config', 'test/vitest.config.ts', 'test/functions/'], {
      TEST_ENGINE_ENDPOINT: engine.endpoint,
    })
  } finally {
    process.stdout.write('engine 2: run\n')
    await engine.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function journeys(): Promise<Outcome> {
  return vitest('journeys', ['--config', 'test/journeys.config.ts'], { CHROME_PATH: findBrowser() })
}

const texts: readonly Stage[] = [
  // The lint knows all types anyway: one program of them is made, and what the compiler finds in it counts.
  programs('lint', [
    ['oxlint', '--type-check', '--deny-warnings', '--report-unused-disable-directives', '.'],
    ['eslint', '--config', 'test/eslint.config.js', '--max-warnings', '0', '**/*.svelte', '**/*.svelte.ts'],
  ]),
  programs('format', [['prettier', '--check', '--log-level', 'warn', '.']]),
]

const wholes: readonly Stage[] = [
  programs('import-rules', [
    [
      'depcruise',
      ...['--config', 'test/architecture/dependency-cruiser.cjs', '--output-type', 'err'],
      ...['shared', 'functions', 'cdk', 'test', 'web/src'],
    ],
  ]),
  programs('types', [['svelte-check', '--workspace', 'web', '--tsconfig', './tsconfig.json', '--fail-on-warnings']]),
]

/**
 * Rounds follow each other, for each needs what the one before has made or all the cores there are. In a round the lanes
 * run side by side, and the stages of a lane one by one.
 */
const rounds: readonly (readonly (readonly Stage[])[])[] = [
  [[{ name: 'build', run: buildStage }]],
  [texts, wholes],
  [[{ name: 'tests', run: () => vitest('tests', ['--config', 'test/vitest.config.ts']) }]],
  [[{ name: 'engine-2', run: engine2 }]],
  [[{ name: 'journeys', run: journeys }]],
]
const stages = rounds.flat(2)

const seconds = (startedMs: number) => Math.round((performance.now() - startedMs) / 100) / 10
const sum = (results: Readonly<Record<string, Outcome>>, key: 'passed' | 'failed') =>
  Object.values(results).reduce((total, each) => total + each[key], 0)

await runTool(async () => {
  const { positionals } = readFlags({}, 'any')
  const chosen = chooseStages(positionals)
  // What is missing is said before the first stage, not after the last but one.
  if (chosen.some(({ name }) => name === 'journeys')) findBrowser()
  mkdirSync(reportsDir, { recursive: true })
  // Only their own: another run beside this one may be at other stages.
  for (const { name } of chosen) {
    for (const kind of ['log', 'json']) rmSync(join(reportsDir, `${name}.${kind}`), { force: true })
  }
  const startedMs = performance.now()
  const results: Record<string, Outcome & { seconds: number }> = {}
  for (const lanes of rounds) {
    await Promise.all(
      lanes.map(async (lane) => {
        for (const stage of lane.filter((each) => chosen.includes(each))) results[stage.name] = await runStage(stage)
      }),
    )
  }
  const passed = sum(results, 'passed')
  const failed = sum(results, 'failed')
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return { passed, failed, seconds: seconds(startedMs), stages: results, ok: failed === 0 }
})

function chooseStages(names: readonly string[]): readonly Stage[] {
  const unknown = names.find((name) => !stages.some((stage) => stage.name === name))
  if (unknown !== undefined) throw new Usage(`${unknown} is not one of ${stages.map(({ name }) => name).join(', ')}`)
  return names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name))
}

async function runStage(stage: Stage): Promise<Outcome & { seconds: number }> {
  say(`▸ ${stage.name}`)
  const startedMs = performance.now()
  const outcome = await stage.run().catch((error: unknown): Outcome => {
    if (error instanceof MissingHere) throw error
    return { passed: 0, failed: 1, note: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  })
  if (outcome.failed > 0) showLog(stage.name)
  const note = outcome.note === undefined ? '' : ` (${outcome.note})`
  say(`  ${stage.name}: ${outcome.passed} passed, ${outcome.failed} failed in ${seconds(startedMs)} s${note}`)
  return { ...outcome, seconds: seconds(startedMs) }
}

function showLog(name: string): void {
  const file = readdirSync(reportsDir).find((each) => each === `${name}.log`)
  if (file === undefined) return
  const lines = readFileSync(join(reportsDir, file), 'utf8').trimEnd().split('\n')
  for (const line of lines.slice(-TAIL_LINES)) say(`  │ ${line}`)
}
