import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** What this machine keeps to itself: random for each data folder, readable by its owner alone. */
const secretsSchema = z.strictObject({
  /** Where people of this data folder sign in; their roles are bound to it, so it outlives a change of ports. */
  issuer: z.url(),
  clientSecret: z.string().min(20),
  stripeSecretKey: z.string().min(20),
  stripeWebhookSecret: z.string().min(20),
})
export type MachineSecrets = z.infer<typeof secretsSchema>

const OWNER_ONLY = 0o600
const random = (prefix: string) => `${prefix}${randomBytes(24).toString('hex')}`

export function machineSecrets(dataDir: string, issuer: string): MachineSecrets {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const made: MachineSecrets = {
    issuer,
    clientSecret: random('client_'),
    stripeSecretKey: random('sk_test_'),
    stripeWebhookSecret: random('whsec_'),
  }
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: OWNER_ONLY })
  return made
}
