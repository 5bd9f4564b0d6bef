import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FaultPlan } from '../../local/host.ts'
import type { ChildOptions, ChildStats, FromChild, ToChild } from './system-process.ts'

/** A system of our own on temporary data and free ports; closing it removes the data. */
export type OwnSystem = {
  readonly url: string
  readonly signInUrl: string
  readonly payUrl: string
  readonly dataDir: string
  readonly setFaults: (plan: FaultPlan | null) => Promise<void>
  readonly stats: () => Promise<ChildStats>
  readonly close: () => Promise<void>
}

const KILL_AFTER_MS = 6_000

export type OwnOptions = Omit<ChildOptions, 'dataDir' | 'log'> & {
  /** Kept when it is given. */
  readonly dataDir?: string | undefined
  /** Told at once how to end it, for somebody who is interrupted while it starts. */
  readonly whenSpawned?: (close: () => Promise<void>) => void
}

export async function startOwnSystem({ whenSpawned, ...options }: OwnOptions): Promise<OwnSystem> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'xianglai-own-'))
  const remove = () => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  const script = fileURLToPath(new URL('system-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify({ ...options, dataDir })], {
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const close = async () => {
    await ended(child)
    remove()
  }
  whenSpawned?.(close)
  try {
    const { url, signInUrl, payUrl } = await readiness(child)
    const ask = asker(child)
    return {
      url,
      signInUrl,
      payUrl,
      dataDir,
      setFaults: async (plan) => void (await ask((id) => ({ kind: 'faults', id, plan }))),
      stats: async () => (await ask((id) => ({ kind: 'stats', id }))) as ChildStats,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function readiness(child: ChildProcess): Promise<Extract<FromChild, { kind: 'ready' }>> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromChild) => {
      if (message.kind === 'ready') resolve(message)
      if (message.kind === 'failed') reject(new Error(message.why))
    })
    child.once('exit', (code) => reject(new Error(`the system ended with code ${code} before it was ready`)))
  })
}

function asker(child: ChildProcess): (make: (id: number) => ToChild) => Promise<unknown> {
  let next = 1
  return (make) =>
    new Promise((resolve, reject) => {
      const id = next++
      const hear = (message: FromChild) => {
        if (message.kind !== 'answer' || message.id !== id) return
        child.off('message', hear)
        resolve(message.value)
      }
      child.on('message', hear)
      child.send(make(id), (error) => (error === null ? undefined : reject(error)))
    })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS)
    child.once('exit', () => {
      clearTimeout(late)
      resolve()
    })
    if (child.connected) child.send({ kind: 'close' } satisfies ToChild)
    else child.kill('SIGTERM')
  })
}
