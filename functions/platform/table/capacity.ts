import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import { optionalEnv } from '../env.ts'

const METERED = optionalEnv('METER_CAPACITY') !== undefined

/** What a request asks the service to report; nothing unless metering is on, for the report itself costs time. */
export const returnCapacity = METERED ? ({ ReturnConsumedCapacity: 'TOTAL' } as const) : {}

const METER_FLUSH_MS = 500
const sums = { readUnits: 0, writeUnits: 0 }
let timer: NodeJS.Timeout | undefined

export type Consumed = ConsumedCapacity | ConsumedCapacity[] | undefined

/** Adds up what the service says it charged and prints the sum now and then, for the benchmark to add over functions. */
export function meter(kind: 'read' | 'write', consumed: Consumed): void {
  if (!METERED || consumed === undefined) return
  for (const each of Array.isArray(consumed) ? consumed : [consumed]) {
    const units = each.CapacityUnits ?? 0
    if (kind === 'read') sums.readUnits += units
    else sums.writeUnits += units
  }
  timer ??= setTimeout(flush, METER_FLUSH_MS)
}

function flush(): void {
  timer = undefined
  process.stdout.write(`${JSON.stringify({ message: 'capacity', ...sums })}\n`)
  sums.readUnits = 0
  sums.writeUnits = 0
}
