import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { SaleRecorded } from '#shared/contracts/events.ts'
import { hookEvents, type HookEventType, hookEventTypes, hookPayloadSchema } from '#shared/contracts/hooks-events.ts'
import { hookEnvelopes } from '#shared/contracts/hooks.ts'
import { bodyIn, cloudEvent, contentTypes } from '#shared/domain/hooks/envelope.ts'
import { newsOf, testNews } from '#shared/domain/hooks/news.ts'
import { reversal, sale } from './fund-story.ts'

/**
 * Goal: whoever asked for CloudEvents gets what the specification calls one; whoever did not gets, byte for byte, what they
 * have always got.
 */
const ORIGIN = 'https://xianglai.example'
const ID = 'msg_0123456789abcdef0123456789abcdef'
const NOW = '2026-11-27T04:00:00.000Z'

/** CloudEvents 1.0.2: section 2 (JSON format), section 3.1 (attributes), and nothing that it does not know. */
const cloudEventSchema = z.strictObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  // An absolute URI is recommended: with the id it names the event in the whole world.
  source: z.url(),
  type: z.string().min(1),
  subject: z.string().min(1),
  // RFC 3339.
  time: z.iso.datetime({ offset: true }),
  datacontenttype: z.literal('application/json'),
  data: z.record(z.string(), z.unknown()),
})

const sold = sale('s-1', 1_000) as SaleRecorded
const back = reversal('r-1', 's-1', 100)
const all = [newsOf(sold, undefined), newsOf(back, sold), testNews('7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e01', 'x', NOW)]

describe('a plain body', () => {
  it('is what it was before there was a choice', () => {
    for (const news of all) {
      const body = bodyIn('plain', news, ID, ORIGIN)
      expect(body).toBe(news.payload)
      expect(hookPayloadSchema(news.type).parse(JSON.parse(body))).toEqual(JSON.parse(body))
    }
  })
})

describe('a CloudEvent', () => {
  it('is one, and tells what the plain body tells', () => {
    for (const news of all) {
      const event = cloudEventSchema.parse(JSON.parse(bodyIn('cloudevents', news, ID, ORIGIN)))
      const plain = JSON.parse(news.payload) as { type: string; timestamp: string; data: object }
      expect(event).toMatchObject({ id: ID, source: ORIGIN, type: plain.type, time: plain.timestamp, data: plain.data })
    }
  })

  it('names in its subject what it happened to', () => {
    const subjects = all.map((news) => JSON.parse(bodyIn('cloudevents', news, ID, ORIGIN)).subject as string)
    expect(subjects).toEqual(['s-1', 's-1', '7d1c1f4e-2f5b-4c39-9c57-6a1d2f8b9e01'])
  })

  it('has names of attributes as the specification allows them: lower-case letters and digits, twenty at most', () => {
    const { data: _data, ...attributes } = cloudEvent(all[0] ?? testNews('x', 'x', NOW), ID, ORIGIN)
    for (const name of Object.keys(attributes)) expect(name).toMatch(/^[a-z0-9]{1,20}$/)
  })

  it('is the same, byte for byte, each time', () => {
    for (const news of all)
      expect(bodyIn('cloudevents', news, ID, ORIGIN)).toBe(bodyIn('cloudevents', news, ID, ORIGIN))
  })

  it('holds nothing of an event that the plain body leaves out', () => {
    const fat = { ...sold, householdId: 'c-1.3.2.501', orderId: 'secret-order', phone: '13800000000' }
    const body = bodyIn('cloudevents', newsOf(fat, undefined), ID, ORIGIN)
    expect(body).not.toMatch(/Fen|household|order|phone|138/i)
  })
})

it('each envelope has a content type of its own', () => {
  expect(hookEnvelopes.map((each) => contentTypes[each])).toEqual(['application/json', 'application/cloudevents+json'])
})

it.each(hookEventTypes)('the example of %s makes a CloudEvent', (type: HookEventType) => {
  const { timestamp, data } = hookEvents[type].example
  cloudEventSchema.parse(cloudEvent({ type, timestamp, subject: 'x', data }, ID, ORIGIN))
})
