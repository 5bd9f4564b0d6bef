import { isAbsolute, resolve } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'

/**
 * What every tool has in common: one JSON object as the last line on stdout, everything else on stderr; exit 0 ok,
 * 1 a check failed, 2 usage, 3 something is missing (one line says what, and the command that brings it).
 */
export const NEEDED_NODE = 24

/** The caller used the tool wrongly. */
export class Usage extends Error {
  override readonly name = 'Usage'
}

/** Something has to be brought to this machine first; the message ends with the command that brings it. */
export class MissingHere extends Error {
  override readonly name = 'MissingHere'
}

/** The system said no, or what it said is wrong: one line says what, and nothing in this tool is to blame. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Paths of the command line are the caller's, also when npm has changed into the project's folder. */
export function callerPath(path: string): string {
  return isAbsolute(path) ? path : resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
}

type Options = NonNullable<ParseArgsConfig['options']>

/** Parses flags strictly; an unknown flag or a stray word is a usage error. */
export function readFlags<const O extends Options>(
  options: O,
  positionals: 0 | 1 | 'any' = 0,
  args = process.argv.slice(2),
) {
  try {
    const parsed = parseArgs({ args, options, strict: true, allowPositionals: positionals !== 0 })
    if (positionals === 1 && parsed.positionals.length !== 1) throw new Usage('exactly one argument is expected')
    return parsed
  } catch (error) {
    if (error instanceof Usage) throw error
    throw new Usage(error instanceof Error ? error.message : String(error))
  }
}

/** A port or `undefined`; anything else is a usage error. */
export function portFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_533) throw new Usage(`--port ${text} is not a port`)
  return port
}

export type Result = Readonly<Record<string, unknown>> & { readonly ok?: boolean }

/** Runs a tool: prints its result as the last line and sets the exit code by the rule above. */
export async function runTool(work: () => Promise<Result | undefined>): Promise<void> {
  try {
    const major = Number(process.versions.node.split('.')[0])
    if (major < NEEDED_NODE) {
      throw new MissingHere(
        `Node ${NEEDED_NODE} is needed and this is ${process.version}: run \`npm ci\` and use the npm scripts`,
      )
    }
    const result = await work()
    if (result !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`)
    process.exitCode = result?.ok === false ? 1 : 0
  } catch (error) {
    process.exitCode = exitCodeOf(error)
    if (error instanceof Usage || error instanceof MissingHere || error instanceof Refused) say(error.message)
    else say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Usage) return 2
  return error instanceof MissingHere ? 3 : 1
}
