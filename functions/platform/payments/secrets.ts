import * as z from 'zod'
import { JsonService } from '../aws/json-service.ts'
import { env, optionalEnv } from '../env.ts'

const secretsSchema = z.object({ secretKey: z.string().min(1), webhookSecret: z.string().min(1) })
export type PaymentSecrets = z.infer<typeof secretsSchema>

const KEEP_MS = 5 * 60_000
let kept: { readonly secrets: PaymentSecrets; readonly readAtMs: number } | undefined

/** From the environment (one machine) or from Secrets Manager (AWS); read again every five minutes so that it can rotate. */
export async function paymentSecrets(): Promise<PaymentSecrets> {
  const secretKey = optionalEnv('STRIPE_SECRET_KEY')
  if (secretKey !== undefined) return { secretKey, webhookSecret: env('STRIPE_WEBHOOK_SECRET') }
  if (kept !== undefined && Date.now() - kept.readAtMs < KEEP_MS) return kept.secrets
  const manager = new JsonService({ name: 'secretsmanager', targetPrefix: 'secretsmanager', version: '1.1' })
  const answer = await manager.call('GetSecretValue', { SecretId: env('STRIPE_SECRETS_ARN') })
  const secrets = secretsSchema.parse(JSON.parse(String(answer['SecretString'] ?? '{}')))
  kept = { secrets, readAtMs: Date.now() }
  return secrets
}
