import { fruitAliases } from './aliases-fruits.ts'
import { vegetableAliases } from './aliases-vegetables.ts'
import type { ProduceAlias } from './produce-alias.ts'

export type { ProduceAlias } from './produce-alias.ts'

const bySourceName: ReadonlyMap<string, ProduceAlias> = new Map(
  [...vegetableAliases, ...fruitAliases].map((entry) => [entry.sourceName, entry]),
)

/** All names of both market lists: 158 vegetables and 87 fruits. */
export const produceAliases: readonly ProduceAlias[] = [...vegetableAliases, ...fruitAliases]

/** Throws for a name the table does not know: a new market name must be read by a person before it is sold. */
export function aliasOf(sourceName: string): ProduceAlias {
  const entry = bySourceName.get(sourceName)
  if (entry === undefined) throw new Error(`no alias for the market name ${JSON.stringify(sourceName)}`)
  return entry
}
