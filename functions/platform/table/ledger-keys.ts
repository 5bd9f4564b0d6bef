import type { Key } from './keys.ts'

/**
 * All keys of the `ledger` table, and its numbered access patterns.
 *
 * | no. | who asks                                      | how                                                             |
 * |-----|-----------------------------------------------|-----------------------------------------------------------------|
 * | L1  | what a fund is now                            | get `FUND#<fund>` / `HEAD`                                      |
 * | L2  | entries by sequence number, either way        | query `FUND#<fund>`, between `E#<seq>` and `E#<seq>`            |
 * | L3  | finished days with their root and sums        | query `FUND#<fund>`, between `DAY#<day>` and `DAY#<day>`        |
 * | L4  | whether an event is posted, and how its sale stands | get `FUND#<fund>#M#<eventId>` / `MARKER`                  |
 * | L5  | event days that were compared and sealed      | query `FUND#<fund>`, between `SEAL#<day>` and `SEAL#<day>`      |
 * | L6  | how far the sweep has come                    | get `FUND#<fund>` / `CHECK`                                     |
 * | L7  | roots of days over all funds                  | query `ROOTS`, between `DAY#<day>` and `DAY#<day>`              |
 * | L8  | what a day's root was made of                 | query `ROOTS#<day>`, `PART#…`                                   |
 * | L9  | what left a fund's pot without being spent    | query `FUND#<fund>#BACK`, between `E#<seq>` and `E#<seq>`       |
 *
 * A marker has a partition of its own: markers are read and written by their event's id alone, so the fund's partition
 * carries one write for each entry and one for each transaction, and never grows hot from looking up the past.
 */
const SEQ_DIGITS = 12

const seqSk = (seq: number) => `E#${String(seq).padStart(SEQ_DIGITS, '0')}`

const fundPk = (fundId: string) => `FUND#${fundId}`

export const ledgerKeys = {
  fundPk,
  head: (fundId: string): Key => ({ PK: fundPk(fundId), SK: 'HEAD' }),
  entry: (fundId: string, seq: number): Key => ({ PK: fundPk(fundId), SK: seqSk(seq) }),
  takeBack: (fundId: string, seq: number): Key => ({ PK: `${fundPk(fundId)}#BACK`, SK: seqSk(seq) }),
  closedDay: (fundId: string, day: string): Key => ({ PK: fundPk(fundId), SK: `DAY#${day}` }),
  seal: (fundId: string, day: string): Key => ({ PK: fundPk(fundId), SK: `SEAL#${day}` }),
  check: (fundId: string): Key => ({ PK: fundPk(fundId), SK: 'CHECK' }),
  rootsPk: 'ROOTS',
  dayRoot: (day: string): Key => ({ PK: 'ROOTS', SK: `DAY#${day}` }),
  /** The funds of a root, some hundreds a part: an item holds 400 KB. */
  rootPart: (day: string, part: number): Key => ({ PK: `ROOTS#${day}`, SK: `PART#${String(part).padStart(4, '0')}` }),
  /**
   * `eventId` as entries have it: `sale:…`, `reversal:…` or a movement's; a settlement is told by its sale's marker. A project's
   * marker is `project:…`.
   */
  marker: (fundId: string, eventId: string): Key => ({ PK: `${fundPk(fundId)}#M#${eventId}`, SK: 'MARKER' }),
} as const
