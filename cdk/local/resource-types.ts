/**
 * What this host does with each CloudFormation resource type. Three answers only: simulated (with the properties it
 * honours), inert here (nothing happens, and why that is safe), and, for everything absent from this file, refused by
 * name. A property of a simulated type that is neither honoured nor listed as inert is refused too: a setting that is
 * silently ignored on this machine would first be tried on the account of a real district.
 */

export interface SimulatedType {
  /** Properties whose meaning is carried out. */
  readonly honoured: readonly string[]
  /** Properties that change nothing on one machine, each with the reason. */
  readonly inert: Readonly<Record<string, string>>
}

const tags = { Tags: 'labels for cost reports' }
const description = { Description: 'text for people' }

export const SIMULATED: Readonly<Record<string, SimulatedType>> = {
  'AWS::DynamoDB::Table': {
    honoured: [
      'TableName',
      'KeySchema',
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TimeToLiveSpecification',
    ],
    inert: {
      ...tags,
      BillingMode: 'the engine does not bill and does not throttle by itself; throttling is injected',
      ProvisionedThroughput: 'as BillingMode',
      OnDemandThroughput: 'as BillingMode',
      WarmThroughput: 'as BillingMode',
      PointInTimeRecoverySpecification: 'backups of the data folder are the operator’s',
      SSESpecification: 'the disk of this machine is the operator’s',
      DeletionProtectionEnabled: 'this host never deletes a table',
      TableClass: 'a price class',
      ContributorInsightsSpecification: 'a metric',
    },
  },
  'AWS::DynamoDB::GlobalTable': {
    honoured: [
      'TableName',
      'KeySchema',
      'AttributeDefinitions',
      'GlobalSecondaryIndexes',
      'LocalSecondaryIndexes',
      'StreamSpecification',
      'TimeToLiveSpecification',
      'Replicas',
    ],
    inert: {
      BillingMode: 'the engine does not bill and does not throttle by itself; throttling is injected',
      WriteProvisionedThroughputSettings: 'as BillingMode',
      WriteOnDemandThroughputSettings: 'as BillingMode',
      WarmThroughput: 'as BillingMode',
      SSESpecification: 'the disk of this machine is the operator’s',
    },
  },
  'AWS::Lambda::Function': {
    honoured: ['Code', 'Handler', 'Runtime', 'Role', 'Timeout', 'MemorySize', 'Environment', 'FunctionName', 'Layers'],
    inert: {
      ...tags,
      ...description,
      Architectures: 'JavaScript runs on the processor of this machine',
      LoggingConfig: 'logs go to a file per function',
      TracingConfig: 'there is no X-Ray here',
      EphemeralStorage: 'bundles do not write files',
      ReservedConcurrentExecutions: 'one worker per function takes every request; concurrency is higher, never lower',
      RecursiveLoop: 'functions cannot reach other services from here',
      RuntimeManagementConfig: 'the runtime is the Node that runs the host',
    },
  },
  'AWS::Lambda::Permission': {
    honoured: ['Action', 'FunctionName', 'Principal'],
    inert: { SourceArn: 'there is one API and one account', SourceAccount: 'there is one account' },
  },
  'AWS::Lambda::EventInvokeConfig': {
    honoured: ['FunctionName', 'MaximumRetryAttempts', 'Qualifier', 'DestinationConfig'],
    inert: { MaximumEventAgeInSeconds: 'the host keeps no queue of asynchronous events beyond the retries' },
  },
  'AWS::Lambda::EventSourceMapping': {
    honoured: [
      'EventSourceArn',
      'FunctionName',
      'Enabled',
      'BatchSize',
      'MaximumBatchingWindowInSeconds',
      'ParallelizationFactor',
      'StartingPosition',
      'MaximumRetryAttempts',
      'MaximumRecordAgeInSeconds',
      'BisectBatchOnFunctionError',
      'FunctionResponseTypes',
      'DestinationConfig',
      'FilterCriteria',
    ],
    inert: { ...tags, MetricsConfig: 'a metric' },
  },
  'AWS::IAM::Role': {
    honoured: ['Policies', 'ManagedPolicyArns', 'RoleName'],
    inert: {
      ...tags,
      ...description,
      AssumeRolePolicyDocument: 'the host alone hands out the roles',
      Path: 'a name',
      MaxSessionDuration: 'credentials do not expire here',
    },
  },
  'AWS::IAM::Policy': { honoured: ['PolicyDocument', 'Roles'], inert: { PolicyName: 'a name' } },
  'AWS::IAM::ManagedPolicy': {
    honoured: ['PolicyDocument', 'Roles'],
    inert: { ...description, ManagedPolicyName: 'a name', Path: 'a name' },
  },
  'AWS::ApiGatewayV2::Api': {
    honoured: ['Name', 'ProtocolType'],
    inert: { ...tags, ...description, DisableExecuteApiEndpoint: 'there is one address here' },
  },
  'AWS::ApiGatewayV2::Stage': {
    honoured: ['ApiId', 'StageName', 'AutoDeploy', 'StageVariables'],
    inert: {
      ...tags,
      ...description,
      AccessLogSettings: 'the functions log their outcomes',
      DefaultRouteSettings: 'throttling of the public edge; the machine is its own limit',
      RouteSettings: 'as DefaultRouteSettings',
    },
  },
  'AWS::ApiGatewayV2::Route': {
    honoured: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'AuthorizationScopes'],
    inert: { OperationName: 'a name' },
  },
  'AWS::ApiGatewayV2::Integration': {
    honoured: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
    inert: {
      ...description,
      IntegrationMethod: 'Lambda is always invoked by POST',
      ConnectionType: 'INTERNET is the only one',
    },
  },
  'AWS::ApiGatewayV2::Authorizer': {
    honoured: ['ApiId', 'AuthorizerType', 'IdentitySource', 'JwtConfiguration'],
    inert: { Name: 'a name' },
  },
  'AWS::Events::Rule': {
    honoured: ['Name', 'ScheduleExpression', 'State', 'Targets'],
    inert: { ...tags, ...description },
  },
  'AWS::Scheduler::Schedule': {
    honoured: ['Name', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'State', 'Target', 'FlexibleTimeWindow'],
    inert: { ...description, GroupName: 'a name', KmsKeyArn: 'nothing is encrypted by the host' },
  },
  'AWS::SQS::Queue': {
    honoured: ['QueueName'],
    inert: {
      ...tags,
      MessageRetentionPeriod: 'messages stay in the data folder until it is emptied',
      SqsManagedSseEnabled: 'the disk of this machine is the operator’s',
      KmsMasterKeyId: 'as SqsManagedSseEnabled',
      KmsDataKeyReusePeriodSeconds: 'as SqsManagedSseEnabled',
      VisibilityTimeout: 'nobody receives here: the queue is a bell that people look at',
      ReceiveMessageWaitTimeSeconds: 'as VisibilityTimeout',
    },
  },
}

/** Types that do nothing on one machine, each with the reason why nothing that guards money is lost by it. */
export const INERT: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'version telemetry of the CDK',
  'AWS::Logs::LogGroup': 'logs go to a file per function in the data folder',
  'AWS::Logs::MetricFilter': 'no metrics here; figures come from the API',
  'AWS::Logs::ResourcePolicy': 'as LogGroup',
  'AWS::CloudWatch::Alarm': 'nobody is paged from this machine; the host logs the same conditions',
  'AWS::CloudWatch::CompositeAlarm': 'as Alarm',
  'AWS::CloudWatch::Dashboard': 'a view of metrics',
  'AWS::SNS::Topic': 'carries alarms only',
  'AWS::SNS::TopicPolicy': 'as Topic',
  'AWS::SNS::Subscription': 'as Topic',
  'AWS::SQS::QueuePolicy': 'only the host writes to the queues of this machine',
  'AWS::WAFv2::WebACL': 'the host listens on 127.0.0.1 only',
  'AWS::WAFv2::WebACLAssociation': 'as WebACL',
  'AWS::CloudFront::Distribution': 'the browser talks to the API’s address directly; same origin as behind the CDN',
  'AWS::CloudFront::CachePolicy': 'as Distribution',
  'AWS::CloudFront::OriginRequestPolicy': 'as Distribution',
  'AWS::CloudFront::ResponseHeadersPolicy': 'security headers are set by the web function itself',
  'AWS::CloudFront::OriginAccessControl': 'as Distribution',
  'AWS::CloudFront::Function': 'as Distribution',
  'AWS::S3::Bucket': 'holds build assets and access logs; the host reads the assets from the assembly',
  'AWS::S3::BucketPolicy': 'as Bucket',
  'AWS::KMS::Key': 'the disk of this machine is the operator’s',
  'AWS::KMS::Alias': 'as Key',
  'AWS::SecretsManager::Secret':
    'secrets come from the environment given to the host; reading them from AWS is refused',
  'AWS::SecretsManager::SecretTargetAttachment': 'as Secret',
  'AWS::SSM::Parameter': 'a record of the deployment for people',
  'AWS::Budgets::Budget': 'this machine sends no bill',
  'AWS::Backup::BackupPlan': 'backups of the data folder are the operator’s',
  'AWS::Backup::BackupSelection': 'as BackupPlan',
  'AWS::Backup::BackupVault': 'as BackupPlan',
  'AWS::CertificateManager::Certificate': 'plain http on 127.0.0.1',
  'AWS::Route53::RecordSet': 'no names are published from here',
  'AWS::ApiGatewayV2::DomainName': 'no names are published from here',
  'AWS::ApiGatewayV2::ApiMapping': 'as DomainName',
  'AWS::Scheduler::ScheduleGroup': 'a name for schedules',
  'AWS::ResourceGroups::Group': 'a view for people',
}

/** AWS-managed policies that a role may name; none of them touches a table's items. */
export const MANAGED_POLICIES: Readonly<Record<string, string>> = {
  AWSLambdaBasicExecutionRole: 'writing logs',
  AWSXRayDaemonWriteAccess: 'tracing, which is inert here',
  CloudWatchLambdaInsightsExecutionRolePolicy: 'metrics, which are inert here',
}

export class RefusedByHost extends Error {
  override name = 'RefusedByHost'
}

export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
  readonly Condition?: string
  readonly Metadata?: Readonly<Record<string, unknown>>
}

/** Throws one error that names every type and property of the template this host would not carry out. */
export function refuseUnknown(resources: Readonly<Record<string, TemplateResource>>): void {
  const refusals: string[] = []
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (Object.hasOwn(INERT, resource.Type)) continue
    const simulated = Object.hasOwn(SIMULATED, resource.Type) ? SIMULATED[resource.Type] : undefined
    if (simulated === undefined) {
      refusals.push(`${logicalId}: resource type ${resource.Type} is neither simulated nor inert here`)
      continue
    }
    for (const property of Object.keys(resource.Properties ?? {})) {
      if (simulated.honoured.includes(property) || Object.hasOwn(simulated.inert, property)) continue
      refusals.push(`${logicalId}: property ${property} of ${resource.Type} is not simulated here`)
    }
  }
  if (refusals.length > 0) throw new RefusedByHost(`the template is refused:\n  ${refusals.join('\n  ')}`)
}
