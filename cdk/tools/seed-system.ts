import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shanghaiDay } from '../../shared/kernel/time.ts'
import { say } from './result.ts'
import { buildDistrictSeed } from './seed/district.ts'
import { ensureOpenGroupBuys, loadSeed, type Loaded } from './seed/load.ts'
import { openSeedBook } from './seed/open-book.ts'
import { readSeedTexts } from './seed/read-data.ts'
import type { DistrictSeed } from './seed/types.ts'

export type Seedable = {
  readonly url: string
  readonly dataDir: string
  readonly token: (account: string) => Promise<string>
}

/** Written when everything is in: a first load that was cut off is taken up again, for loading twice changes nothing. */
const loadedFile = (dataDir: string) => join(dataDir, 'seed.json')

/** On the first start the whole district; on later ones only what there has to be to order something today. */
export async function seedSystem(
  system: Seedable,
  choose: (district: DistrictSeed) => DistrictSeed = (district) => district,
): Promise<Loaded | { readonly groupBuysOpened: number }> {
  const now = new Date().toISOString()
  const seed = choose(buildDistrictSeed(readSeedTexts(), shanghaiDay(now)))
  const options = { apiUrl: system.url, token: system.token, seed, now, log: say }
  if (existsSync(loadedFile(system.dataDir))) return { groupBuysOpened: await ensureOpenGroupBuys(options) }
  const loaded = await loadSeed(options)
  const startedMs = performance.now()
  const entries = await openSeedBook(options)
  say(`seed: ${entries} entries of common revenue, ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  writeFileSync(loadedFile(system.dataDir), `${JSON.stringify({ loadedAt: now, ...loaded })}\n`)
  return loaded
}
