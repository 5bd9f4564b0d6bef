import { Webhook } from 'standardwebhooks'
import { ChannelDown, type MessagePort, Undeliverable } from './port.ts'

const TIMEOUT_MS = 5_000
/** The gateway understood, and will never take this one: no such number, not a member. */
const FOR_GOOD = new Set([400, 422])

/**
 * A gateway for text messages or WeChat, at an address of the operator's own: a POST signed as Standard Webhooks has it. Any
 * 2xx is a yes.
 */
export function hookChannel(url: string, secret: string): MessagePort {
  const signer = new Webhook(secret)
  return {
    async send({ id, kind, at, subject, text, link, to }) {
      if (to.channel !== 'hook') throw new Undeliverable('not for a gateway')
      const { subject: person, phone } = to
      const data = { id, kind, at, title: subject, text, link, to: { subject: person, phone } }
      const payload = JSON.stringify({ type: 'notice.v1', timestamp: at, data })
      const sentAt = new Date()
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signer.sign(id, sentAt, payload),
      }
      const status = await post(url, headers, payload)
      if (status >= 200 && status < 300) return
      if (FOR_GOOD.has(status)) throw new Undeliverable(`HTTP ${status}`)
      throw status >= 500 || status === 0 ? new ChannelDown(`HTTP ${status}`) : new Error(`HTTP ${status}`)
    },
  }
}

/** The answer's status; 0 when there was none. It follows no redirect: the signature is for one address. */
async function post(url: string, headers: Record<string, string>, body: string): Promise<number> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    await answer.body?.cancel()
    return answer.status
  } catch {
    return 0
  }
}
