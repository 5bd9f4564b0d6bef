import { Duration, type Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import {
  CfnEventSourceMapping,
  EventSourceMapping,
  FilterCriteria,
  type Function,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'

/** How one reader of the table's stream is fed. Two readers per shard is the service's limit: fund and hooks. */
export type Feed = {
  readonly id: string
  /** Event types that are delivered; everything else is filtered out before it costs anything. */
  readonly types: readonly [string, ...string[]]
  readonly batchSize: number
  /** How long a record is tried; ten minutes unless it is said. */
  readonly keptHours?: number
  /** What it means that the reader gave up on records, for who hears the bell. */
  readonly whenGivenUp?: string
}

// What cannot be done within ten minutes goes to the queue as a pointer; the sweep finds the event itself.
const RECORD_AGE_MAX = Duration.minutes(10)
const RUN_RECONCILE = 'run the reconcile of the fund and day they name'

/** The queue of what a reader gave up on: a bell, not a store. A message in it rings. */
export function makeBell(
  stack: Stack,
  feedId: string,
  alarms: IAlarmAction,
  whenGivenUp: string = RUN_RECONCILE,
): Queue {
  const queue = new Queue(stack, `${feedId}GivenUp`, {
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
  })
  const alarm = new Alarm(stack, `${feedId}GivenUpAlarm`, {
    alarmDescription: `${feedId} gave up on records: ${whenGivenUp}`,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  })
  alarm.addAlarmAction(alarms)
  return queue
}

export function feedFromStream(stack: Stack, table: Table, made: Function, feed: Feed, bell: Queue): void {
  const mapping = new EventSourceMapping(stack, `${feed.id}Feed`, {
    target: made,
    eventSourceArn: streamArnOf(table),
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: feed.batchSize,
    maxBatchingWindow: Duration.seconds(0),
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    maxRecordAge: feed.keptHours === undefined ? RECORD_AGE_MAX : Duration.hours(feed.keptHours),
    onFailure: new SqsDlq(bell),
    filters: [
      FilterCriteria.filter({
        dynamodb: {
          NewImage: {
            entity: { S: ['event'] },
            type: { S: [...feed.types] },
          },
        },
      }),
    ],
  })
  const child = mapping.node.defaultChild
  if (child instanceof CfnEventSourceMapping) child.overrideLogicalId(`${feed.id}Feed`)
}

/** What the function's role needs so that Lambda can read the stream for it, and ring the bell. */
export function feedStatements(table: Table, bell: Queue): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      resources: [streamArnOf(table)],
    }),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [bell.queueArn] }),
  ]
}

function streamArnOf(table: Table): string {
  if (table.tableStreamArn === undefined) throw new Error(`${table.node.id} has no stream`)
  return table.tableStreamArn
}
