import { Duration, type Stack } from 'aws-cdk-lib'
import { CfnRule, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { EventInvokeConfig, type Function } from 'aws-cdk-lib/aws-lambda'

/** `minute`: what waits for a clock. `night`: 02:30 in Shanghai, when the Shanghai day before is closed. */
export type Rhythm = 'minute' | 'night'

const schedules: Readonly<Record<Rhythm, Schedule>> = {
  minute: Schedule.rate(Duration.minutes(1)),
  night: Schedule.cron({ minute: '30', hour: '18' }),
}

/** A tick that failed is not repeated: the next one does its work. A night is long enough to try again twice. */
const retries: Readonly<Record<Rhythm, 0 | 2>> = { minute: 0, night: 2 }

export function runOnSchedule(stack: Stack, id: string, made: Function, rhythm: Rhythm): void {
  const rule = new Rule(stack, `${id}Schedule`, { schedule: schedules[rhythm], targets: [new LambdaFunction(made)] })
  if (rule.node.defaultChild instanceof CfnRule) rule.node.defaultChild.overrideLogicalId(`${id}Schedule`)
  new EventInvokeConfig(stack, `${id}Retries`, { function: made, retryAttempts: retries[rhythm] })
}
