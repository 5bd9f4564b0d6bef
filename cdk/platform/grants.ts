import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { MARKET_INDEX } from './tables.ts'

/** What one function may do with one table, action by action; a transaction needs the action of each of its items. */
export const tableActions = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'ConditionCheckItem',
] as const
export type TableAction = (typeof tableActions)[number]

export type Grant = {
  readonly table: Table
  readonly actions: readonly TableAction[]
  /** Also ask the table's index (`Query` only). */
  readonly index?: true
}

export function statementsOf(grants: readonly Grant[]): PolicyStatement[] {
  return grants.flatMap(({ table, actions, index }) => [
    new PolicyStatement({
      actions: [...actions].sort().map((action) => `dynamodb:${action}`),
      resources: [table.tableArn],
    }),
    ...(index === true
      ? [new PolicyStatement({ actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${MARKET_INDEX}`] })]
      : []),
  ])
}
