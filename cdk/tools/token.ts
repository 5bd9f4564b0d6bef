import { dataDirOf, readRunFile } from './run-file.ts'
import { MissingHere, readFlags, runTool } from './result.ts'
import { tokensOf } from './tokens.ts'

/** `npm run -s token -- worker-1`: a bearer token of the running system, by the real code flow of its own issuer. */
await runTool(async () => {
  const { values, positionals } = readFlags({ data: { type: 'string' }, issuer: { type: 'string' } }, 1)
  const issuer = values.issuer ?? readRunFile(dataDirOf(values.data)).signInUrl
  const token = await tokensOf(issuer)(positionals[0] ?? '').catch((error: unknown) => {
    throw new MissingHere(`no token from ${issuer}: ${error instanceof Error ? error.message : String(error)}`)
  })
  process.stdout.write(`${token}\n`)
  return undefined
})
