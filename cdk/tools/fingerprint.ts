import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { buildDir, root } from './paths.ts'

/** Content hash of files and folders (paths relative to the project), so that nothing unchanged is made twice. */
export function fingerprint(paths: readonly string[], extra = ''): string {
  const hash = createHash('sha256').update(extra)
  for (const path of paths) {
    for (const file of filesUnder(join(root, path))) {
      hash.update(`\n${relative(root, file)}\n`).update(readFileSync(file))
    }
  }
  return hash.digest('hex')
}

/** Every file under a path, in a fixed order; made files and hidden folders are left out. */
export function filesUnder(path: string): readonly string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules' && entry.name !== 'build')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesUnder(join(path, entry.name)))
}

const stampFile = (name: string) => join(buildDir, 'stamps', name)

/** Runs `make` unless its last run had the same fingerprint and what it made is still there. Returns whether it ran. */
export async function unlessUnchanged(
  name: string,
  mark: string,
  made: readonly string[],
  make: () => Promise<void>,
): Promise<boolean> {
  const stamp = stampFile(name)
  const known = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
  if (known === mark && made.every((path) => existsSync(path))) return false
  await make()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, mark)
  return true
}
