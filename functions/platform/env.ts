import * as z from 'zod'
import { assert } from '#shared/kernel/assert.ts'

/**
 * What a function may be told from outside. Each value is read when it is first needed, so that a function only has to
 * be given what it uses (least privilege), and a missing one is named.
 */
const variables = {
  MARKET_TABLE: z.string().min(1),
  LEDGER_TABLE: z.string().min(1),
  PHOTOS_TABLE: z.string().min(1),
  AID_TABLE: z.string().min(1),
  /** Set for an embedded engine; absent on AWS. */
  DYNAMODB_ENDPOINT: z.url(),
  OIDC_ISSUER: z.url(),
  OIDC_AUDIENCE: z.string().min(1),
  OIDC_SCOPE: z.string().min(1),
  /** Origin of the storefront: where the payment page sends buyers back to. */
  PUBLIC_ORIGIN: z.url(),
  STRIPE_API_BASE: z.url(),
  STRIPE_SECRET_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: z.string().min(1),
  STRIPE_SECRETS_ARN: z.string().min(1),
  /** How messages leave the app, as JSON, where there is no Secrets Manager; see `messages/channels.ts`. */
  MESSAGE_CHANNELS: z.string().min(1),
  MESSAGE_SECRETS_ARN: z.string().min(1),
  /** Lets hooks lead to this very machine, and without https: for a demo and tests. No template sets it. */
  HOOKS_TO_THIS_MACHINE: z.enum(['0', '1']),
  RESERVATION_MINUTES: z.coerce.number().int().min(1).max(25),
  AFTER_SALES_HOURS: z.coerce
    .number()
    .int()
    .min(0)
    .max(24 * 80),
  GOVERNANCE_DAY_SECONDS: z.coerce.number().int().min(1).max(86_400),
  MINIMUM_CHARGE_FEN: z.coerce.number().int().min(0),
  BOOTSTRAP_ADMIN_SUB: z.string().min(1),
  METER_CAPACITY: z.literal('1'),
} as const

type Variables = { [Name in keyof typeof variables]: z.output<(typeof variables)[Name]> }

/** The environment does not change while a function lives, except in tests: a text is parsed once. */
const parsedOnce = new Map<string, { readonly text: string; readonly value: unknown }>()

export function optionalEnv<Name extends keyof Variables>(name: Name): Variables[Name] | undefined {
  const text = process.env[name]
  if (text === undefined || text === '') return undefined
  const known = parsedOnce.get(name)
  if (known?.text === text) return known.value as Variables[Name]
  const parsed = variables[name].safeParse(text)
  assert(parsed.success, `environment variable ${name} is not what it must be`)
  parsedOnce.set(name, { text, value: parsed.data })
  return parsed.data as Variables[Name]
}

export function env<Name extends keyof Variables>(name: Name): Variables[Name] {
  const value = optionalEnv(name)
  assert(value !== undefined, `environment variable ${name} is missing`)
  return value
}
