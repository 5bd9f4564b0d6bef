import { App } from 'aws-cdk-lib'
import { Aid } from './contexts/aid.ts'
import { Cash } from './contexts/cash.ts'
import { Catalogue } from './contexts/catalogue.ts'
import { Claims } from './contexts/claims.ts'
import { Deliveries } from './contexts/deliveries.ts'
import { Fund } from './contexts/fund.ts'
import { Governance } from './contexts/governance.ts'
import { GroupBuys } from './contexts/group-buys.ts'
import { Hooks } from './contexts/hooks.ts'
import { Matters } from './contexts/matters.ts'
import { Rankings } from './contexts/rankings.ts'
import { Sunshine } from './contexts/sunshine.ts'
import { Notifications } from './contexts/notifications.ts'
import { Orders } from './contexts/orders.ts'
import { Payments } from './contexts/payments.ts'
import { Photos } from './contexts/photos.ts'
import { Places } from './contexts/places.ts'
import { Settlement } from './contexts/settlement.ts'
import { System } from './contexts/system.ts'
import { type Assets, Platform } from './platform/platform.ts'
import { decideSettings, type Settings } from './platform/settings.ts'
import { functionsDir, webBuildDir } from './tools/paths.ts'

export const STACK_NAME = 'Xianglai'

export type Composed = { readonly app: App; readonly platform: Platform }

/** The whole system as one stack. Nothing here asks the network or an account. */
export function compose(settings: Settings, options: { outdir?: string; assets?: Assets } = {}): Composed {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  })
  const assets = options.assets ?? { functions: functionsDir, web: webBuildDir }
  const platform = new Platform(app, STACK_NAME, settings, assets)
  new Places(platform)
  new Catalogue(platform)
  new GroupBuys(platform)
  new Orders(platform)
  new Deliveries(platform)
  new Claims(platform)
  new Payments(platform)
  new Cash(platform)
  new Photos(platform)
  new Notifications(platform)
  new Fund(platform)
  new Governance(platform)
  new Matters(platform)
  new Aid(platform)
  new Rankings(platform)
  new Sunshine(platform)
  new Settlement(platform)
  new Hooks(platform)
  new System(platform)
  platform.web()
  return { app, platform }
}

// Also the entry of the AWS CDK's own command line: `cdk deploy --app "node cdk/app.ts" -c stage=prod -c …`.
if (import.meta.main) {
  const probe = new App({ analyticsReporting: false })
  const context = (name: string) => {
    const value: unknown = probe.node.tryGetContext(name)
    return value === undefined ? undefined : String(value)
  }
  const settings = decideSettings({
    stage: context('stage'),
    region: context('region') ?? process.env['CDK_DEFAULT_REGION'],
    issuer: context('issuer') === 'true',
    splitProvider: context('splitProvider'),
    operatorIsSeller: context('operatorIsSeller') === 'true',
  })
  compose(settings).app.synth()
}
