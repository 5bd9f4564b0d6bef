import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { MissingHere, portFlag, readFlags, runTool, say } from './result.ts'
import { dataDirOf } from './run-file.ts'
import { seedSystem } from './seed-system.ts'
import { CannotStart, startSystem, type System, writeRunFile } from './system.ts'

/** `npm start`: brings everything up, loads the district on the first run, and stays until it is told to stop. */

const DEFAULT_PORT = 8080
const STOP_WITHIN_MS = 4_500

await runTool(async () => {
  const { values } = readFlags({
    port: { type: 'string' },
    data: { type: 'string' },
    fresh: { type: 'boolean' },
    'no-seed': { type: 'boolean' },
  })
  const startedMs = performance.now()
  const dataDir = dataDirOf(values.data)
  const port = portFlag(values.port ?? (process.env['PORT'] || undefined)) ?? DEFAULT_PORT
  const stop = stopper()
  const system = await startSystem({ dataDir, port, fresh: values.fresh }).catch((error: unknown) => {
    if (error instanceof CannotStart) throw new MissingHere(error.message)
    if (error instanceof Error && /is in use by/.test(error.message)) throw new MissingHere(error.message)
    throw error
  })
  stop.whenAsked(system)
  // Without its tables nothing can be answered: better down, and seen to be down, than up and broken.
  void system.engine.endedByItself?.then((line) => {
    say(line)
    void stop.now(1)
  })
  try {
    await openTheShop(system)
    if (values['no-seed'] !== true) await seedSystem(system)
  } catch (error) {
    await system.close()
    throw error
  }
  writeRunFile(system)
  showScreen(system, (performance.now() - startedMs) / 1_000)
  process.stdout.write(`ready ${system.url}\n`)
  return undefined
})

/** Ready means that a page is answered, so the first visitor does not wait for the web server to start. */
async function openTheShop(system: System): Promise<void> {
  const answers = await Promise.all(['/healthz', '/api/health'].map((path) => fetch(`${system.url}${path}`)))
  for (const answer of answers) {
    if (answer.ok) await answer.arrayBuffer()
    else throw new Error(`${answer.url} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`)
  }
}

/** SIGINT and SIGTERM alike; a stop that hangs is cut, and what runs beside us ends with us by its own guards. */
function stopper() {
  let running: System | undefined
  let asked = false
  const stop = async (code: number) => {
    if (asked) return
    asked = true
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    if (running !== undefined) {
      rmSync(join(running.dataDir, 'run.json'), { force: true })
      await running.close()
    }
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
  return {
    now: stop,
    whenAsked(system: System) {
      running = system
    },
  }
}

function showScreen(system: System, seconds: number): void {
  const lines = [
    '',
    `  乡来 Xianglai    ${system.url}`,
    '',
    `  登录 sign-in     ${system.signInUrl}   (choose a person, no password)`,
    '    居民 residents   resident-1, resident-3 (a neighbour), resident-2 (another compound)',
    '    合作社 co-ops    coop-1, coop-2',
    '    社工 workers     worker-1, worker-2 (another community)',
    '    管理员 admins    admin-1, admin-2 (payments need both)',
    '    慈善组织 charity charity-1 (confirms what arrived, pays for projects)',
    '    基金 fund        committee-1 … committee-5, supervisor-1 (decide with the residents)',
    "    责任单位 bodies property-1 (a property company), office-1 (a department): residents' matters",
    `  支付 payments    ${system.payUrl}   (a sandbox: no money moves)`,
    '',
    `  api     ${system.url}/api/openapi.json`,
    `  data    ${system.dataDir}`,
    `  logs    ${join(system.dataDir, 'logs')}`,
    '  token   npm run -s token -- worker-1',
    '',
    `  started in ${seconds.toFixed(1)} s; Ctrl-C stops everything`,
    '',
  ]
  for (const line of lines) say(line)
}
