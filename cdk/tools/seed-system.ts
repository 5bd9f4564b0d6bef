import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.ts'
import { say } from './result.ts'
import type { System } from './system.ts'

/** Loads the district through the API on the first start; later starts make sure that there is something to order. */
export async function seedSystem(system: Pick<System, 'url' | 'token' | 'dataDir'>): Promise<void> {
  const loader = join(root, 'cdk', 'tools', 'seed', 'load.ts')
  if (!existsSync(loader)) return say(`seed: nothing to load with yet (${system.url})`)
}
