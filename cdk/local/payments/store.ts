import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { decode as decodeDoc, encode } from './codec.ts'
import type { Documents, ExtraOf, Kind } from './documents.ts'

const schema = `
create table if not exists objects (
  seq integer primary key, kind text not null, id text not null unique, created integer not null,
  ref text, due integer, doc text not null, extra text) strict;
create index if not exists objects_by_kind on objects (kind, created, seq);
create index if not exists objects_by_ref on objects (kind, ref, created, seq) where ref is not null;
create index if not exists objects_by_due on objects (due) where due is not null;
create table if not exists keys (
  seq integer primary key, key text not null unique, request text not null, status integer not null, kind text, body text not null,
  created integer not null) strict;
create index if not exists keys_by_created on keys (created);
create table if not exists deliveries (
  id integer primary key autoincrement, event text not null, type text not null, state text not null, attempts integer not null,
  next_at integer not null, status integer, latency_ms real, created_at integer not null, answered_at integer, error text) strict;
create index if not exists deliveries_by_event on deliveries (event);
create index if not exists deliveries_pending on deliveries (next_at) where state = 'pending';
create table if not exists settings (name text primary key, value text not null) strict, without rowid;
`

export interface Stored<K extends Kind> {
  doc: Documents[K]
  extra: ExtraOf<K>
}

/** Where a document is found again: `ref` is the one foreign id that lists filter by; `due` the moment (ms) when something happens. */
export interface Place {
  ref?: string | null
  dueMs?: number | null
}

export interface ListQuery {
  kind: Kind
  refs?: string[]
  created?: { gt?: number; gte?: number; lt?: number; lte?: number }
  /** Exclusive cursors: the page after (older than) or before (newer than) this id. */
  startingAfter?: string
  endingBefore?: string
  limit: number
}

/** A provider that answers a little later is like any other; one that writes its log for each request costs a core. */
const GATHER_MS = 4

interface Position {
  created: number
  seq: number
}

/**
 * One SQLite file: a JSON document per object, found by id, by kind and time, and by one reference. With a write-ahead log and
 * synchronous=NORMAL everything acknowledged survives the death of the process (a power cut may take the last moments).
 */
export class Store {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #writing = false
  #group: PromiseWithResolvers<void> | undefined
  #commitSoon: NodeJS.Timeout | undefined
  #afterCommit: (() => void)[] = []

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true })
    this.#database = new DatabaseSync(join(dataDir, 'payments.sqlite'), { timeout: 5000 })
    this.#database.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000; pragma wal_autocheckpoint = 8000; pragma temp_store = memory',
    )
    this.#database.exec(schema)
  }

  /** A prepared statement, kept by its text. */
  sql(text: string): StatementSync {
    const known = this.#statements.get(text)
    if (known) return known
    const made = this.#database.prepare(text)
    this.#statements.set(text, made)
    return made
  }

  /**
   * All or nothing; nested calls join the outer one. What is written within a few milliseconds is committed together, so an answer
   * may leave only after `durable()`.
   */
  write<T>(work: () => T): T {
    if (this.#writing) return work()
    const first = this.#group === undefined
    if (first) this.#openGroup()
    else this.sql('savepoint work').run()
    this.#writing = true
    const callbacks = this.#afterCommit.length
    try {
      const result = work()
      if (!first) this.sql('release work').run()
      return result
    } catch (error) {
      if (first) this.#abandonGroup()
      else this.#undoWork(callbacks)
      throw error
    } finally {
      this.#writing = false
    }
  }

  /** The first work of a group failed: there is nothing else in it. */
  #abandonGroup(): void {
    clearTimeout(this.#commitSoon)
    this.sql('rollback').run()
    this.#afterCommit = []
    this.#group?.resolve()
    this.#group = undefined
  }

  /** A later work failed: what the others of its group wrote stays. */
  #undoWork(callbacks: number): void {
    this.sql('rollback to work').run()
    this.sql('release work').run()
    this.#afterCommit.length = callbacks
  }

  #openGroup(): void {
    this.sql('begin immediate').run()
    this.#group = Promise.withResolvers<void>()
    this.#group.promise.catch(() => undefined) // whoever waits for it hears of it
    this.#commitSoon = setTimeout(() => this.commit(), GATHER_MS)
  }

  /** Resolves once everything written so far is in the file; rejects if it could not be written. */
  async durable(): Promise<void> {
    await this.#group?.promise
  }

  /** Ends the group at once. */
  commit(): void {
    const group = this.#group
    if (!group) return
    clearTimeout(this.#commitSoon)
    this.#group = undefined
    const callbacks = this.#afterCommit
    this.#afterCommit = []
    try {
      this.sql('commit').run()
    } catch (error) {
      this.#database.exec('rollback')
      group.reject(error)
      return
    }
    group.resolve()
    for (const run of callbacks) run()
  }

  /** Runs once what is being written is durable; never, if it is rolled back. */
  afterCommit(run: () => void): void {
    this.#afterCommit.push(run)
  }

  insert<K extends Kind>(kind: K, doc: Documents[K], extra: ExtraOf<K>, place: Place = {}): void {
    this.sql('insert into objects (kind, id, created, ref, due, doc, extra) values (?, ?, ?, ?, ?, ?, ?)').run(
      kind,
      doc.id,
      doc.created,
      place.ref ?? null,
      place.dueMs ?? null,
      encode(kind, doc),
      extra === undefined ? null : JSON.stringify(extra),
    )
  }

  update<K extends Kind>(kind: K, doc: Documents[K], extra: ExtraOf<K>, place: Place = {}): void {
    const changed = this.sql('update objects set doc = ?, extra = ?, ref = ?, due = ? where id = ? and kind = ?').run(
      encode(kind, doc),
      extra === undefined ? null : JSON.stringify(extra),
      place.ref ?? null,
      place.dueMs ?? null,
      doc.id,
      kind,
    )
    if (changed.changes !== 1) throw new Error(`no ${kind} ${doc.id} to update`)
  }

  get<K extends Kind>(kind: K, id: string): Stored<K> | undefined {
    const row = this.sql('select doc, extra from objects where id = ? and kind = ?').get(id, kind)
    return row && decodeRow<K>(kind, row)
  }

  /** Objects of any kind whose moment has come, earliest first. */
  due(nowMs: number, limit: number): { kind: string; id: string }[] {
    return this.sql('select kind, id from objects where due <= ? order by due limit ?')
      .all(nowMs, limit)
      .map((row) => ({ kind: String(row.kind), id: String(row.id) }))
  }

  #position(kind: Kind, id: string): Position | undefined {
    const row = this.sql('select created, seq from objects where id = ? and kind = ?').get(id, kind)
    return row && { created: Number(row.created), seq: Number(row.seq) }
  }

  hasCursor(kind: Kind, id: string): boolean {
    return this.#position(kind, id) !== undefined
  }

  /** Newest first, as Stripe lists. `hasMore` tells of a further page in the direction asked. */
  list<K extends Kind>(query: ListQuery & { kind: K }): { items: Stored<K>[]; hasMore: boolean } {
    const conditions = ['kind = ?']
    const values: SQLInputValue[] = [query.kind]
    if (query.refs) {
      conditions.push(query.refs.length === 1 ? 'ref = ?' : 'ref in (select value from json_each(?))')
      values.push(query.refs.length === 1 ? (query.refs[0] ?? '') : JSON.stringify(query.refs))
    }
    for (const [word, sign] of [
      ['gt', '>'],
      ['gte', '>='],
      ['lt', '<'],
      ['lte', '<='],
    ] as const) {
      const bound = query.created?.[word]
      if (bound === undefined) continue
      conditions.push(`created ${sign} ?`)
      values.push(bound)
    }
    const cursor = query.startingAfter ?? query.endingBefore
    const backwards = query.startingAfter === undefined && query.endingBefore !== undefined
    const position = cursor === undefined ? undefined : this.#position(query.kind, cursor)
    if (position) {
      conditions.push(`(created, seq) ${backwards ? '>' : '<'} (?, ?)`)
      values.push(position.created, position.seq)
    }
    const order = backwards ? 'asc' : 'desc'
    const text = `select doc, extra from objects where ${conditions.join(' and ')} order by created ${order}, seq ${order} limit ?`
    const rows = this.sql(text).all(...values, query.limit + 1)
    const items = rows.slice(0, query.limit).map((row) => decodeRow<K>(query.kind, row))
    return { items: backwards ? items.reverse() : items, hasMore: rows.length > query.limit }
  }

  setting(name: string): string | undefined {
    const row = this.sql('select value from settings where name = ?').get(name)
    return row && String(row.value)
  }

  saveSetting(name: string, value: string): void {
    this.sql(
      'insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
    ).run(name, value)
  }

  close(): void {
    this.commit()
    this.#database.close()
  }
}

/** The one place where stored JSON becomes a typed document: this file wrote it. */
function decodeRow<K extends Kind>(kind: K, row: Record<string, unknown>): Stored<K> {
  const doc = decodeDoc(kind, String(row.doc))
  const extra: unknown = row.extra === null ? undefined : JSON.parse(String(row.extra))
  return { doc, extra } as Stored<K>
}
