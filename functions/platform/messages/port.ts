import type { Instant } from '#shared/kernel/time.ts'

/**
 * What leaves the app, and all we use of a channel. `id` is the same each time a message is sent again: a channel hands it on,
 * so that whoever receives can tell a repeat. Sending is at least once: when we die between the channel's yes and our own
 * note of it, the message goes out again.
 */
export type MessagePort = { send(message: Message): Promise<void> }

export type Message = {
  readonly id: string
  readonly kind: string
  readonly at: Instant
  readonly subject: string
  readonly text: string
  /** Where more stands, for who is signed in. */
  readonly link: string
  readonly to: Recipient
}

export type Recipient =
  | { readonly channel: 'email'; readonly address: string }
  /** Whom a gateway for text messages or WeChat knows: by their name at the issuer, by their number if they gave one. */
  | { readonly channel: 'hook'; readonly subject: string; readonly phone?: string | undefined }

/** The channel looked at this message or its recipient and says no for good; others may well go through. */
export class Undeliverable extends Error {
  override name = 'Undeliverable'
}

/** Nothing can be sent this way now: unreachable, or it refuses us. */
export class ChannelDown extends Error {
  override name = 'ChannelDown'
}
