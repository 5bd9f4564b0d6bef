import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { routesByContext } from '#shared/contracts/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const at = (...parts: string[]) => join(root, ...parts)

function folders(path: string): string[] {
  return readdirSync(at(path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}

function sources(path: string): string[] {
  return readdirSync(at(path), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(path, file))
}

const names = (path: string) =>
  readdirSync(at(path))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))

/** The contexts of the design; `system` holds health and the API's description. */
const contexts = [
  ...[
    'places',
    'catalogue',
    'group-buys',
    'orders',
    'deliveries',
    'claims',
    'photos',
    'notifications',
    'payments',
    'cash',
    'fairs',
    'fund',
    'settlement',
    'governance',
    'matters',
    'aid',
    'rankings',
    'sunshine',
    'hooks',
  ],
  'system',
]

describe('the folders', () => {
  it('are those of the design at the top, and no more', () => {
    const made = ['node_modules', 'cdk.out']
    expect(folders('.').filter((name) => !made.includes(name))).toEqual(['cdk', 'functions', 'shared', 'test', 'web'])
  })

  it('hold the same contexts under the same names everywhere', () => {
    const functions = folders('functions').filter((name) => name !== 'platform')
    expect(functions.filter((name) => !contexts.includes(name))).toEqual([])
    expect(folders('shared/domain').filter((name) => !contexts.includes(name))).toEqual([])
    expect(names('cdk/contexts').sort()).toEqual(functions)
    // A large contract has parts, named after its context: `fund`, `fund-days`.
    const known = Object.keys(routesByContext)
    const files = names('shared/contracts').filter((name) => !['index', 'route', 'events'].includes(name))
    const contracts = files.filter((name) => !known.some((context) => name.startsWith(`${context}-`)))
    expect(contracts.sort()).toEqual(known.sort())
  })

  it('hold in shared only what a browser can run', () => {
    expect(folders('shared')).toEqual(['contracts', 'domain', 'kernel'])
    const impure =
      /\bprocess\.|\bfetch\(|\bDate\.now\(|new Date\(\)|\bMath\.random\(|\brequire\(|\bglobalThis\b|\bawait\b/
    const found = sources('shared').filter((file) => impure.test(withoutComments(readFileSync(at(file), 'utf8'))))
    expect(found).toEqual([])
  })

  it('keep no floating point away from money: no file of shared parses a float', () => {
    const found = sources('shared').filter((file) =>
      /parseFloat|toFixed\(/.test(withoutComments(readFileSync(at(file), 'utf8'))),
    )
    expect(found).toEqual([])
  })

  it('are reached in one way: inside a context of functions by a relative path, from outside by name', () => {
    const odd = sources('functions').flatMap((file) => {
      const [, context = ''] = file.split('/')
      const own = `functions/${context}/`
      const wanted = [...readFileSync(at(file), 'utf8').matchAll(/^(?:import|export|\}) .*from '([^']+)'/gm)]
      return wanted
        .map(([, specifier = '']) => specifier)
        .filter((specifier) =>
          specifier.startsWith('.') ? !join(dirname(file), specifier).startsWith(own) : specifier.startsWith(`#${own}`),
        )
        .map((specifier) => `${file} imports ${specifier}`)
    })
    expect(odd).toEqual([])
  })

  it('keep the outside interface: every script exists and begins with the set-up step', () => {
    const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { scripts: Record<string, string> }
    expect(Object.keys(scripts).sort()).toEqual([
      'bench',
      'demo',
      'fund',
      'seed',
      'start',
      'synth',
      'test',
      'token',
      'verify',
    ])
    for (const [name, script] of Object.entries(scripts)) {
      expect(script, name).toMatch(/^node cdk\/tools\/set-up\.mjs && hash -r && exec node cdk\/tools\/[a-z-]+\.ts$/)
      expect(existsSync(at(script.split(' ').at(-1) ?? '')), script).toBe(true)
    }
  })
})

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:])\/\/.*$/gm, '$1')
}
