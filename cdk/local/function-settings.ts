import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Grant } from './inside/permissions.ts'
import { RefusedByHost } from './resource-types.ts'

/** What the template says of one function, resolved. */
export interface FunctionSettings {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly roleArn: string
  readonly handler: string
  readonly assetDir: string
  readonly timeoutMs: number
  readonly memorySize: number
  readonly environment: Readonly<Record<string, string>>
  readonly grants: readonly Grant[]
  /** Run behind the AWS Lambda Web Adapter: a web server in a process of its own. */
  readonly web: boolean
}

/** Finds `index.mjs`, `.js` or `.cjs` for the handler `index.handler`. */
export function entryOf(settings: FunctionSettings): { readonly entry: string; readonly handler: string } {
  const dot = settings.handler.lastIndexOf('.')
  const file = settings.handler.slice(0, dot)
  for (const extension of ['mjs', 'js', 'cjs']) {
    const path = join(settings.assetDir, `${file}.${extension}`)
    if (existsSync(path)) return { entry: pathToFileURL(path).href, handler: settings.handler.slice(dot + 1) }
  }
  throw new RefusedByHost(`${settings.logicalId}: handler ${settings.handler} has no file in ${settings.assetDir}`)
}
