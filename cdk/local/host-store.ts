import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What the host itself has to remember over restarts: stream positions, when schedules last fired, queues. */
export interface HostStore {
  /** Position per virtual shard of a mapping; `undefined` for a mapping never seen before. */
  readonly readPositions: (mapping: string) => StoredPositions | undefined
  readonly writePosition: (mapping: string, shard: number, sequence: string) => void
  readonly resetPositions: (mapping: string, stream: string, sequences: readonly string[]) => void
  readonly lastFired: (schedule: string) => number | undefined
  readonly writeLastFired: (schedule: string, at: number) => void
  /** Appends a message to a queue: one JSON line in `host-queues/<name>.jsonl`. */
  readonly enqueue: (queue: string, body: unknown) => void
  readonly close: () => void
}

export interface StoredPositions {
  /** Identity of the stream the positions belong to: a table made anew has another one. */
  readonly stream: string
  readonly sequences: readonly string[]
}

export function openHostStore(dataDir: string): HostStore {
  mkdirSync(join(dataDir, 'host-queues'), { recursive: true })
  const database = new DatabaseSync(join(dataDir, 'host.sqlite'))
  // NORMAL keeps every write over a killed process; after a power cut a position may be a little old, which only
  // repeats deliveries.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;
    CREATE TABLE IF NOT EXISTS positions (
      mapping TEXT NOT NULL, shard INTEGER NOT NULL, stream TEXT NOT NULL, sequence TEXT NOT NULL,
      PRIMARY KEY (mapping, shard)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS schedules (name TEXT PRIMARY KEY, last_fired INTEGER NOT NULL) WITHOUT ROWID;`)
  const select = database.prepare('SELECT stream, sequence FROM positions WHERE mapping = ? ORDER BY shard')
  const update = database.prepare('UPDATE positions SET sequence = ? WHERE mapping = ? AND shard = ?')
  const insert = database.prepare('INSERT INTO positions (mapping, shard, stream, sequence) VALUES (?, ?, ?, ?)')
  const clear = database.prepare('DELETE FROM positions WHERE mapping = ?')
  const fired = database.prepare('SELECT last_fired FROM schedules WHERE name = ?')
  const fire = database.prepare('INSERT OR REPLACE INTO schedules (name, last_fired) VALUES (?, ?)')
  return {
    readPositions: (mapping) => {
      const rows = select.all(mapping)
      const first = rows[0]
      return first && { stream: String(first['stream']), sequences: rows.map((row) => String(row['sequence'])) }
    },
    writePosition: (mapping, shard, sequence) => {
      update.run(sequence, mapping, shard)
    },
    resetPositions: (mapping, stream, sequences) => {
      database.exec('BEGIN')
      clear.run(mapping)
      sequences.forEach((sequence, shard) => insert.run(mapping, shard, stream, sequence))
      database.exec('COMMIT')
    },
    lastFired: (schedule) => {
      const row = fired.get(schedule)
      return row === undefined ? undefined : Number(row['last_fired'])
    },
    writeLastFired: (schedule, at) => {
      fire.run(schedule, at)
    },
    enqueue: (queue, body) => {
      const message = { sentAt: new Date().toISOString(), body }
      appendFileSync(
        join(dataDir, 'host-queues', `${queue.replaceAll(/[^\w.-]/g, '_')}.jsonl`),
        `${JSON.stringify(message)}\n`,
      )
    },
    close: () => database.close(),
  }
}
