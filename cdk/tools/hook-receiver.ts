import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { Webhook } from 'standardwebhooks'

/**
 * A receiver of hooks, as small as one can be and still be right: `node cdk/tools/hook-receiver.ts --secret whsec_… --port
 * 8090`. It shows what a receiver has to do: read the bytes as they came, check the signature before it believes anything,
 * know a repeat by its id, answer at once, and do the work afterwards. `--status 503` answers that instead, to see what becomes of it.
 * With `--allow yes` or `--allow no --reason …` it also answers what a check is asked before a payment.
 */
const { values } = parseArgs({
  options: {
    secret: { type: 'string' },
    port: { type: 'string', default: '8090' },
    status: { type: 'string', default: '204' },
    allow: { type: 'string' },
    reason: { type: 'string' },
  },
})
const secret = values.secret ?? process.env['WEBHOOK_SECRET']
if (secret === undefined) {
  process.stderr.write(
    'usage: node cdk/tools/hook-receiver.ts --secret whsec_… (or WEBHOOK_SECRET) [--port 8090] [--status 204] [--allow yes|no [--reason …]]\n',
  )
  process.exit(2)
}

const BODY_BYTES_MAX = 20_000
const checker = new Webhook(secret)
const answer = Number(values.status)
/** In earnest: a table with a time to live of some days, in the same transaction as the work. */
const seen = new Set<string>()

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

type Question = {
  type: string
  data: { questionId: string; proposalId: string; amountFen: number; milestone?: number }
}

/** What was asked is said again: the answer is to this question, and to no other. In earnest somebody looks at the project first. */
function saidTo(event: Question): object | undefined {
  if (event.type !== 'disbursement.check.v1' || values.allow === undefined) return undefined
  const { questionId, proposalId, amountFen, milestone } = event.data
  const { reason } = values
  return {
    allow: values.allow === 'yes',
    questionId,
    proposalId,
    amountFen,
    ...(milestone === undefined ? {} : { milestone }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function tell(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const id = String(request.headers['webhook-id'] ?? '')
    let event: unknown
    try {
      // Signature, and that it was made within five minutes of our clock.
      event = body === undefined ? undefined : checker.verify(body, request.headers as Record<string, string>)
    } catch (error) {
      tell({ outcome: 'refused', why: error instanceof Error ? error.message : '' })
    }
    if (event === undefined) return void response.writeHead(400).end()
    const outcome = answer >= 300 ? 'not now' : seen.has(id) ? 'repeat' : 'taken'
    if (outcome === 'taken') seen.add(id)
    tell({ outcome, id, event })
    const said = saidTo(event as Question)
    if (said === undefined) return void response.writeHead(answer).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said))
  })
})
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close(() => process.exit(0)))
