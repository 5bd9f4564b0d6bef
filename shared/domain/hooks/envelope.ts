import type { HookEnvelope } from '../../contracts/hooks.ts'
import type { News } from './news.ts'

/** What a request says its body is. */
export const contentTypes: Readonly<Record<HookEnvelope, string>> = {
  plain: 'application/json',
  cloudevents: 'application/cloudevents+json',
}

type Told = Omit<News, 'scopes' | 'of'>

/**
 * The body that a subscription asked for, byte for byte the same in each attempt and each replay. `origin`: where we are
 * reached; of a CloudEvent it is the source, and with the id names the event in the whole world.
 */
export function bodyIn(envelope: HookEnvelope, news: Told, webhookId: string, origin: string): string {
  return envelope === 'plain' ? news.payload : JSON.stringify(cloudEvent(news, webhookId, origin))
}

/** CloudEvents 1.0.2, JSON event format, for structured content mode (HTTP protocol binding, section 3.2). */
export function cloudEvent({ type, timestamp, subject, data }: Omit<Told, 'payload'>, id: string, source: string) {
  return {
    ...{ specversion: '1.0', id, source, type, subject, time: timestamp },
    datacontenttype: 'application/json',
    data,
  }
}
