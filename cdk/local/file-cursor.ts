import type { DynoxideFile, StreamRow } from './dynoxide-file.ts'
import { type Cursor, PAGE, type StreamRecord } from './stream-cursor.ts'
import type { LocalTable } from './tables.ts'

/**
 * Reads a table's stream out of the embedded engine's own file. Asking the engine costs it 0.13 ms a record while it
 * writes for nobody, an eighth of all it does for an order; the file gives the same records, in the order of their commits,
 * for a fiftieth. Both readers have to pass the same tests.
 */
export class FileCursor implements Cursor {
  readonly #file: DynoxideFile
  readonly #table: LocalTable
  #position: string

  constructor(file: DynoxideFile, table: LocalTable, position: string) {
    this.#file = file
    this.#table = table
    this.#position = position
  }

  get position(): string {
    return this.#position
  }

  next(): Promise<readonly StreamRecord[]> {
    const rows = this.#file.streamAfter(this.#table.name, this.#position, PAGE)
    this.#position = rows.at(-1)?.sequence ?? this.#position
    return Promise.resolve(rows.map((row) => recordOf(row, this.#table.streamViewType)))
  }
}

/** As `GetRecords` would give it. The size is that of the text, a little more than the service counts. */
function recordOf(row: StreamRow, viewType: string | undefined): StreamRecord {
  return {
    eventID: row.sequence,
    eventName: row.eventName,
    eventVersion: '1.1',
    ...(row.userIdentity === null ? {} : { userIdentity: JSON.parse(row.userIdentity) as unknown }),
    dynamodb: {
      ApproximateCreationDateTime: row.createdAt,
      Keys: JSON.parse(row.keys) as Record<string, unknown>,
      ...(row.newImage === null ? {} : { NewImage: JSON.parse(row.newImage) as unknown }),
      ...(row.oldImage === null ? {} : { OldImage: JSON.parse(row.oldImage) as unknown }),
      SequenceNumber: row.sequence,
      SizeBytes: row.keys.length + (row.newImage?.length ?? 0) + (row.oldImage?.length ?? 0),
      StreamViewType: viewType,
    },
  }
}
