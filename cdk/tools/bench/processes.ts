import { readFileSync } from 'node:fs'
import type { ChildStats } from '../demo/system-process.ts'

/** Resident memory in MB of the processes a system consists of, as the kernel counts it; 0 where there is no /proc. */
export function processMemory(stats: ChildStats): Readonly<Record<'host' | 'engine' | 'web', number>> {
  return { host: residentMb(stats.hostPid), engine: residentMb(stats.enginePid), web: residentMb(stats.webPid) }
}

function residentMb(pid: number | undefined): number {
  if (pid === undefined) return 0
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kilobytes ?? 0) / 1_024)
  } catch {
    return 0
  }
}
