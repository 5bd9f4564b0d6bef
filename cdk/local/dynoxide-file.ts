import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'

/**
 * What the host does beside the embedded engine on the engine's own SQLite file: the index without which every write
 * slows down as the stream grows, a cheap look whether anything was written, reading the stream, and pruning.
 *
 * Every side transaction stays under ~10 ms and waits for the engine's lock with `busy_timeout`; the engine waits for
 * ours in the same way.
 */
export interface StreamRow {
  readonly eventName: string
  /** Keys, images and identity are JSON as the service writes it. */
  readonly keys: string
  readonly newImage: string | null
  readonly oldImage: string | null
  readonly sequence: string
  /** Epoch seconds. */
  readonly createdAt: number
  readonly userIdentity: string | null
}

export interface DynoxideFile {
  /** Changes whenever another connection (the engine) has committed. */
  readonly dataVersion: () => number
  /** At most `limit` records of a table's stream behind a sequence number, in the order of their commits. */
  readonly streamAfter: (tableName: string, sequence: string, limit: number) => readonly StreamRow[]
  /** Highest sequence number of a table's stream; 0 if it has no record. */
  readonly newestSequence: (tableName: string) => number
  /**
   * Deletes at most `limit` records of a table that every consumer has passed (`sequence <= passed`) and that were
   * written before `before` (epoch seconds). The newest record always stays: on an emptied table the engine restarts
   * its sequence at 1 and every consumer would go deaf. Returns how many were deleted.
   */
  readonly prune: (tableName: string, passed: bigint, before: number, limit: number) => number
  readonly close: () => void
}

const NEXT_SEQUENCE =
  'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?'
const READ_STREAM = `SELECT event_name AS eventName, keys_json AS keys, new_image AS newImage, old_image AS oldImage,
    sequence_number AS sequence, created_at AS createdAt, user_identity AS userIdentity
  FROM _stream_records WHERE table_name = ? AND CAST(sequence_number AS INTEGER) > ?
  ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT ?`

export function openDynoxideFile(file: string): DynoxideFile {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 5000')
    database.exec(`CREATE INDEX IF NOT EXISTS host_stream_sequence
      ON _stream_records(table_name, CAST(sequence_number AS INTEGER))`)
    // Of earlier days, when streams were read by asking the engine; nothing uses it, and every write would pay for it.
    database.exec('DROP INDEX IF EXISTS host_stream_shard_sequence')
    requireIndex(database, NEXT_SEQUENCE, ['t'])
    requireIndex(database, READ_STREAM, ['t', 0, 1])
  } catch (error) {
    database.close()
    throw error
  }
  const version = database.prepare('PRAGMA data_version')
  const stream = database.prepare(READ_STREAM)
  const newest = database.prepare(
    'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) AS newest FROM _stream_records WHERE table_name = ?',
  )
  const remove = database.prepare(
    `DELETE FROM _stream_records WHERE id IN (
       SELECT id FROM _stream_records
       WHERE table_name = ? AND CAST(sequence_number AS INTEGER) <= ? AND created_at < ?
       ORDER BY CAST(sequence_number AS INTEGER) LIMIT ?)`,
  )
  return {
    dataVersion: () => numberOf(version, 'data_version'),
    streamAfter: (tableName, sequence, limit) =>
      stream.all(tableName, BigInt(sequence), limit) as unknown as StreamRow[],
    newestSequence: (tableName) => numberOf(newest, 'newest', tableName),
    prune: (tableName, passed, before, limit) => {
      const last = BigInt(numberOf(newest, 'newest', tableName))
      const through = passed < last ? passed : last - 1n
      return through <= 0n ? 0 : Number(remove.run(tableName, through, before, limit).changes)
    },
    close: () => database.close(),
  }
}

function numberOf(statement: StatementSync, column: string, ...values: readonly string[]): number {
  return Number(statement.get(...values)?.[column] ?? 0)
}

function requireIndex(database: DatabaseSync, query: string, values: readonly (string | number)[]): void {
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...values)
  const details = plan.map((row) => String(row['detail'])).join('; ')
  if (details.includes('USING') && details.includes('host_stream_')) return
  throw new Error(
    `the engine would not use its stream indexes (${details}); its schema is not the one that was measured`,
  )
}
