import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'

const root = fileURLToPath(new URL('../..', import.meta.url))
const rulesFile = join(root, 'test/architecture/dependency-cruiser.cjs')
const rulesSchema = z.object({ forbidden: z.array(z.object({ name: z.string() })) })
const rules = rulesSchema.parse(createRequire(import.meta.url)(rulesFile))

const violationsSchema = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
})

function cruise(cwd: string, folders: readonly string[]) {
  const depcruise = join(root, 'node_modules/.bin/depcruise')
  const args = ['--config', rulesFile, '--output-type', 'json', ...folders]
  const { stdout, stderr } = spawnSync(depcruise, args, { cwd, encoding: 'utf8', maxBuffer: 100_000_000 })
  if (stdout === '') throw new Error(stderr)
  return violationsSchema.parse(JSON.parse(stdout)).summary.violations
}

/** A breach of every rule: file → what it imports, and the rule that must say no. */
const breaches: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['shared-is-pure', 'shared/domain/fund/reads-a-file.ts', 'node:fs'],
  ['shared-is-pure', 'shared/kernel/signs.ts', 'jose'],
  ['shared-is-pure', 'shared/kernel/calls-a-handler.ts', '#functions/platform/log.ts'],
  ['kernel-knows-nobody', 'shared/kernel/knows.ts', '#shared/contracts/orders.ts'],
  ['contracts-do-not-decide', 'shared/contracts/decides.ts', '#shared/domain/fund/post.ts'],
  ['domain-contexts-are-islands', 'shared/domain/orders/peeks.ts', '#shared/domain/fund/post.ts'],
  ['function-contexts-are-islands', 'functions/orders/peeks.ts', '#functions/fund/store.ts'],
  ['second-book-writes-no-ledger', 'functions/sunshine/posts.ts', '#functions/platform/table/ledger.ts'],
  ['second-book-writes-no-ledger', 'functions/sunshine/decides.ts', '#shared/domain/fund/post-events.ts'],
  ['ledger-knows-no-second-book', 'functions/fund/reads.ts', '#functions/platform/table/sunshine-keys.ts'],
  ['household-aid-is-private', 'functions/governance/reads-aid.ts', '#functions/platform/table/aid-keys.ts'],
  ['household-aid-is-private', 'functions/platform/knows-aid.ts', '#functions/platform/table/items/aid.ts'],
  ['household-aid-is-private', 'shared/domain/governance/decides-aid.ts', '#shared/domain/aid/persons.ts'],
  ['household-aid-tells-nobody', 'functions/aid/logs.ts', '#functions/platform/log.ts'],
  ['household-aid-tells-nobody', 'functions/aid/tells.ts', '#functions/platform/table/notices.ts'],
  ['platform-knows-no-context', 'functions/platform/knows.ts', '#functions/fund/store.ts'],
  ['platform-does-not-decide', 'functions/platform/decides.ts', '#shared/domain/fund/post.ts'],
  ['aws-and-stripe-only-in-platform', 'functions/orders/charges.ts', 'stripe'],
  ['only-the-table-speaks-to-dynamodb', 'functions/platform/reads.ts', '@aws-sdk/client-dynamodb'],
  ['web-sees-shared-only', 'web/src/routes/reads.ts', '#functions/fund/store.ts'],
  ['web-sees-shared-only', 'web/src/routes/Reads.svelte', '#functions/fund/store.ts'],
  ['web-reaches-out-on-the-server-only', 'web/src/lib/ui/signs-in.ts', 'openid-client'],
  ['nothing-imports-cdk', 'functions/orders/deploys.ts', '../../cdk/app.ts'],
  ['local-host-reads-only-the-template', 'cdk/local/knows.ts', '#shared/contracts/orders.ts'],
  ['local-host-reads-only-the-template', 'cdk/local/composes.ts', '../app.ts'],
  ['tools-speak-http', 'cdk/tools/peeks.ts', '#functions/fund/store.ts'],
  ['product-does-not-import-tests', 'functions/orders/pretends.ts', '#test/double.ts'],
  ['nothing-unresolved', 'functions/orders/forgets.ts', './gone.ts'],
  ['no-cycles', 'shared/domain/orders/first.ts', './second.ts'],
]

/** What the breaches reach for, harmless by itself. */
const targets = [
  'shared/contracts/orders.ts',
  'shared/domain/fund/post.ts',
  'functions/platform/log.ts',
  'functions/fund/store.ts',
  'functions/platform/table/ledger.ts',
  'functions/platform/table/sunshine-keys.ts',
  'functions/platform/table/aid-keys.ts',
  'functions/platform/table/items/aid.ts',
  'functions/platform/table/notices.ts',
  'shared/domain/aid/persons.ts',
  'shared/domain/fund/post-events.ts',
  'cdk/app.ts',
  'test/double.ts',
]

describe('the import rules', () => {
  let planted: string
  let found: ReturnType<typeof cruise>

  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), 'xianglai-rules-'))
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(planted, file)), { recursive: true })
      writeFileSync(join(planted, file), text)
    }
    for (const file of ['package.json', 'tsconfig.json']) copyFileSync(join(root, file), join(planted, file))
    symlinkSync(join(root, 'node_modules'), join(planted, 'node_modules'))
    for (const file of targets) write(file, 'export const it = 1\n')
    write('shared/domain/orders/second.ts', "import './first.ts'\n")
    for (const [, from, to] of breaches) {
      const text = `import '${to}'\n`
      write(from, from.endsWith('.svelte') ? `<script lang="ts">\n${text}</script>\n` : text)
    }
    found = cruise(planted, ['shared', 'functions', 'cdk', 'test', 'web'])
  })

  afterAll(() => rmSync(planted, { recursive: true, force: true }))

  it.each(breaches)('%s finds a breach planted in %s → %s', (rule, from) => {
    expect(found).toContainEqual(expect.objectContaining({ from, rule: expect.objectContaining({ name: rule }) }))
  })

  it('has a planted breach for every rule', () => {
    expect(new Set(breaches.map(([rule]) => rule))).toEqual(new Set(rules.forbidden.map(({ name }) => name)))
  })

  it('finds nothing against what is allowed', () => {
    const guilty = new Set([...breaches.map(([, from]) => from), 'shared/domain/orders/second.ts'])
    expect(found.filter(({ from }) => !guilty.has(from))).toEqual([])
  })
})

describe('the web', () => {
  const files = readdirSync(join(root, 'web/src'), { recursive: true, encoding: 'utf8' })
  const components = files.filter((file) => file.endsWith('.svelte'))

  it('has components to look at', () => {
    expect(components.length).toBeGreaterThan(5)
  })

  it.each(components)('%s imports neither the backend nor the server side', (file) => {
    // A type is gone before the browser sees it.
    const source = readFileSync(join(root, 'web/src', file), 'utf8').replaceAll(/import type [^'"]*['"][^'"]+['"]/g, '')
    const imported = [...source.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '')
    expect(
      imported.filter((name) => /^#(functions|test)\/|\/(cdk|functions)\/|lib\/server\/|^@aws-sdk\/|^node:/.test(name)),
    ).toEqual([])
  })
})
