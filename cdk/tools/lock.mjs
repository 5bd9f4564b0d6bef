import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * One process at a time: a directory is the lock (making it is atomic everywhere) and a file inside says who holds it.
 * A lock whose holder is dead is taken over. Plain JavaScript, for the set-up step runs before anything is installed.
 */
const POLL_MS = 100
const NAMELESS_MS = 2_000

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function holderOf(directory) {
  try {
    return Number(readFileSync(join(directory, 'pid'), 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Moves a dead holder's lock away; if another process took the lock over in the same instant, it gets it back. */
function bury(directory, holder) {
  const grave = `${directory}.dead.${process.pid}`
  try {
    renameSync(directory, grave)
  } catch {
    return // another waiter was faster
  }
  if (holderOf(grave) !== holder) renameSync(grave, directory)
  else rmSync(grave, { recursive: true, force: true })
}

/** Runs `work` alone; `waiting` is told once who has to finish first. Fails after `patienceMs`. */
export async function alone(directory, work, { waiting = () => {}, patienceMs = 600_000 } = {}) {
  mkdirSync(dirname(directory), { recursive: true })
  const deadline = Date.now() + patienceMs
  let told = false
  let namelessSince = 0
  for (;;) {
    try {
      mkdirSync(directory)
      writeFileSync(join(directory, 'pid'), String(process.pid))
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = holderOf(directory)
    // Between making the directory and writing its name a holder is nameless for an instant.
    if (holder !== 0) namelessSince = 0
    else if (namelessSince === 0) namelessSince = Date.now()
    const dead = holder === 0 ? Date.now() - namelessSince > NAMELESS_MS : !isAlive(holder)
    if (dead) {
      bury(directory, holder)
      namelessSince = 0
      continue
    }
    if (Date.now() > deadline) throw new Error(`process ${holder} has held ${directory} too long`)
    if (!told && holder !== 0) waiting(holder)
    told ||= holder !== 0
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
