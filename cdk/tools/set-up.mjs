import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The first step of every script: brings the packages when they are missing or older than the lock file. It runs on the
 * machine's own Node (20 or newer) with nothing installed, says nothing when there is nothing to do, and says in one
 * line what is missing when it cannot help itself (exit 3).
 */
const OLDEST_NODE = 20
const NEEDED_NODE = 24
const MISSING = 3

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const atRoot = (...parts) => join(root, ...parts)
const say = (line) => process.stderr.write(`${line}\n`)

class CannotGoOn extends Error {}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
  } catch {
    return undefined
  }
}

/** npm writes `node_modules/.package-lock.json` last, so a broken installation has none or an old one. */
function isInstalled() {
  const wanted = packagesOf(atRoot('package-lock.json'))
  const present = packagesOf(atRoot('node_modules', '.package-lock.json'))
  if (wanted === undefined) throw new CannotGoOn('package-lock.json is missing: run `git checkout package-lock.json`')
  if (present === undefined) return false
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    // A package for another platform, or one the registry lacks, is left out by npm as well.
    if (present[path] === undefined) {
      if (entry.optional === true || entry.devOptional === true) continue
      return false
    }
    if (present[path].version !== entry.version) return false
  }
  return Object.keys(present).every((path) => wanted[path] !== undefined)
}

function install() {
  say('packages: installing with `npm ci`, about a minute')
  return new Promise((resolve, reject) => {
    const npm = process.env.npm_execpath
    const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
    const child = spawn(command, [...first, 'ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] })
    child.once('error', () => reject(new CannotGoOn('npm is missing: install Node 20 or newer with npm')))
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new CannotGoOn(`\`npm ci\` failed with code ${code}: see its lines above`)),
    )
  })
}

function checkNode() {
  // The packages bring their own Node where there is one for the platform; npm puts it first on PATH.
  if (existsSync(atRoot('node_modules', '.bin', 'node'))) return
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_NODE) return
  throw new CannotGoOn(`Node ${NEEDED_NODE} is missing on this platform: install it from https://nodejs.org`)
}

async function setUp() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new CannotGoOn(`Node ${process.version} is too old: install Node ${OLDEST_NODE} or newer`)
  }
  if (!isInstalled()) {
    const { alone } = await import('./lock.mjs')
    const waiting = (holder) => say(`packages: process ${holder} is installing, waiting for it`)
    await alone(atRoot('.build', 'set-up.lock'), () => (isInstalled() ? undefined : install()), { waiting })
    if (!isInstalled()) throw new CannotGoOn('packages do not match package-lock.json: run `npm install` and commit it')
  }
  checkNode()
}

try {
  await setUp()
} catch (error) {
  if (!(error instanceof CannotGoOn)) throw error
  say(error.message)
  process.exitCode = MISSING
}
