import { buildSync } from 'esbuild'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startEngine } from '../../cdk/local/engine.ts'
import type { Engine, EngineKind } from '../../cdk/local/engine.ts'
import { engineCalls } from '../../cdk/local/engine-call.ts'
import type { EngineCall } from '../../cdk/local/engine-call.ts'
import { startHost } from '../../cdk/local/host.ts'
import type { Host, HostOptions } from '../../cdk/local/host.ts'

/** Small hand-written templates with tiny bundles, for the conformance tests of the one-machine host. */

type Properties = Record<string, unknown>
interface Resource {
  Type: string
  Properties: Properties
  Metadata?: Properties
}

const REPOSITORY = resolve(import.meta.dirname, '../..')

/** Code put before each handler that talks to tables; bundled, as real functions are. */
export const WITH_TABLES = `
import { DynamoDBClient, PutItemCommand, GetItemCommand, UpdateItemCommand, DeleteItemCommand, QueryCommand, ScanCommand,
  TransactWriteItemsCommand, TransactGetItemsCommand, BatchGetItemCommand, BatchWriteItemCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb'
const client = new DynamoDBClient({ maxAttempts: 1 })
`

export class SystemUnderTest {
  readonly directory: string
  readonly resources: Record<string, Resource> = {}
  readonly logs: string[] = []
  #engine: Engine | undefined
  #host: Host | undefined
  #call: EngineCall | undefined

  constructor(name: string) {
    this.directory = mkdtempSync(join(tmpdir(), `host-${name}-`))
  }

  get dataDir(): string {
    return join(this.directory, 'data')
  }

  add(logicalId: string, Type: string, Properties: Properties): this {
    this.resources[logicalId] = { Type, Properties }
    return this
  }

  /** A function from source text, bundled to `index.mjs`; `statements` go to its own role. */
  fn(logicalId: string, source: string, statements: readonly Properties[] = [], properties: Properties = {}): this {
    const asset = `asset.${logicalId}`
    const folder = join(this.directory, 'assembly', asset)
    mkdirSync(folder, { recursive: true })
    buildSync({
      stdin: { contents: source, resolveDir: REPOSITORY, loader: 'js' },
      outfile: join(folder, 'index.mjs'),
      bundle: source.includes('@aws-sdk'),
      platform: 'node',
      format: 'esm',
      target: 'node24',
      logLevel: 'silent',
      banner: {
        js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
      },
    })
    const document = { Version: '2012-10-17', Statement: statements }
    this.add(`${logicalId}Role`, 'AWS::IAM::Role', {
      AssumeRolePolicyDocument: {},
      ...(statements.length > 0 && { Policies: [{ PolicyName: 'own', PolicyDocument: document }] }),
    })
    this.add(logicalId, 'AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': [`${logicalId}Role`, 'Arn'] },
      Code: { S3Bucket: 'assets', S3Key: 'x.zip' },
      Timeout: 10,
      ...properties,
    })
    const made = this.resources[logicalId]
    if (made !== undefined) made.Metadata = { 'aws:asset:path': asset }
    return this
  }

  table(logicalId: string, properties: Properties = {}): this {
    return this.add(logicalId, 'AWS::DynamoDB::Table', {
      TableName: `${logicalId.toLowerCase()}-table`,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'PK', AttributeType: 'S' },
        { AttributeName: 'SK', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'PK', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      ...properties,
    })
  }

  /** Grants to read the stream of a table, for a function with a mapping. */
  static streamStatements(table: string): Properties[] {
    return [
      {
        Effect: 'Allow',
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        Resource: { 'Fn::GetAtt': [table, 'StreamArn'] },
      },
    ]
  }

  mapping(logicalId: string, table: string, functionName: string, properties: Properties = {}): this {
    return this.add(logicalId, 'AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [table, 'StreamArn'] },
      FunctionName: { Ref: functionName },
      StartingPosition: 'TRIM_HORIZON',
      ...properties,
    })
  }

  api(): this {
    this.add('Api', 'AWS::ApiGatewayV2::Api', { Name: 'api', ProtocolType: 'HTTP' })
    return this.add('Stage', 'AWS::ApiGatewayV2::Stage', {
      ApiId: { Ref: 'Api' },
      StageName: '$default',
      AutoDeploy: true,
    })
  }

  route(routeKey: string, functionName: string, properties: Properties = {}, integration: Properties = {}): this {
    const id = `R${Object.keys(this.resources).length}`
    this.add(`${id}Integration`, 'AWS::ApiGatewayV2::Integration', {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': [functionName, 'Arn'] },
      PayloadFormatVersion: '2.0',
      ...integration,
    })
    this.permission(`${id}Permission`, functionName, 'apigateway.amazonaws.com')
    return this.add(id, 'AWS::ApiGatewayV2::Route', {
      ApiId: { Ref: 'Api' },
      RouteKey: routeKey,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: `${id}Integration` }]] },
      AuthorizationType: 'NONE',
      ...properties,
    })
  }

  permission(logicalId: string, functionName: string, principal: string): this {
    return this.add(logicalId, 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [functionName, 'Arn'] },
      Principal: principal,
    })
  }

  rule(logicalId: string, expression: string, functionName: string, properties: Properties = {}): this {
    this.permission(`${logicalId}Permission`, functionName, 'events.amazonaws.com')
    return this.add(logicalId, 'AWS::Events::Rule', {
      ScheduleExpression: expression,
      State: 'ENABLED',
      Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': [functionName, 'Arn'] } }],
      ...properties,
    })
  }

  async engine(kind: EngineKind = 'dynoxide'): Promise<Engine> {
    this.#engine ??= await startEngine({ dataDir: this.dataDir, kind, log: (line) => this.logs.push(line) })
    this.#call ??= engineCalls(this.#engine.endpoint, 'us-east-1')
    return this.#engine
  }

  /** Calls the engine directly, past all permissions. */
  get call(): EngineCall {
    if (this.#call === undefined) throw new Error('the engine does not run')
    return this.#call
  }

  put(table: string, PK: string, SK: string, more: Properties = {}): Promise<unknown> {
    return this.call('dynamodb', 'PutItem', {
      TableName: `${table.toLowerCase()}-table`,
      Item: { PK: { S: PK }, SK: { S: SK }, ...more },
    })
  }

  async start(more: Partial<HostOptions> = {}): Promise<Host> {
    const engine = await this.engine()
    this.#host = await startHost({
      template: { Resources: this.resources },
      assemblyDir: join(this.directory, 'assembly'),
      parameters: {},
      environment: {},
      engine,
      dataDir: this.dataDir,
      port: 0,
      log: (line) => this.logs.push(line),
      ...more,
    })
    return this.#host
  }

  /** Writes a helper file into the assembly and returns its path. */
  file(name: string, content: string): string {
    const path = join(this.directory, name)
    writeFileSync(path, content)
    return path
  }

  async stopHost(): Promise<void> {
    await this.#host?.close()
    this.#host = undefined
  }

  async stopEngine(): Promise<void> {
    this.#call?.close()
    this.#call = undefined
    await this.#engine?.stop()
    this.#engine = undefined
  }

  async dispose(): Promise<void> {
    await this.stopHost()
    await this.stopEngine()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Polls until `check` gives something other than undefined or false, or fails after `withinMs`. */
export async function eventually<T>(
  check: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 5_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const value = await check()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`did not happen within ${withinMs} ms`)
    await new Promise((next) => setTimeout(next, 5))
  }
}
