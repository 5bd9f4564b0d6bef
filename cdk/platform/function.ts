import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib'
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, CfnFunction, Code, Function, LayerVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { existsSync } from 'node:fs'
import { architectureOf, type Settings } from './settings.ts'

export type FunctionWish = {
  /** Logical id in the template and name in the logs: `OrdersHttp`. */
  readonly id: string
  readonly assetDir: string
  readonly handler: string
  readonly timeoutSeconds: number
  readonly memoryMegabytes: number
  readonly environment: Readonly<Record<string, string>>
  readonly statements: readonly PolicyStatement[]
  readonly layerArn?: string
}

/** One Lambda with a role and a log group of its own; the role holds what is listed and nothing else. */
export function makeFunction(stack: Stack, settings: Settings, wish: FunctionWish): Function {
  if (!existsSync(wish.assetDir)) throw new Error(`${wish.id}: ${wish.assetDir} is not built`)
  const kept = settings.stage === 'prod'
  const logGroup = new LogGroup(stack, `${wish.id}Logs`, {
    retention: kept ? RetentionDays.SIX_MONTHS : RetentionDays.ONE_WEEK,
    removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  })
  const logs = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  })
  const role = new Role(stack, `${wish.id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { grants: new PolicyDocument({ statements: [logs, ...wish.statements] }) },
  })
  // Everything a function may do is written in its own file; no construct adds to it behind our back.
  const sealed = role.withoutPolicyUpdates()
  const made = new Function(stack, wish.id, {
    runtime: Runtime.NODEJS_24_X,
    architecture: architectureOf(settings.region) === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    code: Code.fromAsset(wish.assetDir),
    handler: wish.handler,
    role: sealed,
    logGroup,
    timeout: Duration.seconds(wish.timeoutSeconds),
    memorySize: wish.memoryMegabytes,
    tracing: Tracing.DISABLED,
    environment: { NODE_OPTIONS: '--enable-source-maps', ...wish.environment },
    ...(wish.layerArn === undefined
      ? {}
      : { layers: [LayerVersion.fromLayerVersionArn(stack, `${wish.id}Layer`, wish.layerArn)] }),
  })
  if (made.node.defaultChild instanceof CfnFunction) made.node.defaultChild.overrideLogicalId(wish.id)
  return made
}
