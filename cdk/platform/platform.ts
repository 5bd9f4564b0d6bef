import { Stack } from 'aws-cdk-lib'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function } from 'aws-cdk-lib/aws-lambda'
import { Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { routesByContext } from '../../shared/contracts/index.ts'
import { Api, HTTP_TIMEOUT_SECONDS } from './api.ts'
import { makeCdn } from './cdn.ts'
import { makeFunction } from './function.ts'
import { type Grant, statementsOf } from './grants.ts'
import { declareParameters, type Parameters } from './parameters.ts'
import { runOnSchedule, type Rhythm } from './schedule.ts'
import { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'
import { makeSignIn, type SignIn } from './sign-in.ts'
import { type Feed, feedFromStream, feedStatements, makeBell } from './stream.ts'
import { makeTables, type Tables } from './tables.ts'
import { makeWeb } from './web.ts'

export type Wants = {
  readonly environment: Readonly<Record<string, string>>
  readonly grants: readonly Grant[]
  /** It talks to the payment provider, so it may read the provider's keys. */
  readonly pays?: true
  /** It sends messages out of the app, so it may read how. */
  readonly sends?: true
}

export type Assets = {
  /** Folder of the bundles, one folder each. */
  readonly functions: string
  readonly web: string
}

const pascal = (name: string) => name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The stack and what every context hangs its functions on. */
export class Platform extends Stack {
  readonly settings: Settings
  readonly parameters: Parameters
  readonly tables: Tables
  readonly signIn: SignIn
  readonly secrets: Secrets
  readonly api: Api
  /** Names of all bundles the contexts asked for, also of those not built yet. */
  readonly declared: string[] = []
  readonly #assets: Assets
  readonly #alarms: SnsAction

  constructor(scope: Construct, id: string, settings: Settings, assets: Assets) {
    super(scope, id, {
      env: { region: settings.region },
      description: '乡来 Xianglai: produce marketplace with a charity fund',
      tags: {
        stage: settings.stage,
        ...(settings.splitProvider === undefined ? {} : { 'split-provider': settings.splitProvider }),
      },
    })
    this.settings = settings
    this.#assets = assets
    this.parameters = declareParameters(this, settings)
    this.tables = makeTables(this, settings)
    this.signIn = makeSignIn(this, settings, this.parameters)
    this.secrets = new Secrets(this)
    this.api = new Api(this, this.signIn)
    this.#alarms = new SnsAction(new Topic(this, 'Alarms'))
  }

  /** The one Lambda that answers all routes of a context's contract. */
  http(context: string, wants: Wants): Function | undefined {
    const routes = routesByContext[context]
    if (routes === undefined) throw new Error(`${context} has no routes`)
    const id = `${pascal(context)}Http`
    const made = this.#make(id, context, { seconds: HTTP_TIMEOUT_SECONDS, megabytes: 1024 }, wants)
    if (made !== undefined) this.api.addRoutes(id, made, routes)
    return made
  }

  /** A Lambda that works each minute or each night. */
  schedule(context: string, file: string, rhythm: Rhythm, wants: Wants): void {
    const name = `${context}-${file}`
    const id = pascal(name)
    const made = this.#make(id, name, { seconds: rhythm === 'minute' ? 55 : 600, megabytes: 512 }, wants)
    if (made !== undefined) runOnSchedule(this, id, made, rhythm)
  }

  /** A Lambda fed by the stream of `market`. */
  stream(context: string, file: string, feed: Omit<Feed, 'id'>, wants: Wants): void {
    const name = `${context}-${file}`
    const id = pascal(name)
    const bell = makeBell(this, id, this.#alarms, feed.whenGivenUp)
    const more = feedStatements(this.tables.market, bell)
    const made = this.#make(id, name, { seconds: 60, megabytes: 1024 }, wants, more)
    if (made !== undefined) feedFromStream(this, this.tables.market, made, { id, ...feed }, bell)
  }

  /** Pages, and the CDN in front of everything where there is one. */
  web(): void {
    const { settings, parameters, tables, signIn, secrets, api } = this
    const web = makeWeb(this, { settings, parameters, tables, signIn, secrets, api, assetDir: this.#assets.web })
    api.addDefault('Web', web)
    if (settings.cdn) makeCdn(this, api.http, parameters.publicOrigin)
  }

  #make(
    id: string,
    name: string,
    size: { seconds: number; megabytes: number },
    wants: Wants,
    more: readonly PolicyStatement[] = [],
  ): Function | undefined {
    this.declared.push(name)
    const assetDir = join(this.#assets.functions, name)
    if (!existsSync(assetDir)) return undefined
    const paying = wants.pays === true
    const sending = wants.sends === true
    return makeFunction(this, this.settings, {
      id,
      assetDir,
      handler: 'index.handler',
      timeoutSeconds: size.seconds,
      memoryMegabytes: size.megabytes,
      environment: {
        ...wants.environment,
        ...(paying
          ? { STRIPE_API_BASE: this.parameters.stripeApiBase, STRIPE_SECRETS_ARN: this.secrets.stripeArn }
          : {}),
        ...(sending ? { MESSAGE_SECRETS_ARN: this.secrets.messagesArn } : {}),
      },
      statements: [
        ...statementsOf(wants.grants),
        ...more,
        ...(paying ? [this.secrets.stripeStatement()] : []),
        ...(sending ? [this.secrets.messagesStatement()] : []),
      ],
    })
  }
}
