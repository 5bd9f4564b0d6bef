import { createTransport } from 'nodemailer'
import { isThisMachine } from './this-machine.ts'
import { ChannelDown, type MessagePort, Undeliverable } from './port.ts'

const CONNECT_MS = 4_000
/** Without a word for so long, a mail server counts as dead. Some look long at a letter: who gives up early sends it twice. */
const SILENT_MS = 15_000

/** Passwords and addresses do not travel in the open, but to a relay on this very machine. */
export function emailChannel(smtpUrl: string, from: string): MessagePort {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(secure || isThisMachine(url) ? {} : { requireTLS: true }),
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    // A text names no file and no address to fetch from.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.indexOf('@') + 1)
  return {
    async send({ id, subject, text, to }) {
      if (to.channel !== 'email') throw new Undeliverable('not an e-mail address')
      try {
        await transport.sendMail({
          from: { name: '乡来', address: from },
          // Of an address only the address: whatever it says of names or further addresses is not read.
          to: { name: '', address: to.address },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        })
      } catch (error) {
        throw failureOf(error)
      }
    },
  }
}

/**
 * Only a permanent no to the recipient or the message is for good (RFC 5321, 5yz); to who we are, the channel says no. What is
 * passed on holds no address: replies of mail servers repeat them.
 */
function failureOf(error: unknown): Error {
  const {
    code = '',
    responseCode = 0,
    command = '',
  } = error as { code?: string; responseCode?: number; command?: string }
  const what = `${code} ${responseCode}`.trim()
  const permanent = responseCode >= 500 && responseCode < 600
  if (code === 'EENVELOPE' && permanent && command !== 'MAIL FROM') return new Undeliverable(what)
  if (code === 'EENVELOPE' && responseCode === 0) return new Undeliverable(what)
  if (code === 'EMESSAGE' && permanent) return new Undeliverable(what)
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return new Error(what)
  return new ChannelDown(what)
}
