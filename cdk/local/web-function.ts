import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { Agent, get, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import type { FunctionSettings } from './function-settings.ts'
import type { WorkerHost } from './function-worker.ts'
import { startGuarded } from './guarded-process.ts'
import type { GuardedProcess } from './guarded-process.ts'
import type { FaultPlan } from './inside/faults.ts'
import { RefusedByHost } from './resource-types.ts'

/**
 * A function behind the AWS Lambda Web Adapter: the very server of the bundle in a child process, with requests passed
 * on as the adapter does. The child's channel to this process is its lifeline (inside/web-preload.ts).
 */

const READY_WITHIN_MS = 20_000
const STOP_WITHIN_MS = 2_000

export class WebFunction {
  readonly settings: FunctionSettings
  readonly #host: WorkerHost
  readonly #counters = new SharedArrayBuffer(20)
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 })
  #child: GuardedProcess | undefined
  #port: Promise<number> | undefined
  #closed = false
  #faults: FaultPlan | null = null

  constructor(settings: FunctionSettings, host: WorkerHost) {
    this.settings = settings
    this.#host = host
    webEntry(settings)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts the server if it does not run; resolves with its port once it answers its readiness check. */
  start(): Promise<number> {
    this.#port ??= this.#start().catch((error: unknown) => {
      this.#port = undefined
      throw error
    })
    return this.#port
  }

  setFaults(plan: FaultPlan | null): void {
    this.#faults = plan
    this.#child?.send({ kind: 'faults', plan })
  }

  async #start(): Promise<number> {
    if (this.#closed) throw new Error('the host is closing')
    const port = await freePort()
    const { settings } = this
    const log = createWriteStream(join(this.#host.dataDir, 'logs', `${settings.name}.log`), { flags: 'a' })
    const preload = this.#host.inside('web-preload').href
    const memory = `--max-old-space-size=${Math.max(128, settings.memorySize)}`
    const child = await startGuarded(
      [process.execPath, memory, '--enable-source-maps', '--import', preload, webEntry(settings)],
      {
        cwd: settings.assetDir,
        channel: true,
        onOutput: (chunk) => log.write(chunk),
        env: {
          ...settings.environment,
          HOST: '127.0.0.1',
          PORT: String(port),
          AWS_LWA_PORT: String(port),
          LAMBDA_TASK_ROOT: settings.assetDir,
          LOCAL_HOST_GATE: JSON.stringify({ ...this.#host.gate(this.#counters), faults: this.#faults, counters: null }),
        },
      },
    )
    this.#child = child
    void child.gone.then((code) => {
      log.end()
      if (this.#child !== child) return
      this.#child = undefined
      this.#port = undefined
      if (!this.#closed) this.#host.log(`${settings.name} ended with code ${code}: ${child.tail().slice(-500)}`)
    })
    await this.#untilReady(child, port)
    return port
  }

  async #untilReady(child: GuardedProcess, port: number): Promise<void> {
    const path = this.settings.environment['AWS_LWA_READINESS_CHECK_PATH'] ?? '/'
    const deadline = Date.now() + READY_WITHIN_MS
    for (;;) {
      const status = await statusOf(port, path)
      // The adapter takes any answer below 500 as ready.
      if (status > 0 && status < 500) return
      if (!child.running()) throw new Error(`${this.settings.name} ended before it was ready`)
      if (Date.now() > deadline) {
        await child.stop(0)
        throw new Error(`${this.settings.name} was not ready within ${READY_WITHIN_MS} ms`)
      }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** Passes a request on; `headers` are the ones API Gateway would have handed over. */
  async forward(
    incoming: IncomingMessage,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    outgoing: ServerResponse,
    timeoutMs: number,
  ): Promise<void> {
    const port = await this.start()
    const attempt = () => this.#pass(port, incoming, body, headers, outgoing, timeoutMs)
    await attempt().catch((error: unknown) => {
      // The server closed an idle connection just as it was used again; reading twice harms nobody.
      const reading = incoming.method === 'GET' || incoming.method === 'HEAD'
      if (!(error instanceof StaleConnection) || !reading || outgoing.headersSent) throw error
      return attempt()
    })
  }

  #pass(
    port: number,
    incoming: IncomingMessage,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    outgoing: ServerResponse,
    timeoutMs: number,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const onward = request(
        {
          host: '127.0.0.1',
          port,
          agent: this.#agent,
          method: incoming.method,
          path: incoming.url,
          headers: { ...headers, ...(body.length > 0 && { 'content-length': String(body.length) }) },
          timeout: timeoutMs,
        },
        (answer) => {
          const kept = { ...answer.headers }
          for (const name of ['connection', 'keep-alive', 'transfer-encoding']) delete kept[name]
          outgoing.writeHead(answer.statusCode ?? 502, kept)
          answer.pipe(outgoing)
          answer.once('error', reject)
          outgoing.once('close', () => {
            answer.destroy()
            resolve()
          })
        },
      )
      onward.once('timeout', () => onward.destroy(new Error('the integration timed out')))
      onward.once('error', (error: NodeJS.ErrnoException) => {
        reject(onward.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection(error.message) : error)
      })
      onward.end(body)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#agent.destroy()
    await this.#child?.stop(STOP_WITHIN_MS)
  }
}

class StaleConnection extends Error {}

/** The script to run: WEB_ENTRY, or what the handler's start script runs with node, or index.js. */
function webEntry(settings: FunctionSettings): string {
  const script = join(settings.assetDir, settings.handler)
  const named =
    settings.environment['WEB_ENTRY'] ??
    (existsSync(script) && /\.(sh|bash)$|^[^.]*$/.test(settings.handler)
      ? /\bnode\s+(?:--\S+\s+)*["']?([\w./-]+)/.exec(readFileSync(script, 'utf8'))?.[1]
      : undefined)
  for (const name of named === undefined ? ['index.mjs', 'index.js'] : [named]) {
    const path = join(settings.assetDir, name.replace(/^\/var\/task\//, ''))
    if (existsSync(path)) return path
  }
  throw new RefusedByHost(`${settings.logicalId}: no script to start the web server with (${named ?? 'index.js'})`)
}

function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const probe = get({ host: '127.0.0.1', port, path, timeout: 2_000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    probe.once('timeout', () => probe.destroy())
    probe.once('error', () => resolve(0))
  })
}
