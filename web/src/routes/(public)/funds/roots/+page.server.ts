import { getDayRoot, listDayRoots } from '#shared/contracts/fund-days.ts'
import { dataOrError } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { readKept } from '#web/lib/funds/kept-root.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const { searchParams } = event.url
  const cursor = searchParams.get('cursor')?.slice(0, 1_000) ?? undefined
  const day = (searchParams.get('day') ?? '').slice(0, 10)
  const typed = (searchParams.get('root') ?? '').slice(0, 200)
  const [list, compared] = await Promise.all([
    publicRead(listDayRoots, { query: { cursor, limit: 30 } }),
    searchParams.has('root') ? compare(day, typed) : undefined,
  ])
  return { ...dataOrError(list, event), day, typed, compared }
}

async function compare(day: string, typed: string): Promise<'same' | 'other' | 'none' | 'tooShort' | 'unreachable'> {
  const kept = readKept(typed)
  if (kept === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return 'tooShort'
  const answer = await publicRead(getDayRoot, { params: { day } })
  if (answer.ok) return answer.data.root.startsWith(kept) ? 'same' : 'other'
  return answer.status === 404 ? 'none' : 'unreachable'
}
