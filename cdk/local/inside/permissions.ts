/**
 * What a function's role lets it do with DynamoDB. This file and its neighbours run *inside* the function's worker or
 * child process: Node built-ins only, no import from outside this folder.
 */

/** The DynamoDB part of a role's policies; action and resource patterns with `*` and `?`. */
export interface Grant {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

export interface Access {
  readonly action: string
  readonly resource: string
}

export interface Denial extends Access {
  readonly explicit: boolean
}

export interface Permissions {
  /** The first access a request needs and the role lacks; `undefined` when everything is allowed. */
  readonly check: (operation: string, body: Readonly<Record<string, unknown>>) => Denial | undefined
}

function pattern(text: string): RegExp {
  const escaped = text.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is')
}

export function decide(grants: readonly Grant[], access: Access): 'allowed' | 'denied' | 'not granted' {
  const applies = (grant: Grant) =>
    grant.actions.some((action) => pattern(action).test(access.action)) &&
    grant.resources.some((resource) => pattern(resource).test(access.resource))
  const matching = grants.filter(applies)
  if (matching.some((grant) => grant.effect === 'Deny')) return 'denied'
  return matching.some((grant) => grant.effect === 'Allow') ? 'allowed' : 'not granted'
}

/** `arnPrefix` is everything of a table's ARN before the table's name: `arn:aws:dynamodb:<region>:<account>:table/`. */
export function permissionsOf(grants: readonly Grant[], arnPrefix: string): Permissions {
  // A function asks for the same few pairs for ever, so each pair is decided once.
  const decided = new Map<string, Denial | undefined>()
  return {
    check: (operation, body) => {
      for (const access of accessesOf(operation, body, arnPrefix)) {
        const key = `${access.action} ${access.resource}`
        if (!decided.has(key)) {
          const decision = decide(grants, access)
          decided.set(key, decision === 'allowed' ? undefined : { ...access, explicit: decision === 'denied' })
        }
        const denial = decided.get(key)
        if (denial !== undefined) return denial
      }
      return undefined
    },
  }
}

const TRANSACT_ACTIONS = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
} as const

const TABLE_OPERATIONS = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'DescribeTable'])

type Body = Readonly<Record<string, unknown>>

function records(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.filter((item): item is Body => typeof item === 'object' && item !== null) : []
}

/**
 * The actions and resources IAM checks for a request. Transactions need the permission of each item's own action
 * ("Amazon DynamoDB transactions: IAM"); Query and Scan on an index need it on the index's ARN.
 */
export function accessesOf(operation: string, body: Body, arnPrefix: string): readonly Access[] {
  const table = (name: unknown) => (String(name).startsWith('arn:') ? String(name) : `${arnPrefix}${String(name)}`)
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return records(body['TransactItems']).flatMap((item) =>
      Object.entries(TRANSACT_ACTIONS).flatMap(([kind, action]) =>
        records([item[kind]]).map((part) => ({ action: `dynamodb:${action}`, resource: table(part['TableName']) })),
      ),
    )
  }
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    const names = Object.keys((body['RequestItems'] ?? {}) as Body)
    return names.map((name) => ({ action: `dynamodb:${operation}`, resource: table(name) }))
  }
  if (TABLE_OPERATIONS.has(operation)) {
    const index = body['IndexName'] === undefined ? '' : `/index/${String(body['IndexName'])}`
    return [{ action: `dynamodb:${operation}`, resource: `${table(body['TableName'])}${index}` }]
  }
  // Everything else (administration, PartiQL, streams) is checked against the whole service, which no role is given.
  return [{ action: `dynamodb:${operation}`, resource: '*' }]
}
