import { closeSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { say, Usage } from '../result.ts'

/** Files and folders that nobody must find half done: they go when the work fails, and when the tool is stopped. */
const unfinished = new Set<string>()
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

function forget(path: string): void {
  rmSync(path, { recursive: true, force: true })
  unfinished.delete(path)
}

function keepClean(path: string): void {
  if (unfinished.size === 0) {
    for (const [signal, code] of Object.entries(signals)) {
      process.once(signal, () => {
        for (const each of unfinished) forget(each)
        say('stopped')
        process.exit(code)
      })
    }
  }
  unfinished.add(path)
}

/** Writes a file that appears whole or not at all: beside its place first, then under its name. */
export async function writeWhole(path: string, work: (write: (text: string) => void) => Promise<void>): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  const file = openPart(part)
  try {
    try {
      await work((text) => writeAll(file, Buffer.from(text)))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(part, path)
    unfinished.delete(part)
  } finally {
    forget(part)
  }
}

function openPart(part: string): number {
  keepClean(part)
  try {
    return openSync(part, 'wx')
  } catch (error) {
    unfinished.delete(part)
    throw new Usage(`--out: cannot write there: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** A folder of its own for as long as the work lasts. */
export async function withScratch<Result>(work: (dir: string) => Promise<Result>): Promise<Result> {
  const dir = mkdtempSync(join(tmpdir(), 'xianglai-fund-'))
  keepClean(dir)
  try {
    return await work(dir)
  } finally {
    forget(dir)
  }
}
