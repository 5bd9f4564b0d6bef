import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { FunctionWorker } from './function-worker.ts'
import { buildEvent, gatewayHeaders, message, readResponse } from './http-event.ts'
import type { GatewayResponse, JwtClaims } from './http-event.ts'
import { RouteTable } from './http-routes.ts'
import { readAuthorizer } from './jwt-authorizer.ts'
import type { JwtAuthorizer } from './jwt-authorizer.ts'
import { RefusedByHost } from './resource-types.ts'
import { isRecord } from './template.ts'
import type { LocalResource, LocalTemplate } from './template.ts'
import type { WebFunction } from './web-function.ts'
import { PortTaken } from './ports.ts'

/** The HTTP API of the template on one local port. */

export type Target =
  { readonly kind: 'worker'; readonly worker: FunctionWorker } | { readonly kind: 'web'; readonly web: WebFunction }

interface Route {
  readonly routeKey: string
  readonly target: Target
  readonly timeoutMs: number
  readonly authorizer: JwtAuthorizer | undefined
  readonly scopes: readonly string[]
}

export interface HttpApi {
  readonly url: string
  readonly requests: () => number
  readonly close: () => Promise<void>
}

export interface HttpApiOptions {
  readonly template: LocalTemplate
  readonly findTarget: (functionArn: string) => Target
  readonly requirePermission: (functionArn: string, principal: string) => void
  readonly port: number
  readonly log: (line: string) => void
}

/** Quotas of HTTP APIs and Lambda, in bytes and milliseconds. */
const MAX_REQUEST_BYTES = 10_485_760
const MAX_INVOCATION_BYTES = 6_291_456
const MAX_INTEGRATION_MS = 30_000

export async function startHttpApi(options: HttpApiOptions): Promise<HttpApi | undefined> {
  const api = readApi(options)
  if (api === undefined) return undefined
  let requests = 0
  const server = createServer((incoming, outgoing) => {
    requests += 1
    void api.handle(incoming, outgoing).catch((error: unknown) => {
      options.log(`request ${incoming.method} ${incoming.url}: ${String(error)}`)
      if (outgoing.headersSent) outgoing.destroy()
      else write(incoming, outgoing, message(500, 'Internal Server Error'), '')
    })
  })
  // Longer than any client's pool, so that the client is the one who closes an idle connection.
  server.keepAliveTimeout = 90_000
  server.maxRequestsPerSocket = 0
  await listen(server, options.port)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  api.setPort(port)
  return { url: `http://127.0.0.1:${port}`, requests: () => requests, close: () => closeServer(server) }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTaken(`port ${port}`) : error)
    })
    server.listen(port, '127.0.0.1', 1_024, () => resolve())
  })
}

/** Lets requests under way finish for up to two seconds, then cuts. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), 2_000)
  await closed
  clearTimeout(late)
}

function readApi(options: HttpApiOptions): Api | undefined {
  const { template } = options
  const apis = template.ofType('AWS::ApiGatewayV2::Api')
  const api = apis[0]
  if (api === undefined) return undefined
  if (apis.length > 1) throw new RefusedByHost(`${apis.length} APIs in one template; this host simulates one`)
  if (api.properties['ProtocolType'] !== 'HTTP')
    throw new RefusedByHost(`${api.logicalId}: only HTTP APIs are simulated here`)
  const stageVariables = readStage(template)
  const authorizers = new Map(
    template.ofType('AWS::ApiGatewayV2::Authorizer').map((each) => [each.logicalId, readAuthorizer(each, options.log)]),
  )
  const routes = new RouteTable<Route>()
  for (const resource of template.ofType('AWS::ApiGatewayV2::Route')) {
    const route = readRoute(resource, authorizers, options)
    routes.add(route.routeKey, route)
  }
  return new Api(routes, stageVariables, api.logicalId, template.identity.account, options.log)
}

function readStage(template: LocalTemplate): Record<string, string> | undefined {
  const stages = template.ofType('AWS::ApiGatewayV2::Stage')
  const stage = stages[0]
  if (stages.length !== 1 || stage === undefined || stage.properties['StageName'] !== '$default') {
    throw new RefusedByHost('an HTTP API here has exactly one stage, $default')
  }
  if (stage.properties['AutoDeploy'] !== true) throw new RefusedByHost(`${stage.logicalId}: AutoDeploy must be on`)
  const variables = stage.properties['StageVariables']
  return isRecord(variables)
    ? Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)]))
    : undefined
}

function readRoute(
  resource: LocalResource,
  authorizers: ReadonlyMap<string, JwtAuthorizer>,
  options: HttpApiOptions,
): Route {
  const { properties, logicalId } = resource
  const type = String(properties['AuthorizationType'] ?? 'NONE')
  if (type !== 'NONE' && type !== 'JWT')
    throw new RefusedByHost(`${logicalId}: authorization ${type} is not simulated here`)
  const authorizer = type === 'JWT' ? authorizers.get(String(properties['AuthorizerId'])) : undefined
  if (type === 'JWT' && authorizer === undefined)
    throw new RefusedByHost(`${logicalId}: its authorizer is not in the template`)
  const integration = options.template.find(String(properties['Target']).replace(/^integrations\//, ''))
  if (integration === undefined) throw new RefusedByHost(`${logicalId}: its integration is not in the template`)
  const scopes = properties['AuthorizationScopes']
  return {
    routeKey: String(properties['RouteKey']),
    ...readIntegration(integration, options),
    authorizer,
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
  }
}

function readIntegration(resource: LocalResource, options: HttpApiOptions): Pick<Route, 'target' | 'timeoutMs'> {
  const { properties, logicalId } = resource
  if (properties['IntegrationType'] !== 'AWS_PROXY')
    throw new RefusedByHost(`${logicalId}: only AWS_PROXY is simulated here`)
  if (properties['PayloadFormatVersion'] !== '2.0')
    throw new RefusedByHost(`${logicalId}: only payload format 2.0 is simulated here`)
  const uri = String(properties['IntegrationUri'])
  const functionArn = /functions\/(arn:.*)\/invocations$/.exec(uri)?.[1] ?? uri
  options.requirePermission(functionArn, 'apigateway.amazonaws.com')
  const timeoutMs = Number(properties['TimeoutInMillis'] ?? MAX_INTEGRATION_MS)
  if (!(timeoutMs >= 50 && timeoutMs <= MAX_INTEGRATION_MS))
    throw new RefusedByHost(`${logicalId}: TimeoutInMillis is 50–30000`)
  return { target: options.findTarget(functionArn), timeoutMs }
}

class Api {
  readonly #routes: RouteTable<Route>
  readonly #stageVariables: Readonly<Record<string, string>> | undefined
  readonly #apiId: string
  readonly #accountId: string
  readonly #log: (line: string) => void
  #port = 0

  constructor(
    routes: RouteTable<Route>,
    stageVariables: Readonly<Record<string, string>> | undefined,
    apiId: string,
    accountId: string,
    log: (line: string) => void,
  ) {
    this.#routes = routes
    this.#stageVariables = stageVariables
    this.#apiId = apiId
    this.#accountId = accountId
    this.#log = log
  }

  setPort(port: number): void {
    this.#port = port
  }

  async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const receivedAt = Date.now()
    const requestId = randomUUID()
    const url = incoming.url ?? '/'
    const question = url.indexOf('?')
    const found = this.#routes.find(incoming.method ?? 'GET', question < 0 ? url : url.slice(0, question))
    const answer = (response: GatewayResponse) => write(incoming, outgoing, response, requestId)
    if (found === undefined) return answer(message(404, 'Not Found'))
    const { route, pathParameters } = found
    let jwt: JwtClaims | undefined
    if (route.authorizer !== undefined) {
      const authorization = await route.authorizer.authorize(incoming.headers.authorization, route.scopes)
      if (authorization.kind !== 'allowed') {
        const [status, text] =
          authorization.kind === 'forbidden' ? ([403, 'Forbidden'] as const) : ([401, 'Unauthorized'] as const)
        return answer(message(status, text, [['www-authenticate', authorization.challenge]]))
      }
      jwt = authorization.jwt
    }
    const body = await readBody(incoming)
    if (body === undefined) return answer(message(413, 'Request Entity Too Large', [['connection', 'close']]))
    const sourceIp = incoming.socket.remoteAddress ?? '127.0.0.1'
    const trace = `Root=1-${Math.floor(receivedAt / 1_000).toString(16)}-${requestId.replaceAll('-', '').slice(8)}`
    const headers = gatewayHeaders(incoming.rawHeaders, incoming.headers, sourceIp, this.#port, trace)
    if (route.target.kind === 'web')
      return this.#forward(route.target.web, route, incoming, body, headers, outgoing, requestId)
    const event = buildEvent(incoming, {
      routeKey: route.routeKey,
      pathParameters,
      stageVariables: this.#stageVariables,
      jwt,
      requestId,
      accountId: this.#accountId,
      apiId: this.#apiId,
      headers,
      sourceIp,
      receivedAt,
      body,
    })
    answer(await this.#invoke(route.target.worker, route, event))
  }

  async #invoke(worker: FunctionWorker, route: Route, event: Record<string, unknown>): Promise<GatewayResponse> {
    const text = event['body']
    if (typeof text === 'string' && text.length > MAX_INVOCATION_BYTES) return message(413, 'Request Entity Too Large')
    const { promise, resolve } = Promise.withResolvers<GatewayResponse>()
    const timer = setTimeout(() => resolve(message(503, 'Service Unavailable')), route.timeoutMs)
    worker.invoke(event).then(
      (result) => {
        const tooLarge = (result.body?.length ?? 0) + (result.json?.length ?? 0) > MAX_INVOCATION_BYTES
        resolve(tooLarge ? message(500, 'Internal Server Error') : readResponse(result))
      },
      // A function that throws or passes its own time-out is an internal error to the client; the log has the reason.
      () => resolve(message(500, 'Internal Server Error')),
    )
    const response = await promise
    clearTimeout(timer)
    return response
  }

  async #forward(
    web: WebFunction,
    route: Route,
    incoming: IncomingMessage,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    outgoing: ServerResponse,
    requestId: string,
  ): Promise<void> {
    try {
      await web.forward(incoming, body, headers, outgoing, Math.min(route.timeoutMs, web.settings.timeoutMs))
    } catch (error) {
      this.#log(`${web.settings.name}: ${String(error)}`)
      if (outgoing.headersSent) outgoing.destroy()
      else write(incoming, outgoing, message(503, 'Service Unavailable'), requestId)
    }
  }
}

/** The whole body, or `undefined` when it passes the gateway's limit (what follows is read and thrown away). */
function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const announced = Number(incoming.headers['content-length'] ?? 0)
  if (announced === 0 && incoming.headers['transfer-encoding'] === undefined) return Promise.resolve(Buffer.alloc(0))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = announced > MAX_REQUEST_BYTES ? announced : 0
    if (size > 0) resolve(undefined)
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_REQUEST_BYTES) chunks.push(chunk)
      else resolve(undefined)
    })
    incoming.once('end', () => resolve(size > MAX_REQUEST_BYTES ? undefined : Buffer.concat(chunks)))
    incoming.once('error', reject)
  })
}

function write(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  response: GatewayResponse,
  requestId: string,
): void {
  if (outgoing.destroyed) return
  const flat: string[] = []
  for (const [name, value] of response.headers) flat.push(name, value)
  const bytes = typeof response.body === 'string' ? Buffer.from(response.body) : response.body
  const bodiless = response.statusCode === 204 || response.statusCode === 304
  if (!bodiless) flat.push('content-length', String(bytes.length))
  flat.push('apigw-requestid', requestId)
  outgoing.writeHead(response.statusCode, flat)
  outgoing.end(bodiless || incoming.method === 'HEAD' ? undefined : bytes)
}
