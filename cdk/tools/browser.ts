import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { MissingHere, say } from './result.ts'

/** The first is Chromium without its windows: nobody looks at them here, and they take a third of the work. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const PACKAGES = ['chromium', 'fonts-noto-cjk']

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/**
 * The browser for journeys and pictures: `$CHROME_PATH`, else one on PATH, else installed where that is possible without
 * asking anybody (root with apt-get), and said so. Otherwise one line names the command.
 */
export function findBrowser(): string {
  const named = process.env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named
    throw new MissingHere(`CHROME_PATH=${named} is not a program`)
  }
  const found = onPath(NAMES)
  if (found !== undefined) return found
  const command = `apt-get install -y --no-install-recommends ${PACKAGES.join(' ')}`
  if (process.getuid?.() !== 0 || onPath(['apt-get']) === undefined) {
    throw new MissingHere(`a browser is missing: run \`sudo ${command}\` or set CHROME_PATH`)
  }
  say(`browser: none found, installing with \`${command}\``)
  install(command)
  const installed = onPath(NAMES)
  if (installed === undefined) throw new MissingHere(`a browser is missing: \`${command}\` did not bring one`)
  return installed
}

function install(command: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const each of ['apt-get update', command]) {
    const [program = '', ...args] = each.split(' ')
    const { status } = spawnSync(program, args, { stdio: ['ignore', 2, 2], env })
    if (status !== 0) throw new MissingHere(`a browser is missing: \`${each}\` failed with code ${status}`)
  }
}
