import { describe, expect, it } from 'vitest'
import { INERT, SIMULATED } from '../../cdk/local/resource-types.ts'
import { readRoles } from '../../cdk/local/roles.ts'
import { readTemplate } from '../../cdk/local/template.ts'

type Properties = Record<string, unknown>

function resolveOne(value: unknown, more: Properties = {}, parameters: Record<string, string> = {}): unknown {
  const Resources = {
    Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: value } },
    ...((more['Resources'] as object) ?? {}),
  }
  return readTemplate({ ...more, Resources }, parameters).find('Q')?.properties['QueueName']
}

describe('the template on one machine', () => {
  it('refuses a resource type it does not know, by type and logical id, all of them at once', () => {
    const template = {
      Resources: {
        Cluster: { Type: 'AWS::RDS::DBCluster', Properties: {} },
        Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
      },
    }
    expect(() => readTemplate(template, {})).toThrow(
      /Cluster: resource type AWS::RDS::DBCluster[\s\S]*Pool: resource type AWS::Cognito::UserPool/,
    )
  })

  it('refuses a property of a simulated type that it would ignore', () => {
    const template = {
      Resources: { M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { TumblingWindowInSeconds: 30 } } },
    }
    expect(() => readTemplate(template, {})).toThrow(
      'M: property TumblingWindowInSeconds of AWS::Lambda::EventSourceMapping',
    )
  })

  it('gives a reason for each inert type and property', () => {
    const reasons = [...Object.values(INERT), ...Object.values(SIMULATED).flatMap((type) => Object.values(type.inert))]
    expect(reasons.filter((reason) => reason.trim().length < 5)).toEqual([])
    expect(Object.keys(INERT).filter((type) => type in SIMULATED)).toEqual([])
  })

  it('leaves out resources whose condition is false and refuses what still points at them', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } }
    const Resources = { Gone: { Type: 'AWS::RDS::DBCluster', Condition: 'Never', Properties: {} } }
    expect(resolveOne('plain', { Conditions, Resources })).toBe('plain')
    expect(() => resolveOne({ Ref: 'Gone' }, { Conditions, Resources })).toThrow('Ref Gone')
  })

  const Parameters = {
    Stage: { Type: 'String', Default: 'dev' },
    Hosts: { Type: 'CommaDelimitedList', Default: 'a,b,c' },
  }
  const Conditions = {
    IsDev: { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] },
    IsProd: { 'Fn::Not': [{ Condition: 'IsDev' }] },
    Both: { 'Fn::And': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsDev' }, { Condition: 'IsProd' }] },
  }
  const Mappings = { Sizes: { small: { memory: '128' } } }
  const Resources = {
    T: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'market' } },
    F: { Type: 'AWS::Lambda::Function', Properties: {} },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: {} },
  }
  const table: [string, unknown, unknown][] = [
    ['Ref of a parameter', { Ref: 'Stage' }, 'dev'],
    ['Ref of a resource', { Ref: 'T' }, 'market'],
    ['Ref of a function without a name', { Ref: 'F' }, 'F'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Partition' }, 'aws'],
    ['GetAtt of a table', { 'Fn::GetAtt': ['T', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/market'],
    [
      'GetAtt in text form',
      { 'Fn::GetAtt': 'T.StreamArn' },
      'arn:aws:dynamodb:us-east-1:000000000000:table/market/stream/local',
    ],
    ['GetAtt of something inert', { 'Fn::GetAtt': ['Logs', 'Arn'] }, 'arn:aws:inert:us-east-1:000000000000:Logs/Arn'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-dev'],
    [
      'Sub',
      { 'Fn::Sub': '${Stage}/${T.Arn}/${!Literal}' },
      'dev/arn:aws:dynamodb:us-east-1:000000000000:table/market/${Literal}',
    ],
    ['Sub with variables', { 'Fn::Sub': ['${X}-${Stage}', { X: { Ref: 'T' } }] }, 'market-dev'],
    ['Select from a list parameter', { 'Fn::Select': [1, { Ref: 'Hosts' }] }, 'b'],
    ['Split', { 'Fn::Select': ['2', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'c'],
    ['If, true', { 'Fn::If': ['IsDev', 'yes', 'no'] }, 'yes'],
    ['If, negated', { 'Fn::If': ['IsProd', 'yes', 'no'] }, 'no'],
    ['If, and', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    ['If, or', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    ['no value', { 'Fn::If': ['IsProd', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, '128'],
  ]
  it.each(table)('evaluates %s', (_name, value, expected) => {
    expect(resolveOne(value, { Parameters, Conditions, Mappings, Resources })).toEqual(expected)
  })

  it('refuses an intrinsic function it does not know', () => {
    expect(() => resolveOne({ 'Fn::ImportValue': 'x' })).toThrow('intrinsic function Fn::ImportValue')
  })

  it('speaks the partition of the region that is given', () => {
    const value = { 'Fn::GetAtt': ['T', 'Arn'] }
    expect(resolveOne(value, { Resources }, { 'AWS::Region': 'cn-northwest-1' })).toBe(
      'arn:aws-cn:dynamodb:cn-northwest-1:000000000000:table/market',
    )
  })

  it('asks for a parameter without default and refuses one that does not exist', () => {
    const needed = { Parameters: { Needed: { Type: 'String' } } }
    expect(() => resolveOne('x', needed)).toThrow('parameter Needed')
    expect(resolveOne({ Ref: 'Needed' }, needed, { Needed: 'given' })).toBe('given')
    expect(() => resolveOne('x', {}, { Other: 'a' })).toThrow('no parameter Other')
  })

  it('refuses policy conditions on tables, unknown managed policies and NotAction', () => {
    const role = (Statement: unknown, ManagedPolicyArns: unknown = []) =>
      readTemplate(
        {
          Resources: {
            R: {
              Type: 'AWS::IAM::Role',
              Properties: { ManagedPolicyArns, Policies: [{ PolicyDocument: { Statement } }] },
            },
          },
        },
        {},
      )
    const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } }
    const limited = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*', Condition }
    expect(() => readRoles(role(limited))).toThrow('condition on dynamodb:LeadingKeys')
    expect(() => readRoles(role({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }))).toThrow('NotAction')
    const managed = (name: string) => readRoles(role([], [`arn:aws:iam::aws:policy/${name}`]))
    expect(() => managed('AdministratorAccess')).toThrow('AdministratorAccess')
    expect(() => managed('service-role/AWSLambdaBasicExecutionRole')).not.toThrow()
  })
})
