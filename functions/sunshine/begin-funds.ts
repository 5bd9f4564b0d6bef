import { firstAwaited } from '#shared/domain/sunshine/awaiting.ts'
import { disclosureIdOf } from '#shared/domain/sunshine/disclosure-id.ts'
import { quarterOf } from '#shared/kernel/quarters.ts'
import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import { disclosureItem, walkedItem } from '#functions/platform/table/items/sunshine.ts'
import { type CompoundItem, compoundItem, districtItem } from '#functions/platform/table/items/places.ts'
import { index } from '#functions/platform/table/keys.ts'
import { sunshineIndex, sunshineKeys } from '#functions/platform/table/sunshine-keys.ts'
import { ALWAYS, get, query, transact } from '#functions/platform/table/table.ts'
import { beginWrites } from './disclosure-store.ts'

const A_PAGE = 100
/** By this name the charity keeps the fund's accounts. */
const KEEPER = 'host-charity'

/**
 * Once a day: every compound whose fund has no calendar yet gets one, from the quarter of that day on. From then on each quarter
 * begins the next. Cut off, it begins once more with the next tick; what has begun already stays as it is.
 */
export async function beginFunds(now: Instant, dayMs: number, hasTime: () => boolean): Promise<number> {
  const day = shanghaiDay(now)
  const walked = await get(walkedItem, sunshineKeys.walked)
  if (walked !== undefined && walked.day >= day) return 0
  const keeperName = (await charityName()) ?? '慈善组织'
  let begun = 0
  let seen = 0
  for await (const page of pagesOfCompounds()) {
    seen += page.length
    for (const compound of page) {
      if (!hasTime()) return begun
      if (await beginFund(compound, keeperName, now, dayMs)) begun++
    }
  }
  // A district that is just being brought in is looked at again, until a look finds nothing new.
  if (begun > 0 || seen === 0) return begun
  const item = walkedItem.parse({ entity: 'sunshineWalked', v: 1, day })
  await transact([{ put: { ...sunshineKeys.walked, ...item }, condition: ALWAYS }])
  return begun
}

async function beginFund(
  { compoundId, name: compoundName, communityId }: CompoundItem,
  keeperName: string,
  now: Instant,
  dayMs: number,
): Promise<boolean> {
  const { GSI1PK: pk } = sunshineIndex.ofCompound(compoundId, '', '')
  const found = await query(disclosureItem, { pk, index: 'GSI1', newestFirst: true, limit: 4 })
  if (found.items.some(({ book }) => book === 'fund')) return false
  const quarter = quarterOf(shanghaiDay(now))
  const disclosureId = disclosureIdOf({ book: 'fund', quarter, compoundId })
  const named = { disclosureId, book: 'fund', compoundId, compoundName, communityId, quarter } as const
  const first = firstAwaited('fund', quarter, now, dayMs)
  const done = await transact(beginWrites({ ...named, keeperId: KEEPER, keeperName }, first))
  return done.kind === 'done'
}

async function charityName(): Promise<string | undefined> {
  const { items } = await query(districtItem, {
    pk: index.places('district', '', '', '').GSI1PK,
    index: 'GSI1',
    limit: 1,
  })
  return items[0]?.charityName
}

async function* pagesOfCompounds(): AsyncGenerator<CompoundItem[]> {
  const { GSI1PK: pk } = index.places('compound', '', '', '')
  let cursor: string | undefined
  do {
    const page = await query(compoundItem, { pk, index: 'GSI1', limit: A_PAGE, cursor })
    yield page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
