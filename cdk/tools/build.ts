import { build as esbuild, type BuildOptions } from 'esbuild'
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fingerprint, unlessUnchanged } from './fingerprint.ts'
import { alone } from './lock.mjs'
import { buildDir, functionsDir, root, webBuildDir } from './paths.ts'
import { runTool, say } from './result.ts'
import { slimStripe } from './slim-stripe.ts'

/**
 * Builds what is deployed: one esbuild call for all functions, and the web with vite. What is unchanged is skipped, so
 * that a second start costs a hash of the sources.
 */

export type Entry = {
  /** Name of the bundle's folder: `orders`, `fund-on-sale`. */
  readonly name: string
  /** Source, relative to the project. */
  readonly source: string
}

/**
 * Entry points by convention: `functions/<context>/index.ts` answers the context's routes, `functions/<context>/on-*.ts`
 * a stream, a schedule or a webhook. Each exports `handler`.
 */
export function findEntries(): readonly Entry[] {
  const contexts = readdirSync(join(root, 'functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'platform')
    .map((entry) => entry.name)
    .sort()
  return contexts.flatMap((context) =>
    readdirSync(join(root, 'functions', context))
      .filter((file) => file === 'index.ts' || /^on-[a-z-]+\.ts$/.test(file))
      .sort()
      .map((file) => ({
        name: file === 'index.ts' ? context : `${context}-${file.slice(0, -'.ts'.length)}`,
        source: `functions/${context}/${file}`,
      })),
  )
}

// Some packages that end up in a bundle are CommonJS and call `require` for Node's own modules.
const REQUIRE_BANNER =
  "import{createRequire as nodeCreateRequire}from'node:module';const require=nodeCreateRequire(import.meta.url);"

const bundleOptions: BuildOptions = {
  absWorkingDir: root,
  outdir: functionsDir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'bundle',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: true,
  splitting: false,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  banner: { js: REQUIRE_BANNER },
  plugins: [slimStripe],
  charset: 'utf8',
  logLevel: 'warning',
  metafile: true,
}

export const bundleFile = (name: string): string => join(functionsDir, name, 'index.mjs')

/**
 * WebAssembly that a bundle reads from a file: it is put where `require.resolve` finds it beside the bundle as it does in
 * the project.
 */
const wasmFiles: Readonly<Record<string, readonly string[]>> = {
  photos: [
    '@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm',
    '@jsquash/png/codec/pkg/squoosh_png_bg.wasm',
    '@jsquash/webp/codec/dec/webp_dec.wasm',
    '@jsquash/webp/codec/enc/webp_enc_simd.wasm',
  ],
}

function copyWasm(): void {
  for (const [name, files] of Object.entries(wasmFiles)) {
    for (const file of files) {
      const to = join(functionsDir, name, 'node_modules', file)
      mkdirSync(dirname(to), { recursive: true })
      copyFileSync(join(root, 'node_modules', file), to)
    }
  }
}

async function buildFunctions(entries: readonly Entry[]): Promise<void> {
  rmSync(functionsDir, { recursive: true, force: true })
  const entryPoints = entries.map(({ name, source }) => ({ in: source, out: `${name}/index` }))
  const { metafile } = await esbuild({ ...bundleOptions, entryPoints })
  copyWasm()
  writeFileSync(join(buildDir, 'functions.meta.json'), JSON.stringify(metafile))
}

/** The web adapter of Lambda starts the server with this script. */
const START_SCRIPT = '#!/bin/sh\nexec node index.js\n'

async function buildWeb(): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  await run(process.execPath, [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'error'])
  const script = join(webBuildDir, 'run.sh')
  writeFileSync(script, START_SCRIPT)
  chmodSync(script, 0o755)
  // Adapter output is ES modules; without this file Node would first have to guess.
  writeFileSync(join(webBuildDir, 'package.json'), '{"type":"module"}\n')
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, NODE_ENV: 'production' },
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with code ${code}`)),
    )
  })
}

/** Sizes in bytes of the minified bundles, by name. */
export function bundleBytes(): Readonly<Record<string, number>> {
  const names = existsSync(functionsDir) ? readdirSync(functionsDir).sort() : []
  return Object.fromEntries(names.map((name) => [name, statSync(bundleFile(name)).size]))
}

export type Built = { readonly functionsBuilt: boolean; readonly webBuilt: boolean; readonly ms: number }

/** Brings bundles and web up to date; safe when several processes ask at once. */
export function build(): Promise<Built> {
  const waiting = (holder: number) => say(`build: process ${holder} is building, waiting for it`)
  return alone(join(buildDir, 'build.lock'), buildUnlocked, { waiting })
}

async function buildUnlocked(): Promise<Built> {
  const startedMs = performance.now()
  const entries = findEntries()
  const common = [
    'package-lock.json',
    'package.json',
    'tsconfig.json',
    'cdk/tools/build.ts',
    'cdk/tools/slim-stripe.ts',
  ]
  const functionsMark = fingerprint(['functions', 'shared', ...common], JSON.stringify(entries))
  const functionsBuilt = await unlessUnchanged(
    'functions',
    functionsMark,
    entries.map(({ name }) => bundleFile(name)),
    async () => {
      say(`build: ${entries.length} functions`)
      await buildFunctions(entries)
    },
  )
  const webMark = fingerprint(['web', 'shared', ...common])
  const webBuilt = await unlessUnchanged('web', webMark, [join(webBuildDir, 'index.js')], async () => {
    say('build: web')
    await buildWeb()
  })
  return { functionsBuilt, webBuilt, ms: Math.round(performance.now() - startedMs) }
}

if (import.meta.main) {
  await runTool(async () => {
    const built = await build()
    const bytes = bundleBytes()
    for (const [name, size] of Object.entries(bytes))
      say(`  ${name.padEnd(24)} ${(size / 1000).toFixed(0).padStart(5)} KB`)
    return { ...built, bundleBytes: bytes, ok: true }
  })
}
