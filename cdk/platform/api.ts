import { Duration, type Stack } from 'aws-cdk-lib'
import {
  CfnRoute,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpRouteAuthorizer,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { Function } from 'aws-cdk-lib/aws-lambda'
import type { Route } from '../../shared/contracts/route.ts'
import type { SignIn } from './sign-in.ts'

/** Requests a second that the public edge lets in; bursts are ten times the steady rate of a whole district's evening. */
const RATE_PER_SECOND = 2_000
const BURST = 5_000

/** The gateway gives up after 30 s; functions end before it, so that the caller hears their answer. */
export const HTTP_TIMEOUT_SECONDS = 28

export class Api {
  readonly http: HttpApi
  readonly #scope: string
  readonly #authorizer: IHttpRouteAuthorizer

  constructor(stack: Stack, signIn: SignIn) {
    this.http = new HttpApi(stack, 'Api', { createDefaultStage: false })
    new HttpStage(stack, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: RATE_PER_SECOND, burstLimit: BURST },
    })
    this.#scope = signIn.scope
    this.#authorizer = new HttpJwtAuthorizer('SignedIn', signIn.issuer, { jwtAudience: [signIn.audience] })
  }

  /** Every route of a context, by its contract: one function answers them all. */
  addRoutes(id: string, made: Function, routes: readonly Route[]): void {
    const integration = this.#integrationOf(id, made)
    for (const route of routes) {
      const open = route.access === 'public' || route.access === 'anyone'
      const [added] = this.http.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration,
        ...(open ? {} : { authorizer: this.#authorizer, authorizationScopes: [this.#scope] }),
      })
      const child = added?.node.defaultChild
      if (child instanceof CfnRoute)
        child.overrideLogicalId(`Route${route.name[0]?.toUpperCase()}${route.name.slice(1)}`)
    }
  }

  /** What is under /api and in no contract: its answer is a problem document, not a page. */
  addUnknown(id: string, made: Function): void {
    const [added] = this.http.addRoutes({
      path: '/api/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: this.#integrationOf(`${id}Unknown`, made),
    })
    const child = added?.node.defaultChild
    if (child instanceof CfnRoute) child.overrideLogicalId('RouteUnknown')
  }

  /** What no route of the API takes. */
  addDefault(id: string, made: Function): void {
    const added = new HttpRoute(made.stack, 'RouteDefault', {
      httpApi: this.http,
      routeKey: HttpRouteKey.DEFAULT,
      integration: this.#integrationOf(id, made),
    })
    const child = added.node.defaultChild
    if (child instanceof CfnRoute) child.overrideLogicalId('RouteDefault')
  }

  #integrationOf(id: string, made: Function): HttpLambdaIntegration {
    return new HttpLambdaIntegration(id, made, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
      timeout: Duration.seconds(29),
      // One permission for the API instead of one per route: Lambda's resource policy has a size limit.
      scopePermissionToRoute: false,
    })
  }
}
