import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { FunctionSettings } from './function-settings.ts'
import { FunctionWorker } from './function-worker.ts'
import type { FaultPlan } from './inside/faults.ts'
import type { GateSettings } from './inside/engine-gate.ts'
import { RefusedByHost } from './resource-types.ts'
import type { Roles } from './roles.ts'
import { isRecord } from './template.ts'
import type { LocalResource, LocalTemplate } from './template.ts'

/** The template's functions, found by logical id, name or ARN. */

export interface FunctionSurroundings {
  readonly assemblyDir: string
  readonly environment: Readonly<Record<string, string>>
  readonly engine: string
  readonly dataDir: string
  readonly inside: (name: string) => URL
  readonly log: (line: string) => void
}

const WEB_ADAPTER_LAYER = /:layer:LambdaAdapterLayer/
const RUNTIME = 'nodejs24.x'

export function readFunctions(
  template: LocalTemplate,
  roles: Roles,
  surroundings: FunctionSurroundings,
): readonly FunctionSettings[] {
  const assets = readAssets(surroundings.assemblyDir)
  return template.ofType('AWS::Lambda::Function').map((resource) => {
    const { properties, logicalId } = resource
    const web = isWeb(resource)
    const runtime = properties['Runtime']
    if (runtime !== RUNTIME) throw new RefusedByHost(`${logicalId}: runtime ${String(runtime)} is not ${RUNTIME}`)
    const arn = template.arnOf(logicalId)
    const name = arn.slice(arn.lastIndexOf(':') + 1)
    const roleArn = String(properties['Role'])
    const variables = isRecord(properties['Environment']) ? properties['Environment']['Variables'] : undefined
    const declared = isRecord(variables) ? variables : {}
    const memorySize = Number(properties['MemorySize'] ?? 128)
    return {
      logicalId,
      name,
      arn,
      roleArn,
      handler: String(properties['Handler']),
      assetDir: assetDirOf(resource, surroundings.assemblyDir, assets),
      timeoutMs: Number(properties['Timeout'] ?? 3) * 1_000,
      memorySize,
      grants: roles.grantsOf(roleArn),
      web,
      environment: {
        ...Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, String(value)])),
        ...surroundings.environment,
        ...runtimeEnvironment(template, logicalId, name, memorySize, surroundings.engine),
      },
    }
  })
}

function runtimeEnvironment(
  template: LocalTemplate,
  logicalId: string,
  name: string,
  memorySize: number,
  engine: string,
): Record<string, string> {
  const region = template.identity.region
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: `LOCAL${logicalId}`,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_EXECUTION_ENV: `AWS_Lambda_${RUNTIME}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_ENDPOINT_URL_DYNAMODB: engine,
    DYNAMODB_ENDPOINT: engine,
    TZ: 'UTC',
    ...(process.env['PATH'] !== undefined && { PATH: process.env['PATH'] }),
  }
}

function isWeb(resource: LocalResource): boolean {
  const layers = Array.isArray(resource.properties['Layers']) ? resource.properties['Layers'].map(String) : []
  for (const layer of layers) {
    if (!WEB_ADAPTER_LAYER.test(layer))
      throw new RefusedByHost(`${resource.logicalId}: layer ${layer} is not simulated here`)
  }
  return layers.length > 0
}

/** Asset directories by the hash that stands in `S3Key`, from the assembly's asset manifests. */
function readAssets(assemblyDir: string): Map<string, string> {
  const assets = new Map<string, string>()
  if (!existsSync(assemblyDir)) return assets
  for (const file of readdirSync(assemblyDir).filter((name) => name.endsWith('.assets.json'))) {
    const manifest: unknown = JSON.parse(readFileSync(join(assemblyDir, file), 'utf8'))
    const files = isRecord(manifest) && isRecord(manifest['files']) ? manifest['files'] : {}
    for (const [hash, entry] of Object.entries(files)) {
      const source = isRecord(entry) && isRecord(entry['source']) ? entry['source'] : {}
      if (typeof source['path'] === 'string') assets.set(hash, source['path'])
    }
  }
  return assets
}

function assetDirOf(resource: LocalResource, assemblyDir: string, assets: Map<string, string>): string {
  const code = isRecord(resource.properties['Code']) ? resource.properties['Code'] : {}
  const hash = typeof code['S3Key'] === 'string' ? (/([0-9a-f]{16,})\.\w+$/.exec(code['S3Key'])?.[1] ?? '') : ''
  const path = resource.metadata['aws:asset:path'] ?? assets.get(hash)
  if (typeof path !== 'string') {
    throw new RefusedByHost(`${resource.logicalId}: its code is not a directory asset of this assembly`)
  }
  const directory = isAbsolute(path) ? path : join(assemblyDir, path)
  if (!existsSync(directory))
    throw new RefusedByHost(`${resource.logicalId}: asset ${directory} does not exist; synthesize again`)
  return directory
}

export function gateSettings(
  settings: FunctionSettings,
  template: LocalTemplate,
  engine: string,
  faults: FaultPlan | null,
  counters: SharedArrayBuffer | null,
): GateSettings {
  const { partition, region, account } = template.identity
  const role = settings.roleArn.slice(settings.roleArn.lastIndexOf('/') + 1)
  return {
    engine,
    grants: settings.grants,
    tableArnPrefix: `arn:${partition}:dynamodb:${region}:${account}:table/`,
    principal: `arn:${partition}:sts::${account}:assumed-role/${role}/${settings.name}`,
    names: [settings.name, settings.logicalId],
    faults,
    counters,
  }
}

export class Functions {
  readonly #byName = new Map<string, FunctionWorker>()
  readonly all: readonly FunctionWorker[]

  constructor(settings: readonly FunctionSettings[], make: (settings: FunctionSettings) => FunctionWorker) {
    this.all = settings.filter((each) => !each.web).map(make)
    for (const worker of this.all) {
      const { logicalId, name, arn } = worker.settings
      for (const key of [logicalId, name, arn]) this.#byName.set(key, worker)
    }
  }

  /** By logical id, physical name or ARN (also with a qualifier that says `$LATEST`). */
  find(nameOrArn: string): FunctionWorker {
    const worker = this.#byName.get(nameOrArn.replace(/:\$LATEST$/, ''))
    if (worker === undefined) throw new RefusedByHost(`no function ${nameOrArn} in the template`)
    return worker
  }
}
