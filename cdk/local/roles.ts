import type { Grant } from './inside/permissions.ts'
import { MANAGED_POLICIES, RefusedByHost } from './resource-types.ts'
import { isRecord } from './template.ts'
import type { LocalResource, LocalTemplate } from './template.ts'

/** What each role of the template grants for DynamoDB and SQS; statements about other services are data here. */
export interface Roles {
  readonly grantsOf: (roleArn: string) => readonly Grant[]
}

const SIMULATED_SERVICES = /^(dynamodb|sqs):|^\*$/i

export function readRoles(template: LocalTemplate): Roles {
  const byArn = new Map<string, Grant[]>()
  const byName = new Map<string, Grant[]>()
  for (const role of template.ofType('AWS::IAM::Role')) {
    const grants: Grant[] = []
    byArn.set(template.arnOf(role.logicalId), grants)
    byName.set(String(role.properties['RoleName'] ?? role.logicalId), grants)
    for (const policy of listOf(role.properties['Policies'])) {
      if (isRecord(policy)) grants.push(...grantsOfDocument(policy['PolicyDocument'], role.logicalId))
    }
    for (const arn of listOf(role.properties['ManagedPolicyArns'])) refuseUnknownManaged(String(arn), role)
  }
  for (const policy of template.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')) {
    const grants = grantsOfDocument(policy.properties['PolicyDocument'], policy.logicalId)
    for (const name of listOf(policy.properties['Roles'])) {
      const role = byName.get(String(name))
      if (role === undefined)
        throw new RefusedByHost(`${policy.logicalId}: role ${String(name)} is not in the template`)
      role.push(...grants)
    }
  }
  return {
    grantsOf: (roleArn) => {
      const grants = byArn.get(roleArn)
      if (grants === undefined) throw new RefusedByHost(`role ${roleArn} is not in the template`)
      return grants
    },
  }
}

function refuseUnknownManaged(arn: string, role: LocalResource): void {
  const name = arn.slice(arn.lastIndexOf('/') + 1)
  if (/:iam::aws:policy\//.test(arn) && Object.hasOwn(MANAGED_POLICIES, name)) return
  throw new RefusedByHost(`${role.logicalId}: managed policy ${arn} is not simulated here`)
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function grantsOfDocument(document: unknown, where: string): readonly Grant[] {
  if (!isRecord(document)) throw new RefusedByHost(`${where}: a policy has no document`)
  return listOf(document['Statement']).flatMap((statement) => grantOfStatement(statement, where))
}

function grantOfStatement(statement: unknown, where: string): readonly Grant[] {
  if (!isRecord(statement)) throw new RefusedByHost(`${where}: a policy statement is not an object`)
  if (statement['NotAction'] !== undefined) throw new RefusedByHost(`${where}: NotAction is not simulated here`)
  const actions = listOf(statement['Action'])
    .map(String)
    .filter((action) => SIMULATED_SERVICES.test(action))
  if (actions.length === 0) return []
  if (statement['NotResource'] !== undefined) throw new RefusedByHost(`${where}: NotResource is not simulated here`)
  if (statement['Condition'] !== undefined) {
    const operators = isRecord(statement['Condition']) ? statement['Condition'] : {}
    const keys = Object.values(operators).flatMap((each) => (isRecord(each) ? Object.keys(each) : []))
    throw new RefusedByHost(`${where}: policy condition on ${keys.join(', ')} is not simulated here`)
  }
  const effect = statement['Effect']
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new RefusedByHost(`${where}: Effect ${String(effect)} does not exist`)
  return [{ effect, actions, resources: listOf(statement['Resource']).map(String) }]
}
