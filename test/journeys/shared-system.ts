import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedSystem } from '../../cdk/tools/seed-system.ts'
import { startSystem } from '../../cdk/tools/system.ts'

/**
 * One seeded system for all journeys that only use it; `test/fixtures/system.ts` waits for the file `XIANGLAI_RUN` that names
 * it. It comes up while journeys that need a system of their own run already.
 */
export default function sharedSystem(): (() => Promise<void>) | undefined {
  if (process.env.XIANGLAI_RUN !== undefined) return undefined
  const dataDir = mkdtempSync(join(tmpdir(), 'xianglai-journeys-'))
  const runFile = join(dataDir, 'shared-run.json')
  process.env.XIANGLAI_RUN = runFile
  const starting = start(dataDir, runFile)
  return async () => {
    const system = await starting
    await system?.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function start(dataDir: string, runFile: string) {
  try {
    const system = await startSystem({ dataDir, tickSeconds: 4 })
    try {
      await seedSystem(system)
    } catch (error) {
      await system.close()
      throw error
    }
    const { url, signInUrl, payUrl } = system
    tell(runFile, { url, signInUrl, payUrl })
    return system
  } catch (error) {
    tell(runFile, { failed: String(error) })
    return undefined
  }
}

/** Whole or not at all: others are looking. */
function tell(runFile: string, what: object): void {
  writeFileSync(`${runFile}.new`, JSON.stringify(what))
  renameSync(`${runFile}.new`, runFile)
}
