import * as z from 'zod'
import { SHARES_MAX } from '#shared/contracts/fund-communities.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { index, keys } from '#functions/platform/table/keys.ts'
import { groupBuyItem } from '#functions/platform/table/items/group-buys.ts'
import { communityItem, compoundItem, coopItem, villageItem } from '#functions/platform/table/items/places.ts'
import { batchGet, get, queryAll } from '#functions/platform/table/table.ts'
import { TtlCache } from '#functions/platform/ttl-cache.ts'

/**
 * Names of places and group buys, read from the market when a page is drawn: the ledger holds ids only, so a name can
 * change, and what must be forgotten can be. Kept for a minute: pages ask every second and a half.
 */
const NAMES_TTL_MS = 60_000
const NAMES_MAX = 10_000

const named = z.discriminatedUnion('entity', [compoundItem, villageItem, coopItem, groupBuyItem])
type Named = z.infer<typeof named>
type Kind = 'village' | 'coop' | 'groupBuy'

const compounds = new TtlCache<Extract<Named, { entity: 'compound' }> | undefined>(NAMES_TTL_MS, NAMES_MAX)
const names = new Map<string, { readonly name: string; readonly readAtMs: number }>()

/** The fund's compound with its community; undefined when there is no such compound. */
export function compoundOf(fundId: string, at: Instant) {
  return compounds.get(fundId, at, async () => {
    const items = await batchGet(named, [keys.place('compound', fundId)])
    return items.find((item) => item.entity === 'compound')
  })
}

const communities = new TtlCache<Awaited<ReturnType<typeof readCommunity>>>(NAMES_TTL_MS, NAMES_MAX)

/** A community with its compounds (pattern 2); undefined when there is no such community. */
export function communityOf(communityId: string, at: Instant) {
  return communities.get(communityId, at, () => readCommunity(communityId))
}

async function readCommunity(communityId: string) {
  const community = await get(communityItem, keys.place('community', communityId))
  if (community === undefined) return undefined
  const { GSI1PK, GSI1SK } = index.places('compound', community.townId, communityId, '')
  const compounds = await queryAll(compoundItem, { pk: GSI1PK, prefix: GSI1SK, index: 'GSI1', max: SHARES_MAX })
  return { community, compounds }
}

/** A lookup of names for these ids. What has no name (any more) is called by its id. */
export async function namesOf(
  wanted: Readonly<Record<Kind, Iterable<string>>>,
  at: Instant,
): Promise<(kind: Kind, id: string) => string> {
  const atMs = Date.parse(at)
  const asked = (['village', 'coop', 'groupBuy'] as const).flatMap((kind) =>
    [...new Set(wanted[kind])].map((id) => ({ kind, id })),
  )
  const missing = asked.filter(({ kind, id }) => {
    const known = names.get(`${kind}#${id}`)
    return known === undefined || atMs - known.readAtMs >= NAMES_TTL_MS
  })
  if (names.size + missing.length > NAMES_MAX) names.clear()
  for (const item of await batchGet(named, missing.map(keyOf))) {
    const [kind, id, name] = nameOf(item)
    names.set(`${kind}#${id}`, { name, readAtMs: atMs })
  }
  const found = new Map(asked.map(({ kind, id }) => [`${kind}#${id}`, names.get(`${kind}#${id}`)?.name ?? id]))
  return (kind, id) => found.get(`${kind}#${id}`) ?? id
}

function keyOf({ kind, id }: { kind: Kind; id: string }) {
  return kind === 'groupBuy' ? keys.groupBuy(id) : keys.place(kind, id)
}

function nameOf(item: Named): readonly [string, string, string] {
  switch (item.entity) {
    case 'compound':
      return ['compound', item.compoundId, item.name]
    case 'village':
      return ['village', item.villageId, item.name]
    case 'coop':
      return ['coop', item.coopId, item.name]
    case 'groupBuy':
      return ['groupBuy', item.groupBuyId, item.title]
  }
}
