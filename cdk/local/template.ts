import { INERT, RefusedByHost, refuseUnknown } from './resource-types.ts'
import type { TemplateResource } from './resource-types.ts'

/** A synthesized template with its parameters and conditions decided and its intrinsic functions evaluated on demand. */

export interface Identity {
  readonly region: string
  readonly account: string
  readonly partition: string
  readonly stackName: string
}

export interface LocalResource {
  readonly logicalId: string
  readonly type: string
  /** Properties with every intrinsic function evaluated. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface LocalTemplate {
  readonly identity: Identity
  readonly ofType: (...types: readonly string[]) => readonly LocalResource[]
  readonly find: (logicalId: string) => LocalResource | undefined
  readonly arnOf: (logicalId: string) => string
  /** The output values that can be evaluated here; an output that needs something inert is left out. */
  readonly resolve: (value: unknown) => unknown
}

type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function record(value: unknown, what: string): Json {
  if (value === undefined) return {}
  if (!isRecord(value)) throw new RefusedByHost(`${what} of the template is not an object`)
  return value
}

function identityOf(parameters: Readonly<Record<string, string>>): Identity {
  const region = parameters['AWS::Region'] ?? 'us-east-1'
  return {
    region,
    account: parameters['AWS::AccountId'] ?? '000000000000',
    partition: region.startsWith('cn-') ? 'aws-cn' : 'aws',
    stackName: parameters['AWS::StackName'] ?? 'local',
  }
}

function parameterValues(declared: Json, given: Readonly<Record<string, string>>): Map<string, unknown> {
  const values = new Map<string, unknown>()
  for (const [name, declaration] of Object.entries(declared)) {
    const parameter = record(declaration, `parameter ${name}`)
    const type = String(parameter['Type'] ?? 'String')
    const raw = given[name] ?? parameter['Default']
    // A bootstrap version in SSM says how the account was prepared; there is no account here.
    if (type.startsWith('AWS::SSM::Parameter')) values.set(name, raw ?? '')
    else if (raw === undefined) throw new RefusedByHost(`parameter ${name} has no default and was not given`)
    else if (type === 'CommaDelimitedList' || type.startsWith('List<')) values.set(name, String(raw).split(','))
    else values.set(name, String(raw))
  }
  for (const name of Object.keys(given)) {
    if (!name.startsWith('AWS::') && !values.has(name)) throw new RefusedByHost(`the template has no parameter ${name}`)
  }
  return values
}

const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Events::Rule': 'Name',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::ApiGatewayV2::Stage': 'StageName',
}

export function readTemplate(template: object, parameters: Readonly<Record<string, string>>): LocalTemplate {
  const body = record(template, 'the body')
  if (body['Transform'] !== undefined) throw new RefusedByHost('Transform of the template is not simulated here')
  if (body['Rules'] !== undefined) {
    const rules = Object.keys(record(body['Rules'], 'Rules')).filter((rule) => rule !== 'CheckBootstrapVersion')
    if (rules.length > 0) throw new RefusedByHost(`rules of the template are not simulated here: ${rules.join(', ')}`)
  }
  return new Evaluation(body, parameters)
}

class Evaluation implements LocalTemplate {
  readonly identity: Identity
  readonly #resources = new Map<string, TemplateResource>()
  readonly #parameters: Map<string, unknown>
  readonly #conditions: Json
  readonly #mappings: Json
  readonly #evaluated = new Map<string, LocalResource>()
  readonly #decided = new Map<string, boolean>()

  constructor(body: Json, given: Readonly<Record<string, string>>) {
    this.identity = identityOf(given)
    this.#parameters = parameterValues(record(body['Parameters'], 'Parameters'), given)
    this.#conditions = record(body['Conditions'], 'Conditions')
    this.#mappings = record(body['Mappings'], 'Mappings')
    for (const [logicalId, raw] of Object.entries(record(body['Resources'], 'Resources'))) {
      const resource = record(raw, `resource ${logicalId}`) as unknown as TemplateResource
      if (resource.Condition !== undefined && !this.#condition(resource.Condition)) continue
      this.#resources.set(logicalId, resource)
    }
    refuseUnknown(Object.fromEntries(this.#resources))
  }

  ofType(...types: readonly string[]): readonly LocalResource[] {
    return [...this.#resources]
      .filter(([, resource]) => types.includes(resource.Type))
      .flatMap(([logicalId]) => this.find(logicalId) ?? [])
  }

  find(logicalId: string): LocalResource | undefined {
    const known = this.#evaluated.get(logicalId)
    if (known !== undefined) return known
    const resource = this.#resources.get(logicalId)
    if (resource === undefined) return undefined
    const properties = record(this.resolve(resource.Properties ?? {}), `properties of ${logicalId}`)
    const local = { logicalId, type: resource.Type, properties, metadata: resource.Metadata ?? {} }
    this.#evaluated.set(logicalId, local)
    return local
  }

  arnOf(logicalId: string): string {
    return String(this.#attribute(logicalId, 'Arn'))
  }

  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined)
    if (!isRecord(value)) return value
    const keys = Object.keys(value)
    const only = keys[0]
    if (
      keys.length === 1 &&
      only !== undefined &&
      (only === 'Ref' || only.startsWith('Fn::') || only === 'Condition')
    ) {
      // `Condition` alone is an intrinsic only inside conditions; in a policy statement it never stands alone.
      return this.#intrinsic(only, value[only])
    }
    const result: Record<string, unknown> = {}
    for (const key of keys) {
      const resolved = this.resolve(value[key])
      if (resolved !== undefined) result[key] = resolved
    }
    return result
  }

  #intrinsic(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument))
      case 'Fn::GetAtt': {
        const [logicalId, ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.')
        return this.#attribute(logicalId ?? '', rest.join('.'))
      }
      case 'Fn::Join': {
        const [separator, items] = this.#list(argument, name)
        const resolved = this.resolve(items)
        return (Array.isArray(resolved) ? resolved : [resolved]).map(String).join(String(separator))
      }
      case 'Fn::Sub':
        return this.#sub(argument)
      case 'Fn::If': {
        const [condition, yes, no] = this.#list(argument, name)
        return this.resolve(this.#condition(String(condition)) ? yes : no)
      }
      case 'Fn::Select': {
        const [index, items] = this.#list(argument, name)
        const list = this.resolve(items)
        const chosen: unknown = Array.isArray(list) ? list[Number(this.resolve(index))] : undefined
        if (chosen === undefined) throw new RefusedByHost(`Fn::Select finds nothing at ${JSON.stringify(index)}`)
        return chosen
      }
      case 'Fn::Split': {
        const [separator, text] = this.#list(argument, name)
        return String(this.resolve(text)).split(String(separator))
      }
      case 'Fn::FindInMap': {
        const [map, first, second] = this.#list(argument, name).map((part) => String(this.resolve(part)))
        const row = record(record(this.#mappings[map ?? ''], `mapping ${map}`)[first ?? ''], `mapping ${map}.${first}`)
        const found = row[second ?? '']
        if (found === undefined) throw new RefusedByHost(`mapping ${map}.${first}.${second} does not exist`)
        return found
      }
      case 'Fn::Base64':
        return Buffer.from(String(this.resolve(argument))).toString('base64')
      case 'Fn::Equals':
      case 'Fn::Not':
      case 'Fn::And':
      case 'Fn::Or':
      case 'Condition':
        return this.#decide({ [name]: argument })
      default:
        throw new RefusedByHost(`intrinsic function ${name} is not simulated here`)
    }
  }

  #list(argument: unknown, name: string): readonly unknown[] {
    if (!Array.isArray(argument)) throw new RefusedByHost(`${name} needs a list`)
    return argument
  }

  #listOr(argument: unknown): readonly unknown[] {
    return Array.isArray(argument) ? argument : [argument]
  }

  #sub(argument: unknown): string {
    const parts = this.#listOr(argument)
    const [text, extra] = parts.length > 1 ? parts : [parts[0], {}]
    const variables = record(extra, 'Fn::Sub')
    return String(text).replaceAll(/\$\{([^}]*)\}/g, (_match, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`
      if (Object.hasOwn(variables, name)) return String(this.resolve(variables[name]))
      const [logicalId, ...rest] = name.trim().split('.')
      return String(rest.length > 0 ? this.#attribute(logicalId ?? '', rest.join('.')) : this.#ref(name.trim()))
    })
  }

  #condition(name: string): boolean {
    const known = this.#decided.get(name)
    if (known !== undefined) return known
    if (!Object.hasOwn(this.#conditions, name)) throw new RefusedByHost(`the template has no condition ${name}`)
    const decided = this.#decide(this.#conditions[name])
    this.#decided.set(name, decided)
    return decided
  }

  #decide(expression: unknown): boolean {
    const node = record(expression, 'a condition')
    const [name] = Object.keys(node)
    const argument = node[name ?? '']
    switch (name) {
      case 'Fn::Equals': {
        const [left, right] = this.#list(argument, name).map((side) => JSON.stringify(this.resolve(side)))
        return left === right
      }
      case 'Fn::Not':
        return !this.#decide(this.#list(argument, name)[0])
      case 'Fn::And':
        return this.#list(argument, name).every((part) => this.#decide(part))
      case 'Fn::Or':
        return this.#list(argument, name).some((part) => this.#decide(part))
      case 'Condition':
        return this.#condition(String(argument))
      default:
        throw new RefusedByHost(`condition function ${String(name)} is not simulated here`)
    }
  }

  #ref(name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudo(name)
    if (this.#parameters.has(name)) return this.#parameters.get(name)
    const resource = this.#resources.get(name)
    if (resource === undefined) throw new RefusedByHost(`Ref ${name}: no such parameter or resource`)
    if (resource.Type === 'AWS::SQS::Queue') return `https://sqs.local/${this.identity.account}/${this.#name(name)}`
    return this.#name(name)
  }

  #pseudo(name: string): unknown {
    switch (name) {
      case 'AWS::Region':
        return this.identity.region
      case 'AWS::AccountId':
        return this.identity.account
      case 'AWS::Partition':
        return this.identity.partition
      case 'AWS::StackName':
        return this.identity.stackName
      case 'AWS::StackId':
        return `arn:${this.identity.partition}:cloudformation:${this.identity.region}:${this.identity.account}:stack/${this.identity.stackName}/local`
      case 'AWS::URLSuffix':
        return this.identity.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
      case 'AWS::NoValue':
        return undefined
      default:
        throw new RefusedByHost(`pseudo parameter ${name} is not simulated here`)
    }
  }

  #name(logicalId: string): string {
    const resource = this.#resources.get(logicalId)
    const property = NAME_PROPERTY[resource?.Type ?? '']
    const given = property === undefined ? undefined : this.resolve(resource?.Properties?.[property])
    return typeof given === 'string' ? given : logicalId
  }

  #attribute(logicalId: string, attribute: string): unknown {
    const resource = this.#resources.get(logicalId)
    if (resource === undefined) throw new RefusedByHost(`Fn::GetAtt ${logicalId}.${attribute}: no such resource`)
    const { partition, region, account } = this.identity
    const arn = (service: string, path: string) => `arn:${partition}:${service}:${region}:${account}:${path}`
    const name = this.#name(logicalId)
    switch (`${resource.Type}.${attribute}`) {
      case 'AWS::DynamoDB::Table.Arn':
      case 'AWS::DynamoDB::GlobalTable.Arn':
        return arn('dynamodb', `table/${name}`)
      case 'AWS::DynamoDB::Table.StreamArn':
      case 'AWS::DynamoDB::GlobalTable.StreamArn':
        return arn('dynamodb', `table/${name}/stream/local`)
      case 'AWS::Lambda::Function.Arn':
        return arn('lambda', `function:${name}`)
      case 'AWS::IAM::Role.Arn':
        return `arn:${partition}:iam::${account}:role/${name}`
      case 'AWS::IAM::Role.RoleId':
        return `AROA${logicalId}`
      case 'AWS::SQS::Queue.Arn':
        return arn('sqs', name)
      case 'AWS::SQS::Queue.QueueName':
        return name
      case 'AWS::Events::Rule.Arn':
        return arn('events', `rule/${name}`)
      case 'AWS::Scheduler::Schedule.Arn':
        return arn('scheduler', `schedule/default/${name}`)
      case 'AWS::ApiGatewayV2::Api.ApiId':
        return name
      case 'AWS::ApiGatewayV2::Api.ApiEndpoint':
        return `https://${name}.execute-api.${region}.${String(this.#pseudo('AWS::URLSuffix'))}`
      case 'AWS::ApiGatewayV2::Authorizer.AuthorizerId':
        return name
    }
    // Attributes of inert resources appear in policies and outputs, as data that nobody follows here.
    if (Object.hasOwn(INERT, resource.Type)) return arn('inert', `${logicalId}/${attribute}`)
    throw new RefusedByHost(`Fn::GetAtt ${logicalId}.${attribute} of ${resource.Type} is not simulated here`)
  }
}
