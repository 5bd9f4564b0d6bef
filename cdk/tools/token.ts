import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getToken } from '../local/sign-in/get-token.ts'
import { root } from './paths.ts'
import { callerPath, MissingHere, readFlags, runTool } from './result.ts'

/** `npm run -s token -- worker-1`: a bearer token of the running system, by the real code flow of its own issuer. */
await runTool(async () => {
  const { values, positionals } = readFlags({ data: { type: 'string' }, issuer: { type: 'string' } }, 1)
  const issuer =
    values.issuer ?? issuerOf(callerPath(values.data ?? process.env['MARKET_DATA_DIR'] ?? join(root, '.market')))
  const { accessToken } = await getToken({ issuer, account: positionals[0] ?? '' }).catch((error: unknown) => {
    throw new MissingHere(`no token from ${issuer}: ${error instanceof Error ? error.message : String(error)}`)
  })
  process.stdout.write(`${accessToken}\n`)
  return undefined
})

function issuerOf(dataDir: string): string {
  const file = join(dataDir, 'run.json')
  if (!existsSync(file)) throw new MissingHere(`no system runs on ${dataDir}: run \`npm start\` first`)
  const run: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const url = typeof run === 'object' && run !== null && 'signInUrl' in run ? String(run.signInUrl) : ''
  return url
}
