/** A person who can be chosen on the sign-in page. Everyone here is synthetic. */
export interface Account {
  /** The subject of the tokens: stable, never reused. */
  sub: string
  name: string
  /** What the person does, shown under the name. */
  note: string
}

/** Synthetic people beyond the seeded ones: a demonstration needs hundreds of residents. */
const syntheticSub = /^(resident|demo|coop|worker)-\d{1,6}$/

const syntheticNames: Record<string, { name: string; note: string }> = {
  resident: { name: '居民', note: '演示居民' },
  demo: { name: '演示居民', note: '演示居民' },
  coop: { name: '社员', note: '演示合作社社员' },
  worker: { name: '社工', note: '演示社区工作者' },
}

/** The account of a subject: a seeded person, or a synthetic one whose name follows from the subject; else undefined. */
export function findAccount(accounts: readonly Account[], sub: string): Account | undefined {
  const seeded = accounts.find((account) => account.sub === sub)
  if (seeded) return seeded
  if (!syntheticSub.test(sub)) return undefined
  const [kind = '', number = ''] = sub.split('-')
  const words = syntheticNames[kind]
  return words && { sub, name: `${words.name} ${number}`, note: words.note }
}
