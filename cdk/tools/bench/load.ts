import { percentile } from '../demo/lag.ts'

/** Lanes that each begin the next piece of work when the last is done, for so long; latencies are of whole pieces. */
export type Rate = { readonly perS: number; readonly p50Ms: number; readonly p95Ms: number; readonly p99Ms: number }
export type Ran = { readonly rate: Rate; readonly count: number; readonly seconds: number }

export async function runLanes(lanes: number, forMs: number, work: (lane: number) => Promise<void>): Promise<Ran> {
  const startedMs = performance.now()
  const latencies: number[] = []
  const lane = async (_none: unknown, at: number) => {
    while (performance.now() - startedMs < forMs) {
      const fromMs = performance.now()
      await work(at)
      latencies.push(performance.now() - fromMs)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const seconds = (performance.now() - startedMs) / 1_000
  latencies.sort((left, right) => left - right)
  const at = (percent: number) => Math.round(percentile(latencies, percent) * 10) / 10
  const rate = { perS: round(latencies.length / seconds), p50Ms: at(50), p95Ms: at(95), p99Ms: at(99) }
  return { rate, count: latencies.length, seconds }
}

export function round(figure: number, digits = 1): number {
  return Math.round(figure * 10 ** digits) / 10 ** digits
}
