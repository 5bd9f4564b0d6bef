import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { root } from './paths.ts'
import { callerPath, MissingHere } from './result.ts'

/** What a running system tells about itself in its data folder. */
const runSchema = z.object({ pid: z.int(), url: z.url(), signInUrl: z.url(), payUrl: z.url() })
export type RunFile = z.infer<typeof runSchema>

/** The data folder a tool means: its flag, else the environment's, else the project's own. */
export function dataDirOf(flag: string | undefined): string {
  return callerPath(flag ?? (process.env['MARKET_DATA_DIR'] || join(root, '.market')))
}

export function readRunFile(dataDir: string): RunFile {
  const file = join(dataDir, 'run.json')
  if (!existsSync(file)) throw new MissingHere(`no system runs on ${dataDir}: run \`npm start\` first`)
  return runSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}
