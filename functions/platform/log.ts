type Facts = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * One JSON line per outcome: a constant message, facts as fields. Never names, phones, addresses, tokens or bodies:
 * callers pass ids and counts only.
 */
export function log(level: 'info' | 'warn' | 'error', message: string, facts: Facts = {}): void {
  process.stdout.write(`${JSON.stringify({ level, message, at: new Date().toISOString(), ...facts })}\n`)
}
