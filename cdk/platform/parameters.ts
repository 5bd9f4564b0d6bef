import { CfnParameter, type Stack } from 'aws-cdk-lib'
import type { Settings } from './settings.ts'

/**
 * What may change without another template: the same synthesized stack runs on any port of one machine and in any
 * district. Names are those that operators see in CloudFormation.
 */
export type Parameters = {
  readonly publicOrigin: string
  readonly stripeApiBase: string
  readonly reservationMinutes: string
  readonly afterSalesHours: string
  /** How long a day of notices and votes lasts. */
  readonly governanceDaySeconds: string
  readonly minimumChargeFen: string
  readonly payInWeChat: string
  readonly bootstrapAdminSub: string
  /** Absent when the stack makes its own pool. */
  readonly issuer?: {
    readonly issuer: string
    readonly audience: string
    readonly clientId: string
    readonly scope: string
  }
}

type Declared = { readonly Description: string; readonly Default?: string; readonly AllowedPattern?: string }

export function declareParameters(stack: Stack, settings: Settings): Parameters {
  const text = (id: string, declared: Declared) =>
    new CfnParameter(stack, id, {
      type: 'String',
      description: declared.Description,
      ...(declared.Default === undefined ? {} : { default: declared.Default }),
      ...(declared.AllowedPattern === undefined ? {} : { allowedPattern: declared.AllowedPattern }),
    }).valueAsString
  const count = (id: string, description: string, initial: number, least: number, most: number) =>
    new CfnParameter(stack, id, {
      type: 'Number',
      description,
      default: initial,
      minValue: least,
      maxValue: most,
    }).valueAsString
  return {
    publicOrigin: text('PublicOrigin', {
      Description: 'Origin of the shop as browsers see it, without a trailing slash, e.g. https://shop.example',
      AllowedPattern: '^https?://[^/]+$',
    }),
    stripeApiBase: text('StripeApiBase', {
      Description: 'Base address of the payment provider (Stripe-compatible)',
      Default: 'https://api.stripe.com',
    }),
    reservationMinutes: count('ReservationMinutes', 'How long an unpaid order holds its stock', 15, 1, 25),
    afterSalesHours: count('AfterSalesHours', 'After-sales window before a sale settles', 48, 0, 24 * 80),
    governanceDaySeconds: count(
      'GovernanceDaySeconds',
      'How long a day of notices and votes lasts: less than a day for demonstrations alone',
      86_400,
      1,
      86_400,
    ),
    minimumChargeFen: count('MinimumChargeFen', "The payment provider's minimum charge", 400, 0, 100_000),
    payInWeChat: text('PayInWeChat', {
      Description: "Whether the provider's hosted page can be paid inside WeChat's own browser: yes or no",
      Default: 'no',
      AllowedPattern: '^(yes|no)$',
    }),
    bootstrapAdminSub: text('BootstrapAdminSub', {
      Description: 'Subject that becomes administrator, once, while there is none; empty for nobody',
      Default: '',
    }),
    ...(settings.signIn === 'issuer' ? { issuer: declareIssuer(text) } : {}),
  }
}

function declareIssuer(text: (id: string, declared: Declared) => string): NonNullable<Parameters['issuer']> {
  return {
    issuer: text('OidcIssuer', { Description: 'OpenID issuer; its discovery document names the keys' }),
    audience: text('OidcAudience', { Description: 'Audience of the access tokens' }),
    clientId: text('OidcClientId', { Description: 'Client id of the shop at the issuer' }),
    scope: text('OidcScope', { Description: 'Scope every call needs (an ID token has none)', Default: 'market' }),
  }
}
