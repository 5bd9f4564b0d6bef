import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** Below the ports that outgoing connections are given, so that nobody takes one between looking and listening. */
const FREE_FROM = 20_000
const FREE_BELOW = 32_000
const TRIES_MAX = 50

/** Somebody else listens there. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'

  constructor(address: string) {
    super(`${address} is taken by another program`)
  }
}

/** A port of 127.0.0.1 that nobody listens on now, chosen at random: two that look at once hardly find the same. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const port = randomInt(FREE_FROM, FREE_BELOW)
    if (await canListen(port)) return port
  }
  throw new Error(`no port is free between ${FREE_FROM} and ${FREE_BELOW}`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

const LISTENING = '0A'

/**
 * Whether this process itself listens on the port: an answer alone may come from somebody who was quicker. Told by the
 * kernel's own tables; where there are none (not Linux) it cannot be told, and is taken for granted.
 */
export function listensOn(pid: number, port: number): boolean {
  try {
    const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeners(table, port)))
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).some((fd) => inodes.has(socketOf(`${folder}/${fd}`)))
  } catch {
    return process.platform !== 'linux'
  }
}

/** Socket numbers that listen on the port, of one of the kernel's tables. */
function listeners(table: string, port: number): string[] {
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1)
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/)
    return state === LISTENING && Number.parseInt(local.split(':')[1] ?? '', 16) === port ? [inode] : []
  })
}

function socketOf(link: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1] ?? ''
  } catch {
    return ''
  }
}
