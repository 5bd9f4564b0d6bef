import { compileFilters } from './filter-pattern.ts'
import type { Predicate } from './filter-pattern.ts'
import { RefusedByHost } from './resource-types.ts'
import { isRecord } from './template.ts'
import type { LocalResource } from './template.ts'

/** The settings of one event source mapping, with the service's defaults and limits. */
export interface MappingSettings {
  readonly logicalId: string
  readonly streamArn: string
  readonly functionName: string
  readonly matches: Predicate
  readonly batchSize: number
  readonly windowMs: number
  /** Retries after the first attempt; Infinity = until the record is too old. */
  readonly maximumRetries: number
  readonly maximumAgeMs: number
  readonly bisect: boolean
  readonly reportsItemFailures: boolean
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST'
  readonly onFailureArn: string | undefined
}

function whole(resource: LocalResource, name: string, standard: number, low: number, high: number): number {
  const value = Number(resource.properties[name] ?? standard)
  if (Number.isInteger(value) && ((value >= low && value <= high) || value === standard)) return value
  throw new RefusedByHost(`${resource.logicalId}: ${name} ${value} is outside ${low}–${high}`)
}

/** `undefined` for a mapping that is switched off. */
export function readMapping(resource: LocalResource): MappingSettings | undefined {
  const { properties, logicalId } = resource
  if (properties['Enabled'] === false) return undefined
  const streamArn = String(properties['EventSourceArn'])
  if (!/:dynamodb:.*\/stream\//.test(streamArn))
    throw new RefusedByHost(`${logicalId}: only DynamoDB streams are simulated here`)
  const parallel = Number(properties['ParallelizationFactor'] ?? 1)
  if (parallel !== 1)
    throw new RefusedByHost(`${logicalId}: ParallelizationFactor ${parallel} is not simulated here, only 1`)
  const starting = properties['StartingPosition']
  if (starting !== 'TRIM_HORIZON' && starting !== 'LATEST') {
    throw new RefusedByHost(`${logicalId}: StartingPosition ${String(starting)} is not simulated here`)
  }
  const types = properties['FunctionResponseTypes'] ?? []
  if (!Array.isArray(types) || types.some((type) => type !== 'ReportBatchItemFailures')) {
    throw new RefusedByHost(`${logicalId}: FunctionResponseTypes ${JSON.stringify(types)} are not simulated here`)
  }
  const windowSeconds = whole(resource, 'MaximumBatchingWindowInSeconds', 0, 0, 300)
  const batchSize = whole(resource, 'BatchSize', 100, 1, 10_000)
  if (batchSize > 1_000 && windowSeconds === 0)
    throw new RefusedByHost(`${logicalId}: BatchSize over 1000 needs a batching window`)
  const retries = whole(resource, 'MaximumRetryAttempts', -1, 0, 10_000)
  const ageSeconds = whole(resource, 'MaximumRecordAgeInSeconds', -1, 60, 604_800)
  return {
    logicalId,
    streamArn,
    functionName: String(properties['FunctionName']),
    matches: compileFilters(properties['FilterCriteria']),
    batchSize,
    windowMs: windowSeconds * 1_000,
    maximumRetries: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    maximumAgeMs: ageSeconds === -1 ? Number.POSITIVE_INFINITY : ageSeconds * 1_000,
    bisect: properties['BisectBatchOnFunctionError'] === true,
    reportsItemFailures: types.length > 0,
    startingPosition: starting,
    onFailureArn: readOnFailure(resource),
  }
}

function readOnFailure(resource: LocalResource): string | undefined {
  const configuration = resource.properties['DestinationConfig']
  if (!isRecord(configuration)) return undefined
  const onFailure = configuration['OnFailure']
  const others = Object.keys(configuration).filter((key) => key !== 'OnFailure')
  if (others.length > 0)
    throw new RefusedByHost(`${resource.logicalId}: DestinationConfig.${others.join(', ')} is not simulated here`)
  const destination = isRecord(onFailure) ? onFailure['Destination'] : undefined
  if (destination === undefined) return undefined
  if (!/^arn:[^:]+:sqs:/.test(String(destination))) {
    throw new RefusedByHost(`${resource.logicalId}: on-failure destination ${String(destination)} is not an SQS queue`)
  }
  return String(destination)
}
