import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Writes `inside/*.ts` as plain JavaScript into the data folder and returns the URL of one of them. Each worker that
 * loaded TypeScript itself would hold its own compiler: 10 MB and 35 ms per function.
 */
export function prepareInside(dataDir: string): (name: string) => URL {
  const source = fileURLToPath(new URL('./inside/', import.meta.url))
  const target = join(dataDir, 'host-inside')
  mkdirSync(target, { recursive: true })
  for (const name of readdirSync(source).filter((file) => file.endsWith('.ts'))) {
    const stripped = strip(readFileSync(join(source, name), 'utf8'))
    const code = stripped.replaceAll(/from '(\.\/[\w-]+)\.ts'/g, "from '$1.mjs'")
    writeFileSync(join(target, name.replace(/\.ts$/, '.mjs')), code)
  }
  return (name) => pathToFileURL(join(target, `${name}.mjs`))
}

/** Node marks the function experimental; the warning would greet everyone who starts the system. */
function strip(code: string): string {
  const emitWarning = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(code)
  } finally {
    process.emitWarning = emitWarning
  }
}
