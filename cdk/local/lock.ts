import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * One system per data folder. The lock itself is an open SQLite transaction, so the kernel frees it when its holder
 * dies, however it dies, and no stale lock has to be recognised; `host.lock` beside it only says who holds it.
 */

interface Held {
  readonly database: DatabaseSync
  readonly roles: Set<string>
}

const heldHere = new Map<string, Held>()

function holderOf(file: string): string {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && 'pid' in parsed) return `process ${String(parsed.pid)}`
  } catch {
    // The holder has the lock and has not written its name yet.
  }
  return 'another process'
}

/**
 * Takes the folder for one role ('engine' or 'host'; one process may hold both, each once) or throws an error that
 * names the holder. Returns the function that gives it back.
 */
export function lockDataDir(dataDir: string, role: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const note = join(dataDir, 'host.lock')
  const held = heldHere.get(note) ?? take(dataDir, note)
  if (held.roles.has(role))
    throw new Error(`data folder ${dataDir} is in use by this process (${process.pid}, ${role})`)
  held.roles.add(role)
  heldHere.set(note, held)
  return () => {
    if (!held.roles.delete(role) || held.roles.size > 0) return
    heldHere.delete(note)
    rmSync(note, { force: true })
    held.database.close()
  }
}

function take(dataDir: string, note: string): Held {
  const database = new DatabaseSync(join(dataDir, 'host.lock.sqlite'))
  try {
    database.exec('PRAGMA busy_timeout = 200; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!(error instanceof Error) || !/locked|busy/i.test(error.message)) throw error
    throw new Error(`data folder ${dataDir} is in use by ${holderOf(note)}; stop it first or give another folder`, {
      cause: error,
    })
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }))
  return { database, roles: new Set() }
}
