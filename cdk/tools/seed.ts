import { dataDirOf, readRunFile } from './run-file.ts'
import { readFlags, runTool } from './result.ts'
import { seedSystem } from './seed-system.ts'
import { tokensOf } from './tokens.ts'

/** `npm run seed`: loads the district into the running system, or what is missing of it. */
await runTool(async () => {
  const { values } = readFlags({ data: { type: 'string' } })
  const dataDir = dataDirOf(values.data)
  const { url, signInUrl } = readRunFile(dataDir)
  const startedMs = performance.now()
  const loaded = await seedSystem({ url, dataDir, token: tokensOf(signInUrl) })
  return { ...loaded, seconds: Math.round(performance.now() - startedMs) / 1_000, ok: true }
})
