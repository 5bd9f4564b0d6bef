import { optionalEnv } from './env.ts'

const DAY_SECONDS = 86_400

/** How long a day of notices and votes lasts, in milliseconds: a day, but for a demonstration that cannot wait for weeks. */
export function governanceDayMs(): number {
  return (optionalEnv('GOVERNANCE_DAY_SECONDS') ?? DAY_SECONDS) * 1_000
}
