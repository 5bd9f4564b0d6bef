const NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** What goes there does not leave the machine, so it may go unencrypted. */
export function isThisMachine({ hostname }: URL): boolean {
  return NAMES.has(hostname)
}
