import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createApiServer } from './api-server.ts'
import { loadSession } from './checkout-sessions.ts'
import { createControlServer } from './control.ts'
import { Deliveries } from './deliveries.ts'
import { applyFaults, noFaults, type Faults } from './faults.ts'
import { sendJson } from './http.ts'
import { messagePage, pageHeaders } from './page.ts'
import { createPayServer } from './pay-server.ts'
import { settleAsyncPayment } from './payments.ts'
import { settleRefund } from './refunds.ts'
import type { Sandbox } from './sandbox.ts'
import { Store } from './store.ts'

export type { Faults } from './faults.ts'
export type { Delivery } from './deliveries.ts'
export { apiVersion } from './sandbox.ts'

export interface PaymentsOptions {
  /** Bound on 127.0.0.1 only; 0 takes any free port. */
  port: number
  /** Holds `payments.sqlite`. */
  dataDir: string
  /** What the merchant's server presents, e.g. `sk_test_…`. */
  secretKey: string
  /** Signs webhooks, e.g. `whsec_…`. */
  webhookSecret: string
  webhookUrl: string
  log: (message: string, facts?: Record<string, unknown>) => void
  /** The sandbox's time; webhooks are signed and sent by the machine's own. */
  clock?: () => Date
  faults?: Partial<Faults>
  /** Shown on the payment page. */
  merchant?: string
  /** The smallest total of a session. Stripe's is the equivalent of USD 0.50. */
  minimumFen?: number
  /** Taken from each payment on its balance transaction. */
  feeBps?: number
  /** Waits between a webhook's attempts; after the last one it is given up. */
  retryDelaysMs?: readonly number[]
  webhookConcurrency?: number
  webhookTimeoutMs?: number
}

export interface Payments {
  url: string
  faults: Readonly<Faults>
  setFaults(change: Partial<Faults>): void
  advanceClock(seconds: number): void
  close(): Promise<void>
}

export const defaultMinimumFen = 400
const defaultRetryDelaysMs = [1, 5, 30, 300, 1800, 3600, 7200, 14_400, 28_800, 43_200].map((seconds) => seconds * 1000)
const tickMs = 50
const dueBatch = 200
const maxBatchesAtOnce = 100
const sweepMs = 60_000
const clockSetting = 'clock_offset_ms'

/** Lets everything happen whose moment has come: sessions expire, promised payments and refunds come to their end. */
function settleDue(sandbox: Sandbox): void {
  for (let batch = 0; batch < maxBatchesAtOnce; batch += 1) {
    const due = sandbox.store.due(Math.floor(sandbox.nowMs()), dueBatch)
    if (due.length === 0) return
    sandbox.store.write(() => {
      for (const { kind, id } of due) settleOne(sandbox, kind, id)
    })
  }
}

function settleOne(sandbox: Sandbox, kind: string, id: string): void {
  if (kind === 'refund') {
    const refund = sandbox.store.get('refund', id)
    if (refund) settleRefund(sandbox, refund)
    return
  }
  const session = kind === 'checkout.session' ? loadSession(sandbox, id) : undefined
  if (session?.extra.asyncOutcome !== undefined) settleAsyncPayment(sandbox, session)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function createHandler(sandbox: Sandbox, options: PaymentsOptions, advanceClock: (seconds: number) => void) {
  const api = createApiServer(sandbox, options.secretKey, options.log)
  const payServer = createPayServer(sandbox, options.merchant ?? '乡来')
  const control = createControlServer({ sandbox, advanceClock })
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    if (path.startsWith('/v1/')) return api.handle(request, response)
    if (path.startsWith('/_sandbox/')) return control(request, response)
    const sessionId = /^\/pay\/(\w+)$/.exec(path)?.[1]
    if (sessionId !== undefined) return payServer(request, response, sessionId)
    if (path === '/healthz') return sendJson(response, 200, { status: 'ok' })
    response.writeHead(404, pageHeaders())
    response.end(messagePage('支付沙盒', '这里没有页面。请从商家的订单页进入付款。'))
  }
  return { handle, sweep: api.sweep }
}

/** Starts the payment sandbox: the part of the Stripe API that this system uses, with its rules, hosted pages and webhooks. */
export async function startPayments(options: PaymentsOptions): Promise<Payments> {
  const store = new Store(options.dataDir)
  const faults: Faults = { ...noFaults }
  if (options.faults) applyFaults(faults, options.faults)
  const deliveries = new Deliveries(store, faults, {
    url: options.webhookUrl,
    secret: options.webhookSecret,
    retryDelaysMs: options.retryDelaysMs ?? defaultRetryDelaysMs,
    concurrency: options.webhookConcurrency ?? 16,
    timeoutMs: options.webhookTimeoutMs ?? 10_000,
    log: options.log,
  })
  const clock = options.clock ?? (() => new Date())
  let offsetMs = Number(store.setting(clockSetting) ?? '0')
  let url = ''
  const sandbox: Sandbox = {
    store,
    deliveries,
    faults,
    baseUrl: () => url,
    nowMs: () => clock().getTime() + offsetMs,
    minimumFen: options.minimumFen ?? defaultMinimumFen,
    feeBps: options.feeBps ?? 0,
  }
  const advanceClock = (seconds: number): void => {
    offsetMs += seconds * 1000
    store.saveSetting(clockSetting, String(offsetMs))
    settleDue(sandbox)
  }
  const { handle, sweep } = createHandler(sandbox, options, advanceClock)
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.log('payment sandbox request failed', { path: request.url, error: String(error) })
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  server.keepAliveTimeout = 75_000 // longer than the SDK's agent keeps idle sockets, so that no request meets a closing one
  url = `http://127.0.0.1:${await listen(server, options.port)}`
  const resumed = deliveries.resume()
  if (resumed > 0) options.log('webhooks taken up again', { resumed })
  const careful = (work: () => void) => (): void => {
    try {
      work()
    } catch (error) {
      options.log('payment sandbox tick failed', { error: String(error) })
    }
  }
  const timers = [
    setInterval(
      careful(() => settleDue(sandbox)),
      tickMs,
    ),
    setInterval(careful(sweep), sweepMs),
  ]
  for (const timer of timers) timer.unref()
  return {
    url,
    faults,
    setFaults(change) {
      applyFaults(faults, change)
      if (!faults.webhookHold) deliveries.release()
    },
    advanceClock,
    async close() {
      for (const timer of timers) clearInterval(timer)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      deliveries.close()
      store.close()
    },
  }
}
