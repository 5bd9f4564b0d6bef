/**
 * Everything that is decided when the stack is synthesized. What may differ between two runs of one template (addresses,
 * times, amounts) is a CloudFormation parameter instead: see parameters.ts.
 */

export const stages = ['local', 'dev', 'prod'] as const
export type Stage = (typeof stages)[number]

export type Settings = {
  readonly stage: Stage
  readonly region: string
  /** `issuer`: people sign in at an OpenID provider named by parameters. `cognito`: the stack makes a pool. */
  readonly signIn: 'issuer' | 'cognito'
  /** CloudFront in front of the API. */
  readonly cdn: boolean
  /** The licensed provider that splits each payment between the sellers, e.g. the name of its product. */
  readonly splitProvider: string | undefined
  /** The operator itself sells (buys from the co-ops and sells on), so the money it receives is its own. */
  readonly operatorIsSeller: boolean
}

export type Wish = {
  readonly stage?: string | undefined
  readonly region?: string | undefined
  /** Given: no Cognito pool is made; the issuer itself is a parameter of the deployment. */
  readonly issuer?: boolean | undefined
  readonly splitProvider?: string | undefined
  readonly operatorIsSeller?: boolean | undefined
}

/** The settings do not go together, or would break a rule; the message says which. */
export class RefusedSettings extends Error {
  override readonly name = 'RefusedSettings'
}

const isChina = (region: string) => region.startsWith('cn-')

/**
 * Turns wishes into settings or refuses. Where the stack runs decides what it is made of: AWS China has neither Cognito
 * nor arm64 for the web adapter, and CloudFront there needs a filing of its own; one machine has no CDN.
 */
export function decideSettings(wish: Wish): Settings {
  const stage = stages.find((known) => known === (wish.stage ?? 'dev'))
  if (stage === undefined) throw new RefusedSettings(`stage ${String(wish.stage)} is not one of ${stages.join(', ')}`)
  const region = wish.region ?? (stage === 'local' ? 'cn-northwest-1' : 'us-east-1')
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new RefusedSettings(`${region} is not a region`)
  const splitProvider = wish.splitProvider === '' ? undefined : wish.splitProvider
  const operatorIsSeller = wish.operatorIsSeller === true
  if (stage === 'prod' && splitProvider === undefined && !operatorIsSeller) {
    throw new RefusedSettings(
      'stage prod is refused without a licensed split provider (--split-provider NAME): the operator may not hold the ' +
        "sellers' money; only an operator who is the seller of record may go without (--operator-is-seller)",
    )
  }
  const withoutPool = stage === 'local' || isChina(region) || wish.issuer === true
  return {
    stage,
    region,
    signIn: withoutPool ? 'issuer' : 'cognito',
    cdn: stage !== 'local' && !isChina(region),
    splitProvider,
    operatorIsSeller,
  }
}

export function architectureOf(region: string): 'arm64' | 'x86_64' {
  return isChina(region) ? 'x86_64' : 'arm64'
}

/** AWS Lambda Web Adapter as a layer, by its published ARNs; China has accounts of its own and x86_64 only. */
const WEB_ADAPTER_VERSION = 26
const CHINA_PUBLISHERS: Readonly<Record<string, string>> = {
  'cn-north-1': '041581134020',
  'cn-northwest-1': '069767869989',
}

export function webAdapterLayerArn(region: string): string {
  const layer = architectureOf(region) === 'arm64' ? 'LambdaAdapterLayerArm64' : 'LambdaAdapterLayerX86'
  if (!isChina(region)) return `arn:aws:lambda:${region}:753240598075:layer:${layer}:${WEB_ADAPTER_VERSION}`
  const publisher = CHINA_PUBLISHERS[region]
  if (publisher === undefined) throw new RefusedSettings(`the web adapter is not published in ${region}`)
  return `arn:aws-cn:lambda:${region}:${publisher}:layer:${layer}:${WEB_ADAPTER_VERSION}`
}
