import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { hookTypes } from '#shared/contracts/hooks-events.ts'
import { routesByContext } from '#shared/contracts/index.ts'
import { ATTEMPT_MS, LEASE_MS } from '#shared/domain/hooks/schedule.ts'
import { readTemplate } from '../../cdk/local/template.ts'
import { RefusedSettings } from '../../cdk/platform/settings.ts'
import { STACK_NAME } from '../../cdk/app.ts'
import { findEntries } from '../../cdk/tools/build.ts'
import { PURGE, QUEUE } from '../../cdk/tools/fund/redrive.ts'
import { grantsOf, inWords, list, ofType, type Stack, synthesize, type Template } from './stack.ts'
import { expectedGrants } from './expected-grants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let local: Stack
let aws: Stack
let china: Stack
let prod: Stack

beforeAll(() => {
  local = synthesize({ stage: 'local' })
  aws = synthesize({ stage: 'dev', region: 'ap-east-1' })
  china = synthesize({ stage: 'dev', region: 'cn-northwest-1' })
  prod = synthesize({ stage: 'prod', region: 'cn-northwest-1', splitProvider: 'a licensed one' })
}, 120_000)

const functionIds = (template: Template) => ofType(template, 'AWS::Lambda::Function').map(([id]) => id)

describe('functions', () => {
  it('are declared in the stack exactly when they have an entry point', () => {
    expect([...local.declared].sort()).toEqual(
      findEntries()
        .map(({ name }) => name)
        .sort(),
    )
    for (const { source } of findEntries()) expect(existsSync(`${root}/${source}`), source).toBe(true)
  })

  it('may do what the table of grants says, action by action, and nothing else', () => {
    const actual = Object.fromEntries(functionIds(local.template).map((id) => [id, grantsOf(local.template, id)]))
    expect(actual).toEqual(expectedGrants)
  })

  it.each(['local', 'aws', 'china', 'prod'] as const)('hold the same grants on every stage: %s', (name) => {
    const { template } = { local, aws, china, prod }[name]
    for (const id of functionIds(template)) expect(grantsOf(template, id), id).toEqual(expectedGrants[id])
  })

  it('run Node 24 without tracing, HTTP ones end before the gateway gives up', () => {
    for (const [id, { Properties }] of ofType(aws.template, 'AWS::Lambda::Function')) {
      expect(Properties['Runtime'], id).toBe('nodejs24.x')
      expect(Properties['TracingConfig'], id).toBeUndefined()
      if (/Http$|^Web$/.test(id)) expect(Properties['Timeout'], id).toBeLessThan(30)
    }
  })

  it('keep their logs for a stated time', () => {
    const groups = ofType(aws.template, 'AWS::Logs::LogGroup')
    expect(groups.length).toBe(functionIds(aws.template).length)
    for (const [id, group] of groups) expect(group.Properties['RetentionInDays'], id).toBeGreaterThan(0)
  })
})

describe('grants', () => {
  it('name no wildcard, neither for actions nor for resources', () => {
    for (const { template } of [local, aws, china, prod]) {
      for (const id of functionIds(template)) {
        expect(
          grantsOf(template, id).filter((grant) => grant.includes('*')),
          id,
        ).toEqual([])
      }
    }
  })

  it('never let anybody delete from the ledger, or write to it in unconditional batches', () => {
    const onLedger = functionIds(local.template).flatMap((id) =>
      grantsOf(local.template, id).filter((grant) => grant.includes('LedgerTable')),
    )
    expect(onLedger.length).toBeGreaterThan(0)
    expect(onLedger.filter((grant) => /Delete|BatchWrite|PartiQL/.test(grant))).toEqual([])
  })

  it('let only the fund write the ledger, and only the web touch sessions', () => {
    for (const id of functionIds(local.template)) {
      const grants = grantsOf(local.template, id)
      if (!id.startsWith('Fund')) {
        expect(
          grants.filter((grant) => /(PutItem|UpdateItem) on LedgerTable/.test(grant)),
          id,
        ).toEqual([])
      }
      if (id !== 'Web')
        expect(
          grants.filter((grant) => grant.includes('SessionsTable')),
          id,
        ).toEqual([])
    }
    expect(grantsOf(local.template, 'Web').filter((grant) => /MarketTable|LedgerTable/.test(grant))).toEqual([])
  })

  it.each([
    ["the provider's keys to the functions that pay", 'StripeSecrets', 'Payments'],
    ['the mail server and the gateway to the functions that send messages', 'MessageSecrets', 'Notifications'],
  ])('give %s, and to no other', (_what, secret, context) => {
    const readers = functionIds(local.template).filter((id) =>
      grantsOf(local.template, id).some((grant) => grant.startsWith('secretsmanager:') && grant.endsWith(secret)),
    )
    expect(readers.filter((id) => !id.startsWith(context))).toEqual([])
    expect(readers).toContain(`${context}Http`)
  })
})

describe('routes', () => {
  const routeOf = (template: Template, key: string) =>
    ofType(template, 'AWS::ApiGatewayV2::Route').find(([, { Properties }]) => Properties['RouteKey'] === key)?.[1]
      .Properties

  it.each(
    Object.values(routesByContext).flatMap((routes) =>
      routes.map((route) => [`${route.method} ${route.path}`, route] as const),
    ),
  )('%s is guarded as its contract says', (key, route) => {
    const made = routeOf(local.template, key)
    expect(made).toBeDefined()
    if (route.access === 'public' || route.access === 'anyone') {
      expect(made?.['AuthorizationType'] ?? 'NONE').toBe('NONE')
    } else {
      expect(made?.['AuthorizationType']).toBe('JWT')
      // Without a scope an ID token would pass.
      expect(made?.['AuthorizationScopes']).toEqual([{ Ref: 'OidcScope' }])
    }
  })

  it('are those of the contracts, the unknown under /api, and the pages', () => {
    const keys = ofType(local.template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties['RouteKey'])
    const contract = Object.values(routesByContext).flatMap((routes) =>
      routes.map((route) => `${route.method} ${route.path}`),
    )
    expect(keys.sort()).toEqual([...contract, 'ANY /api/{proxy+}', '$default'].sort())
  })

  it('ask the one authorizer, which checks issuer and audience', () => {
    const authorizers = ofType(local.template, 'AWS::ApiGatewayV2::Authorizer')
    expect(authorizers.map(([, { Properties }]) => Properties['JwtConfiguration'])).toEqual([
      { Audience: [{ Ref: 'OidcAudience' }], Issuer: { Ref: 'OidcIssuer' } },
    ])
  })
})

describe('the stream of the market', () => {
  const fundFeed = () => {
    const feed = local.template.Resources['FundOnSaleFeed']
    if (feed === undefined) throw new Error('the fund has no feed')
    return feed
  }

  it('has two readers at most: the limit of the service', () => {
    for (const { template } of [local, aws, china, prod]) {
      const bySource = Map.groupBy(ofType(template, 'AWS::Lambda::EventSourceMapping'), ([, { Properties }]) =>
        inWords(Properties['EventSourceArn']),
      )
      for (const [source, readers] of bySource) expect(readers.length, source).toBeLessThanOrEqual(2)
    }
  })

  it('feeds the fund with events of sales, in batches, with partial failure and a bounded life', () => {
    const { Properties } = fundFeed()
    expect(Properties).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 600,
      StartingPosition: 'TRIM_HORIZON',
    })
    const { Filters } = Properties['FilterCriteria'] as { Filters: { Pattern: string }[] }
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
      {
        dynamodb: {
          NewImage: {
            entity: { S: ['event'] },
            type: { S: ['sale.recorded.v1', 'sale.reversed.v1', 'sale.settled.v1'] },
          },
        },
      },
    ])
  })

  it('feeds hooks with what one can subscribe to, and keeps records longer: no sweep finds what was not told', () => {
    const feed = local.template.Resources['HooksOnEventFeed']?.Properties ?? {}
    expect(feed).toMatchObject({
      BatchSize: 25,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 12 * 3_600,
      StartingPosition: 'TRIM_HORIZON',
    })
    const { Filters } = feed['FilterCriteria'] as { Filters: { Pattern: string }[] }
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).toEqual([
      { dynamodb: { NewImage: { entity: { S: ['event'] }, type: { S: [...hookTypes] } } } },
    ])
    const alarms = ofType(local.template, 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => Properties['AlarmDescription'],
    )
    expect(alarms).toContain('HooksOnEvent gave up on records: what its records tell was not sent to any hook')
  })

  it('rings when a reader gives up', () => {
    const { Properties } = fundFeed()
    const { OnFailure } = Properties['DestinationConfig'] as { OnFailure: { Destination: unknown } }
    const queue = inWords(OnFailure.Destination)
    expect(local.template.Resources[queue]?.Type).toBe('AWS::SQS::Queue')
    // What `npm run fund -- redrive` clears is this queue, of the stack as it is called.
    expect(queue.startsWith(QUEUE)).toBe(true)
    expect(PURGE).toContain(`--stack-name ${STACK_NAME} `)
    const watched = ofType(local.template, 'AWS::CloudWatch::Alarm').map(([, alarm]) =>
      JSON.stringify(alarm.Properties['Dimensions']),
    )
    expect(watched.filter((dimensions) => dimensions.includes(queue))).toHaveLength(1)
  })
})

describe('hooks', () => {
  it('lead to this machine where its host says so, and nowhere else: no template does', () => {
    for (const { text } of [local, aws, china, prod]) expect(text).not.toContain('HOOKS_TO_THIS_MACHINE')
  })

  it('are attempted by functions that outlive an attempt, whose end is before the next one may take it', () => {
    const secondsOf = (id: string) => Number(local.template.Resources[id]?.Properties['Timeout'])
    expect(secondsOf('HooksOnTick') * 1_000).toBeGreaterThan(30_000 + ATTEMPT_MS)
    expect(secondsOf('HooksOnTick') * 1_000).toBeLessThan(LEASE_MS)
    expect(secondsOf('HooksOnEvent') * 1_000).toBeLessThanOrEqual(LEASE_MS)
    expect(secondsOf('HooksHttp') * 1_000).toBeLessThan(LEASE_MS)
  })
})

describe('schedules', () => {
  it('tick each minute, and each night at 02:30 in Shanghai', () => {
    const schedules = Object.fromEntries(
      ofType(local.template, 'AWS::Events::Rule').map(([id, { Properties }]) => [id, Properties['ScheduleExpression']]),
    )
    expect(schedules).toEqual({
      FundOnNightlySchedule: 'cron(30 18 * * ? *)',
      FundOnTickSchedule: 'rate(1 minute)',
      GovernanceOnTickSchedule: 'rate(1 minute)',
      MattersOnTickSchedule: 'rate(1 minute)',
      RankingsOnTickSchedule: 'rate(1 minute)',
      SunshineOnTickSchedule: 'rate(1 minute)',
      GroupBuysOnTickSchedule: 'rate(1 minute)',
      HooksOnNightlySchedule: 'cron(30 18 * * ? *)',
      HooksOnTickSchedule: 'rate(1 minute)',
      NotificationsOnTickSchedule: 'rate(1 minute)',
      PaymentsOnNightlySchedule: 'cron(30 18 * * ? *)',
      PaymentsOnTickSchedule: 'rate(1 minute)',
      SettlementOnTickSchedule: 'rate(1 minute)',
    })
  })
})

describe('tables', () => {
  it('of money can be recovered to any second and outlive the stack', () => {
    for (const id of ['MarketTable', 'LedgerTable']) {
      const table = prod.template.Resources[id]
      expect(table?.Properties['PointInTimeRecoverySpecification'], id).toEqual({ PointInTimeRecoveryEnabled: true })
      expect(table?.Properties['DeletionProtectionEnabled'], id).toBe(true)
      expect(table?.Properties['BillingMode'], id).toBe('PAY_PER_REQUEST')
      expect(table?.DeletionPolicy, id).toBe('Retain')
    }
    for (const { template } of [local, aws, china])
      expect(template.Resources['LedgerTable']?.DeletionPolicy).toBe('Retain')
  })

  it('stream the market as new images, and nothing else', () => {
    const streams = ofType(local.template, 'AWS::DynamoDB::Table').map(([id, { Properties }]) => [
      id,
      Properties['StreamSpecification'],
    ])
    expect(Object.fromEntries(streams)).toEqual({
      MarketTable: { StreamViewType: 'NEW_IMAGE' },
      LedgerTable: undefined,
      SessionsTable: undefined,
      PhotoBytesTable: undefined,
      AidTable: undefined,
    })
  })

  it.each(['SessionsTable', 'PhotoBytesTable', 'AidTable'])('let what has run out end by itself: %s', (id) => {
    expect(local.template.Resources[id]?.Properties['TimeToLiveSpecification']).toEqual({
      AttributeName: 'expiresAtSeconds',
      Enabled: true,
    })
  })
})

describe('places where it runs', () => {
  it('in AWS China there is no Cognito, no CloudFront and no arm64', () => {
    for (const { template, text } of [china, prod]) {
      const types = new Set(Object.values(template.Resources).map(({ Type }) => Type))
      expect([...types].filter((type) => /Cognito|CloudFront/.test(type))).toEqual([])
      expect(template.Parameters).toHaveProperty('OidcIssuer')
      expect(text).toContain('arn:aws-cn:lambda:cn-northwest-1:069767869989:layer:LambdaAdapterLayerX86:')
      for (const [id, { Properties }] of ofType(template, 'AWS::Lambda::Function')) {
        expect(Properties['Architectures'], id).toEqual(['x86_64'])
      }
    }
  })

  it('elsewhere the stack makes a pool and a CDN, on arm64', () => {
    const types = new Set(Object.values(aws.template.Resources).map(({ Type }) => Type))
    expect([...types]).toEqual(expect.arrayContaining(['AWS::Cognito::UserPool', 'AWS::CloudFront::Distribution']))
    expect(aws.template.Parameters).not.toHaveProperty('OidcIssuer')
    for (const [id, { Properties }] of ofType(aws.template, 'AWS::Lambda::Function')) {
      expect(Properties['Architectures'], id).toEqual(['arm64'])
    }
    const scopes = ofType(aws.template, 'AWS::ApiGatewayV2::Route').flatMap(([, { Properties }]) =>
      list(Properties['AuthorizationScopes'] ?? []),
    )
    expect(scopes.length).toBeGreaterThan(0)
  })

  it('an issuer of the district makes the pool unnecessary anywhere', () => {
    const own = synthesize({ stage: 'dev', region: 'ap-east-1', issuer: true })
    expect(ofType(own.template, 'AWS::Cognito::UserPool')).toEqual([])
    expect(own.template.Parameters).toHaveProperty('OidcIssuer')
  })

  it('this machine runs any port with the one template: no address stands in it', () => {
    expect(local.text).not.toMatch(/127\.0\.0\.1|localhost/)
    expect(synthesize({ stage: 'local' }).text).toBe(local.text)
  })

  it('the host of this machine takes the templates of both stages of China as they are', () => {
    for (const { template } of [local, china, prod]) {
      const parameters = {
        OidcIssuer: 'https://issuer.test',
        OidcAudience: 'a',
        OidcClientId: 'c',
        PublicOrigin: 'https://shop.test',
      }
      const read = readTemplate(template, { 'AWS::Region': 'cn-northwest-1', ...parameters })
      expect(read.ofType('AWS::Lambda::Function').length).toBe(functionIds(template).length)
    }
  })
})

describe('production', () => {
  it("is refused while nobody licensed splits the sellers' money", () => {
    expect(() => synthesize({ stage: 'prod', region: 'cn-northwest-1' })).toThrow(RefusedSettings)
    expect(() => synthesize({ stage: 'prod', region: 'cn-northwest-1', splitProvider: '' })).toThrow(/split provider/)
  })

  it('is accepted from an operator who sells in its own name', () => {
    expect(
      synthesize({ stage: 'prod', region: 'cn-northwest-1', operatorIsSeller: true }).declared.length,
    ).toBeGreaterThan(0)
  })

  it('is not reached by a stage or a region that does not exist', () => {
    expect(() => synthesize({ stage: 'production' })).toThrow(RefusedSettings)
    expect(() => synthesize({ stage: 'dev', region: 'nowhere' })).toThrow(RefusedSettings)
  })
})
