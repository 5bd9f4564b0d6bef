import * as z from 'zod'
import { JsonService } from '../aws/json-service.ts'
import { env, optionalEnv } from '../env.ts'
import { log } from '../log.ts'
import { hookChannel } from './hook.ts'
import type { MessagePort } from './port.ts'
import { emailChannel } from './smtp.ts'
import { isThisMachine } from './this-machine.ts'

/** Empty: that channel is off. The inbox works without any of them. */
const settingsSchema = z.object({
  /** `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS. */
  smtpUrl: z.union([z.literal(''), z.url({ protocol: /^smtps?$/ })]),
  /** What stands as the sender: an address of the operator. */
  mailFrom: z.union([z.literal(''), z.email()]),
  hookUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** `whsec_…`, as Standard Webhooks has it. */
  hookSecret: z.string(),
})
type ChannelSettings = z.infer<typeof settingsSchema>

export type Channels = { readonly email: MessagePort | undefined; readonly hook: MessagePort | undefined }

const KEEP_MS = 5 * 60_000
let kept: { readonly text: string; readonly channels: Channels; readonly readAtMs: number } | undefined

/** Those that are on. Read again every five minutes, so that a password can be changed. */
export async function channels(): Promise<Channels> {
  const here = optionalEnv('MESSAGE_CHANNELS')
  if (kept !== undefined && (here === undefined ? Date.now() - kept.readAtMs < KEEP_MS : here === kept.text)) {
    return kept.channels
  }
  const text = here ?? (await secretText())
  if (kept?.text !== text) kept = { text, channels: channelsOf(settingsSchema.parse(JSON.parse(text))), readAtMs: 0 }
  kept = { ...kept, readAtMs: Date.now() }
  return kept.channels
}

/** From the environment (one machine) or from Secrets Manager (AWS). */
async function secretText(): Promise<string> {
  const manager = new JsonService({ name: 'secretsmanager', targetPrefix: 'secretsmanager', version: '1.1' })
  const answer = await manager.call('GetSecretValue', { SecretId: env('MESSAGE_SECRETS_ARN') })
  return String(answer['SecretString'] ?? '{}')
}

function channelsOf({ smtpUrl, mailFrom, hookUrl, hookSecret }: ChannelSettings): Channels {
  return {
    email: smtpUrl === '' || mailFrom === '' ? undefined : emailChannel(smtpUrl, mailFrom),
    hook: hookUrl === '' || hookSecret === '' || !isPrivate(hookUrl) ? undefined : hookChannel(hookUrl, hookSecret),
  }
}

/** Numbers of people do not travel in the open. */
function isPrivate(hookUrl: string): boolean {
  const url = new URL(hookUrl)
  if (url.protocol === 'https:' || isThisMachine(url)) return true
  log('error', 'the gateway’s address is not https: its channel is off')
  return false
}
