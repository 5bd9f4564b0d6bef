import { CfnOutput, Duration, Fn, type Stack } from 'aws-cdk-lib'
import { OAuthScope, ResourceServerScope, UserPool, UserPoolResourceServer } from 'aws-cdk-lib/aws-cognito'
import { CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito'
import type { Parameters } from './parameters.ts'
import type { Settings } from './settings.ts'

/** Who signs people in, as the authorizer, the functions and the web need to know it. */
export type SignIn = {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  /** Every call needs it: an ID token does not have it. */
  readonly scope: string
  /** The pool's own client secret; absent when the issuer is somebody else's (then it is a secret to fill in). */
  readonly clientSecret: string | undefined
}

/** Path of the web where the issuer sends people back to. */
export const CALLBACK_PATH = '/sign-in/callback'

export function makeSignIn(stack: Stack, settings: Settings, parameters: Parameters): SignIn {
  if (parameters.issuer !== undefined) return { ...parameters.issuer, clientSecret: undefined }
  if (settings.signIn !== 'cognito') throw new Error('an issuer has no parameters')
  return makePool(stack, parameters)
}

function makePool(stack: Stack, parameters: Parameters): SignIn {
  const pool = new UserPool(stack, 'People', {
    selfSignUpEnabled: true,
    signInAliases: { phone: true },
    deletionProtection: true,
  })
  const scope = new ResourceServerScope({ scopeName: 'api', scopeDescription: 'Calls to the marketplace' })
  const server: UserPoolResourceServer = pool.addResourceServer('Market', { identifier: 'market', scopes: [scope] })
  pool.addDomain('SignInPages', { cognitoDomain: { domainPrefix: Fn.join('-', ['xianglai', stack.account]) } })
  const client = pool.addClient('Shop', {
    generateSecret: true,
    accessTokenValidity: Duration.hours(1),
    refreshTokenValidity: Duration.days(14),
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID, OAuthScope.resourceServer(server, scope)],
      callbackUrls: [`${parameters.publicOrigin}${CALLBACK_PATH}`],
      logoutUrls: [parameters.publicOrigin, `${parameters.publicOrigin}/`],
    },
  })
  const resource = client.node.defaultChild
  if (!(resource instanceof CfnUserPoolClient)) throw new Error('the pool client has no resource')
  new CfnOutput(stack, 'UserPoolId', { value: pool.userPoolId })
  return {
    issuer: `https://cognito-idp.${stack.region}.${stack.urlSuffix}/${pool.userPoolId}`,
    audience: client.userPoolClientId,
    clientId: client.userPoolClientId,
    scope: `${server.userPoolResourceServerId}/${scope.scopeName}`,
    clientSecret: resource.attrClientSecret,
  }
}
