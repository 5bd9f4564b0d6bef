import type { Snapshot } from '#shared/contracts/sunshine.ts'

/** The lines of a publication: the bytes of these lines are what its hash is of. */
export function frozenLines({ entries, ...head }: Snapshot): object[] {
  return [
    { kind: 'publication', format: 'xianglai-sunshine-1', ...head },
    ...entries.map((entry) => ({ kind: 'entry', ...entry })),
  ]
}
