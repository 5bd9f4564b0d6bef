import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function } from 'aws-cdk-lib/aws-lambda'
import type { Stack } from 'aws-cdk-lib'
import type { Api } from './api.ts'
import { HTTP_TIMEOUT_SECONDS } from './api.ts'
import { makeFunction } from './function.ts'
import { statementsOf } from './grants.ts'
import type { Parameters } from './parameters.ts'
import type { Secrets } from './secrets.ts'
import { type Settings, webAdapterLayerArn } from './settings.ts'
import type { SignIn } from './sign-in.ts'
import type { Tables } from './tables.ts'

const PORT = '8080'

/**
 * The storefront: a Node server behind the Lambda web adapter, buffered, on the API's default route, so that pages and
 * API share one origin. It touches its sessions and nothing else; everything it shows comes through the API.
 */
export function makeWeb(
  stack: Stack,
  parts: {
    settings: Settings
    parameters: Parameters
    tables: Tables
    signIn: SignIn
    secrets: Secrets
    api: Api
    assetDir: string
  },
): Function {
  const { settings, parameters, tables, signIn, secrets, api } = parts
  const statements: PolicyStatement[] = statementsOf([
    { table: tables.sessions, actions: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] },
  ])
  return makeFunction(stack, settings, {
    id: 'Web',
    assetDir: parts.assetDir,
    handler: 'run.sh',
    timeoutSeconds: HTTP_TIMEOUT_SECONDS,
    memoryMegabytes: 1024,
    layerArn: webAdapterLayerArn(settings.region),
    statements,
    environment: {
      AWS_LAMBDA_EXEC_WRAPPER: '/opt/bootstrap',
      AWS_LWA_PORT: PORT,
      AWS_LWA_READINESS_CHECK_PATH: '/healthz',
      AWS_LWA_INVOKE_MODE: 'buffered',
      PORT,
      // A photo has up to 4 MB: base64 makes 6 of it, the most that a function takes. The server's own limit is 0.5.
      BODY_SIZE_LIMIT: '4400K',
      PROTOCOL_HEADER: 'x-forwarded-proto',
      HOST_HEADER: settings.cdn ? 'x-forwarded-host' : 'host',
      API_BASE_URL: api.http.apiEndpoint,
      PAY_IN_WECHAT: parameters.payInWeChat,
      SESSIONS_TABLE: tables.sessions.tableName,
      OIDC_ISSUER: signIn.issuer,
      OIDC_CLIENT_ID: signIn.clientId,
      OIDC_AUDIENCE: signIn.audience,
      OIDC_SCOPE: `openid ${signIn.scope}`,
      OIDC_CLIENT_SECRET: signIn.clientSecret ?? secrets.clientSecret(),
    },
  })
}
