type Issue = { readonly path: readonly PropertyKey[]; readonly message: string }

const FIELDS_MAX = 20

/** What is wrong with a row that came among others, by field: an answer of its own, and not a refused file. */
export function issueFields(issues: readonly Issue[]): Record<string, string> {
  return Object.fromEntries(issues.slice(0, FIELDS_MAX).map(({ path, message }) => [path.join('.') || 'row', message]))
}
