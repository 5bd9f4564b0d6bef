import { bodyItem } from './table/items/bodies.ts'
import { index } from './table/keys.ts'
import { queryAll } from './table/table.ts'

const BODIES_READ_MAX = 400

/** Bodies that a community's matters can be given to: its own first, then those of the whole district (pattern 2). */
export async function bodiesOf(communityId: string) {
  const { GSI1PK: pk } = index.places('body', '', '', '')
  const of = (scope: string) =>
    queryAll(bodyItem, { pk, prefix: `#${scope}#`, index: 'GSI1' as const, max: BODIES_READ_MAX })
  const [own, district] = await Promise.all([of(communityId), of('')])
  return [...own, ...district]
}
