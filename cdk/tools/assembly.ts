import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, bundleBytes } from './build.ts'
import { fingerprint, unlessUnchanged } from './fingerprint.ts'
import { alone } from './lock.mjs'
import { buildDir } from './paths.ts'
import { say } from './result.ts'

/** The synthesized stack of this machine: built bundles, template and assets, brought up to date when needed. */
export type Assembly = { readonly dir: string; readonly template: object; readonly made: boolean; readonly ms: number }

const assemblyDir = join(buildDir, 'assembly')
const TEMPLATE = 'Xianglai.template.json'

export async function localAssembly(): Promise<Assembly> {
  const startedMs = performance.now()
  await build()
  const waiting = (holder: number) => say(`synth: process ${holder} is synthesizing, waiting for it`)
  const made = await alone(join(buildDir, 'synth.lock'), synthesizeLocal, { waiting })
  const template: unknown = JSON.parse(readFileSync(join(assemblyDir, TEMPLATE), 'utf8'))
  if (typeof template !== 'object' || template === null) throw new Error(`${TEMPLATE} is not a template`)
  return { dir: assemblyDir, template, made, ms: Math.round(performance.now() - startedMs) }
}

async function synthesizeLocal(): Promise<boolean> {
  const stack = ['cdk/app.ts', 'cdk/contexts', 'cdk/platform', 'shared/contracts', 'package-lock.json']
  const bundles = ['functions', 'web'].map((name) => readFileSync(join(buildDir, 'stamps', name), 'utf8'))
  const mark = fingerprint(stack, JSON.stringify([bundles, bundleBytes()]))
  return unlessUnchanged('assembly', mark, [join(assemblyDir, TEMPLATE)], async () => {
    say('synth: the stack of this machine')
    // Loaded only when needed: the CDK takes most of a second.
    const { compose } = await import('../app.ts')
    const { decideSettings } = await import('../platform/settings.ts')
    compose(decideSettings({ stage: 'local' }), { outdir: assemblyDir }).app.synth()
    forgetOldAssets()
  })
}

/** Assets are named by their content, so a running system keeps its own; those of long ago are nobody's. */
const ASSET_KEPT_MS = 2 * 24 * 3_600_000

function forgetOldAssets(): void {
  const manifest = join(assemblyDir, 'Xianglai.assets.json')
  const used = existsSync(manifest) ? readFileSync(manifest, 'utf8') : ''
  for (const name of readdirSync(assemblyDir).filter((each) => each.startsWith('asset.'))) {
    const path = join(assemblyDir, name)
    if (!used.includes(name) && Date.now() - statSync(path).mtimeMs > ASSET_KEPT_MS) rmSync(path, { recursive: true })
  }
}
