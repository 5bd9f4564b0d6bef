import { hangUp, send } from './http-client.ts'
import { seedSystem } from '../seed-system.ts'
import { startSystem, type System, type SystemOptions } from '../system.ts'
import type { FaultPlan, HostStats } from '../../local/host.ts'

/**
 * A system in a process of its own, for demonstrations, benchmarks and tests: whoever drives it does so over HTTP and
 * does not share its thread. It ends when its parent does, however that ends.
 */
export type ChildOptions = SystemOptions & { readonly seed: boolean }
export type ChildStats = HostStats & {
  readonly hostPid: number
  readonly enginePid: number | undefined
  readonly engineEndpoint: string
  /** Processor time of the host with its workers. */
  readonly cpuSeconds: number
}
export type FromChild =
  | { readonly kind: 'ready'; readonly url: string; readonly signInUrl: string; readonly payUrl: string }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
export type ToChild =
  | { readonly kind: 'faults'; readonly id: number; readonly plan: FaultPlan | null }
  | { readonly kind: 'stats'; readonly id: number }
  | { readonly kind: 'close' }

const CLOSE_WITHIN_MS = 4_500
const tell = (message: FromChild) => process.send?.(message)

async function run(options: ChildOptions): Promise<void> {
  let system: System | undefined = undefined
  const end = () => {
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref()
    // Cut off while starting: what was started so far has guards of its own.
    if (system === undefined) process.exit(1)
    void system.close().finally(() => process.exit(0))
  }
  process.on('disconnect', end)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined) // the parent decides
  process.on('message', (message: ToChild) => {
    if (message.kind === 'close' || system === undefined) return end()
    if (message.kind === 'stats') return tell({ kind: 'answer', id: message.id, value: statsOf(system) })
    system.host.faults.set(message.plan)
    tell({ kind: 'answer', id: message.id, value: null })
  })
  system = await startSystem(options)
  if (options.seed) await seedSystem(system)
  const health = await send(`${system.url}/api/health`)
  if (health.status !== 200) throw new Error(`the API answers ${health.status}: ${health.text}`)
  hangUp()
  tell({ kind: 'ready', url: system.url, signInUrl: system.signInUrl, payUrl: system.payUrl })
}

function statsOf({ host, engine }: System): ChildStats {
  const { user, system } = process.cpuUsage()
  return {
    ...host.stats(),
    hostPid: process.pid,
    enginePid: engine.pid,
    engineEndpoint: engine.endpoint,
    cpuSeconds: (user + system) / 1e6,
  }
}

if (process.send === undefined) throw new Error('this file is started by another process')
run(JSON.parse(process.argv[2] ?? '{}') as ChildOptions).catch((error: unknown) => {
  tell({ kind: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  setTimeout(() => process.exit(1), 200)
})
