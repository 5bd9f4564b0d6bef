import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedSystem } from '../../cdk/tools/seed-system.ts'
import { startSystem } from '../../cdk/tools/system.ts'

/** One seeded system for all journeys that only use it; `test/fixtures/system.ts` finds it by `XIANGLAI_RUN`. */
export default async function sharedSystem(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.XIANGLAI_RUN !== undefined) return undefined
  const dataDir = mkdtempSync(join(tmpdir(), 'xianglai-journeys-'))
  const system = await startSystem({ dataDir })
  await seedSystem(system)
  const runFile = join(dataDir, 'shared-run.json')
  writeFileSync(runFile, JSON.stringify({ url: system.url, signInUrl: system.signInUrl, payUrl: system.payUrl }))
  process.env.XIANGLAI_RUN = runFile
  return async () => {
    await system.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
