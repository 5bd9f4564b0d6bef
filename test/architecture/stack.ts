import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '../../cdk/app.ts'
import { findEntries } from '../../cdk/tools/build.ts'
import { decideSettings, type Wish } from '../../cdk/platform/settings.ts'

/** The stack as CloudFormation gets it, synthesized with empty code for every function that is declared. */

export type Resource = {
  readonly Type: string
  readonly Properties: Record<string, unknown>
  readonly DeletionPolicy?: string
}
export type Template = {
  readonly Parameters: Record<string, { readonly Type: string; readonly Default?: unknown }>
  readonly Resources: Record<string, Resource>
}
export type Stack = { readonly template: Template; readonly text: string; readonly declared: readonly string[] }

const workDir = mkdtempSync(join(tmpdir(), 'xianglai-stack-'))
process.once('exit', () => rmSync(workDir, { recursive: true, force: true }))

const assets = { functions: join(workDir, 'functions'), web: join(workDir, 'web') }

function layOut(names: readonly string[]): void {
  mkdirSync(assets.web, { recursive: true })
  writeFileSync(join(assets.web, 'run.sh'), '#!/bin/sh\nexec node index.js\n')
  writeFileSync(join(assets.web, 'index.js'), '')
  for (const name of names) {
    mkdirSync(join(assets.functions, name), { recursive: true })
    writeFileSync(join(assets.functions, name, 'index.mjs'), `export const handler = () => '${name}'\n`)
  }
}

let count = 0

export function synthesize(wish: Wish): Stack {
  layOut(findEntries().map(({ name }) => name))
  const outdir = join(workDir, `out-${count++}`)
  const { app, platform } = compose(decideSettings(wish), { outdir, assets })
  app.synth()
  const text = readFileSync(join(outdir, 'Xianglai.template.json'), 'utf8')
  return { template: JSON.parse(text) as Template, text, declared: platform.declared }
}

export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)
}

type Statement = { readonly Action: string | readonly string[]; readonly Resource: unknown; readonly Effect: string }

const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** A resource of a statement in words: `MarketTable`, `MarketTable/index/GSI1`, `OrdersHttpLogs`. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) throw new Error(`not a resource: ${JSON.stringify(value)}`)
  if ('Ref' in value) return String(value.Ref)
  if ('Fn::GetAtt' in value) {
    const [id, attribute] = value['Fn::GetAtt'] as [string, string]
    return attribute === 'StreamArn' ? `${id}/stream` : id
  }
  if ('Fn::Join' in value) return (value['Fn::Join'] as [string, unknown[]])[1].map(inWords).join('')
  throw new Error(`not a resource: ${JSON.stringify(value)}`)
}

/** What a function's role allows, as `service:Action on Resource`, in order. */
export function grantsOf(template: Template, functionId: string): string[] {
  const role = inWords(template.Resources[functionId]?.Properties['Role'])
  const policies = list(template.Resources[role]?.Properties['Policies'] ?? []) as {
    PolicyDocument: { Statement: Statement[] }
  }[]
  const attached = ofType(template, 'AWS::IAM::Policy').filter(([, policy]) =>
    list(policy.Properties['Roles']).some((each) => inWords(each) === role),
  )
  const statements = [
    ...policies.flatMap((policy) => policy.PolicyDocument.Statement),
    ...attached.flatMap(([, policy]) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement),
  ]
  return statements
    .flatMap((statement) =>
      list(statement.Action).flatMap((action) =>
        list(statement.Resource).map(
          (resource) =>
            // CDK puts a hash behind the ids it makes by itself.
            `${action} on ${inWords(resource).replace(/[0-9A-F]{8}$/, '')}`,
        ),
      ),
    )
    .sort()
}

export { inWords, list }
