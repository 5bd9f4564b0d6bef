import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Engine, type EngineKind, startEngine } from '../local/engine.ts'
import { type FaultPlan, type Host, startHost } from '../local/host.ts'
import { lockDataDir } from '../local/lock.ts'
import { freePort, PortTaken } from '../local/ports.ts'
import { type Faults, type Payments, startPayments } from '../local/payments/index.ts'
import { type SignIn, startSignIn } from '../local/sign-in/index.ts'
import { seededAccounts } from './accounts.ts'
import { localAssembly } from './assembly.ts'
import { machineSecrets } from './secrets.ts'
import { tokensOf } from './tokens.ts'

/** The whole system on this machine: engine, sign-in, payment sandbox, and the host that runs the synthesized stack. */

export type SystemOptions = {
  readonly dataDir: string
  /** The shop's port N; sign-in takes N+1 and the payment sandbox N+2. Left out: any free ports. */
  readonly port?: number | undefined
  /** Empties the data folder first. */
  readonly fresh?: boolean | undefined
  readonly reservationMinutes?: number | undefined
  readonly afterSalesHours?: number | undefined
  readonly governanceDaySeconds?: number | undefined
  readonly tickSeconds?: number | undefined
  readonly bootstrapAdminSub?: string | undefined
  readonly engine?: EngineKind | undefined
  /** Functions report the capacity they used in their logs. */
  readonly meterCapacity?: boolean | undefined
  readonly virtualShards?: number | undefined
  readonly streamPollMs?: number | undefined
  readonly faults?: FaultPlan | undefined
  readonly paymentFaults?: Partial<Faults> | undefined
  /** How messages leave the app; what is empty is off. Left out: what the environment says. */
  readonly messages?: Partial<MessageChannels> | undefined
  /** Gets every line of the log too; it is in `DIR/logs/system.log` anyway. */
  readonly log?: ((line: string) => void) | undefined
}

export type MessageChannels = {
  readonly smtpUrl: string
  readonly mailFrom: string
  readonly hookUrl: string
  readonly hookSecret: string
}

export type System = {
  readonly url: string
  readonly signInUrl: string
  readonly payUrl: string
  readonly dataDir: string
  readonly engine: Engine
  readonly host: Host
  /** Absent when the environment names another payment provider. */
  readonly payments: Payments | undefined
  /** A bearer token of an account of the local issuer, by the real code flow. */
  readonly token: (account: string) => Promise<string>
  readonly close: () => Promise<void>
}

/** It cannot start here and now; the message says why in one line. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}

export const AUDIENCE = 'xianglai-api'
export const SCOPE = 'market'
const CLIENT_ID = 'xianglai-web'
const PORTS_TRIED = 5
const local = (port: number) => `http://127.0.0.1:${port}`

/** Files of a data folder that are ours: `fresh` removes these and nothing that somebody put beside them. */
const OURS =
  /^(engine\.sqlite.*|dynamodb-local|host.*|payments\.sqlite.*|sign-in-keys\.json|secrets\.json|seed\.json|run\.json|logs|inside.*)$/

export async function startSystem(options: SystemOptions): Promise<System> {
  const { dataDir } = options
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
  const given = fromEnvironment()
  for (let attempt = 1; ; attempt++) {
    // Engines, ports and locks are taken in turn; whatever was taken is given back when a later one fails.
    const undo: (() => Promise<unknown>)[] = []
    try {
      return await start(options, given, await choosePorts(options.port), undo)
    } catch (error) {
      for (const step of undo.reverse()) await step().catch(() => undefined)
      if (!(error instanceof PortTaken)) throw error
      if (options.port !== undefined) throw new CannotStart(`${error.message}; choose another --port`, { cause: error })
      // Another program took it between our looking and our listening: any other will do.
      if (attempt >= PORTS_TRIED) throw error
    }
  }
}

type Ports = { readonly shop: number; readonly signIn: number; readonly pay: number }

async function start(
  options: SystemOptions,
  given: ReturnType<typeof fromEnvironment>,
  ports: Ports,
  undo: (() => Promise<unknown>)[],
): Promise<System> {
  const { dataDir } = options
  const assembly = await localAssembly()
  if (options.fresh === true) empty(dataDir)
  const log = logger(dataDir, options.log)
  const secrets = machineSecrets(dataDir, local(ports.signIn))
  const url = local(ports.shop)
  const engine = await startEngine({ dataDir, kind: options.engine, endpoint: given.engineEndpoint, log })
  undo.push(() => engine.stop())
  const signIn = given.issuer === undefined ? await beginSignIn(dataDir, secrets, url, log) : undefined
  if (signIn !== undefined) undo.push(() => signIn.close())
  const payments =
    given.stripeApiBase === undefined ? await beginPayments(options, secrets, ports.pay, url, log) : undefined
  if (payments !== undefined) undo.push(() => payments.close())
  const issuer = given.issuer ?? secrets.issuer
  const host = await startHost({
    template: assembly.template,
    assemblyDir: assembly.dir,
    parameters: parametersOf(options, given, { url, issuer, payUrl: payments?.url }),
    environment: {
      API_BASE_URL: url,
      OIDC_CLIENT_SECRET: given.clientSecret ?? secrets.clientSecret,
      STRIPE_SECRET_KEY: given.stripeSecretKey ?? secrets.stripeSecretKey,
      STRIPE_WEBHOOK_SECRET: given.stripeWebhookSecret ?? secrets.stripeWebhookSecret,
      CHECKOUT_ORIGINS: payments?.url ?? 'https://checkout.stripe.com',
      MESSAGE_CHANNELS: JSON.stringify({ ...given.messages, ...options.messages }),
      // Hooks may lead to a receiver on this machine, unless somebody says no.
      HOOKS_TO_THIS_MACHINE: given.hooksToThisMachine ?? '1',
      ...(options.meterCapacity === true ? { METER_CAPACITY: '1' } : {}),
    },
    engine: { endpoint: engine.endpoint, kind: engine.kind },
    dataDir,
    port: ports.shop,
    tickSeconds: options.tickSeconds ?? given.tickSeconds,
    virtualShards: options.virtualShards,
    streamPollMs: options.streamPollMs,
    faults: options.faults,
    log,
  })
  const close = once(async () => {
    // The sandbox stops first: a webhook it sends now would meet a closing host and be sent again anyway.
    await Promise.all([payments?.close(), signIn?.close(), host.close()])
    await engine.stop()
  })
  return {
    url: host.url,
    signInUrl: issuer,
    payUrl: payments?.url ?? given.stripeApiBase ?? '',
    dataDir,
    engine,
    host,
    payments,
    token: tokensOf(issuer),
    close,
  }
}

function beginSignIn(
  dataDir: string,
  secrets: ReturnType<typeof machineSecrets>,
  url: string,
  log: (line: string) => void,
): Promise<SignIn> {
  return startSignIn({
    port: Number(new URL(secrets.issuer).port),
    dataDir,
    issuer: secrets.issuer,
    clientId: CLIENT_ID,
    clientSecret: secrets.clientSecret,
    redirectUris: [`${url}/sign-in/callback`],
    audience: AUDIENCE,
    scope: `openid ${SCOPE}`,
    accounts: seededAccounts(),
    log: (message, facts) => log(`sign-in: ${message} ${JSON.stringify(facts ?? {})}`),
  }).catch((error: unknown) => {
    throw portError(error, secrets.issuer)
  })
}

function beginPayments(
  options: SystemOptions,
  secrets: ReturnType<typeof machineSecrets>,
  port: number,
  url: string,
  log: (line: string) => void,
): Promise<Payments> {
  return startPayments({
    port,
    dataDir: options.dataDir,
    secretKey: secrets.stripeSecretKey,
    webhookSecret: secrets.stripeWebhookSecret,
    webhookUrl: `${url}/api/payments/webhook`,
    ...(options.paymentFaults === undefined ? {} : { faults: options.paymentFaults }),
    log: (message, facts) => log(`payments: ${message} ${JSON.stringify(facts ?? {})}`),
  }).catch((error: unknown) => {
    throw portError(error, local(port))
  })
}

function portError(error: unknown, address: string): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const taken = 'code' in error && error.code === 'EADDRINUSE'
  return taken ? new PortTaken(address) : error
}

function parametersOf(
  options: SystemOptions,
  given: ReturnType<typeof fromEnvironment>,
  at: { url: string; issuer: string; payUrl: string | undefined },
): Record<string, string> {
  const number = (id: string, value: number | undefined) => (value === undefined ? {} : { [id]: String(value) })
  return {
    'AWS::Region': 'cn-northwest-1',
    PublicOrigin: at.url,
    OidcIssuer: at.issuer,
    OidcAudience: AUDIENCE,
    OidcClientId: given.clientId ?? CLIENT_ID,
    OidcScope: SCOPE,
    StripeApiBase: at.payUrl ?? given.stripeApiBase ?? '',
    BootstrapAdminSub: options.bootstrapAdminSub ?? given.bootstrapAdminSub ?? 'admin-1',
    ...number('ReservationMinutes', options.reservationMinutes ?? given.reservationMinutes),
    ...number('AfterSalesHours', options.afterSalesHours ?? given.afterSalesHours),
    ...number('GovernanceDaySeconds', options.governanceDaySeconds ?? given.governanceDaySeconds),
  }
}

/** What the environment says; each name is documented as an outside interface. */
function fromEnvironment() {
  const text = (name: string) => process.env[name] || undefined
  const number = (name: string) => {
    const value = text(name)
    if (value === undefined) return undefined
    if (!Number.isFinite(Number(value)) || Number(value) < 0) throw new CannotStart(`${name}=${value} is not a number`)
    return Number(value)
  }
  return {
    engineEndpoint: text('DYNAMODB_ENDPOINT'),
    issuer: text('OIDC_ISSUER'),
    clientId: text('OIDC_CLIENT_ID'),
    clientSecret: text('OIDC_CLIENT_SECRET'),
    stripeApiBase: text('STRIPE_API_BASE'),
    stripeSecretKey: text('STRIPE_SECRET_KEY'),
    stripeWebhookSecret: text('STRIPE_WEBHOOK_SECRET'),
    bootstrapAdminSub: text('BOOTSTRAP_ADMIN_SUB'),
    reservationMinutes: number('RESERVATION_MINUTES'),
    afterSalesHours: number('AFTER_SALES_HOURS'),
    governanceDaySeconds: number('GOVERNANCE_DAY_SECONDS'),
    tickSeconds: number('TICK_SECONDS'),
    hooksToThisMachine: text('HOOKS_TO_THIS_MACHINE'),
    messages: {
      smtpUrl: text('SMTP_URL') ?? '',
      mailFrom: text('MAIL_FROM') ?? '',
      hookUrl: text('NOTICE_HOOK_URL') ?? '',
      hookSecret: text('NOTICE_HOOK_SECRET') ?? '',
    } satisfies MessageChannels,
  }
}

async function choosePorts(port: number | undefined): Promise<Ports> {
  if (port === undefined) return { shop: await freePort(), signIn: await freePort(), pay: await freePort() }
  for (const each of [port, port + 1, port + 2]) await requireFree(each)
  return { shop: port, signIn: port + 1, pay: port + 2 }
}

function requireFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(portError(error, local(port))))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

function empty(dataDir: string): void {
  // Taking the lock first says who holds the folder instead of pulling it from under them.
  const unlock = lockDataDir(dataDir, 'fresh')
  for (const name of readdirSync(dataDir).filter((each) => OURS.test(each) && !each.startsWith('host.lock'))) {
    rmSync(join(dataDir, name), { recursive: true, force: true })
  }
  unlock()
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
}

function logger(dataDir: string, also: ((line: string) => void) | undefined): (line: string) => void {
  const file = join(dataDir, 'logs', 'system.log')
  return (line) => {
    if (existsSync(join(dataDir, 'logs'))) appendFileSync(file, `${new Date().toISOString()} ${line}\n`)
    also?.(line)
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

/** Where others find this system while it runs. */
export function writeRunFile(system: System): void {
  const { url, signInUrl, payUrl } = system
  writeFileSync(join(system.dataDir, 'run.json'), `${JSON.stringify({ pid: process.pid, url, signInUrl, payUrl })}\n`)
}
